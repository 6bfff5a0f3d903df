using System.Numerics;

namespace ServerlessCLM.Transactions;

internal ref partial struct EventReader
{
    private enum Member
    {
        AccountId, Amount, Currency, Kind, Status, Reason, Mcc, Merchant, Country, BalanceAfter, CreditLimit, DueDate, Unknown,
    }

    private static readonly string[] memberFields =
    [
        "data.accountId", "data.amount", "data.currency", "data.kind", "data.status", "data.reason", "data.mcc",
        "data.merchant", "data.country", "data.balanceAfter", "data.creditLimit", "data.dueDate",
    ];

    private const uint RequiredMembers = (1u << (int)Member.AccountId) | (1u << (int)Member.Amount)
        | (1u << (int)Member.Currency) | (1u << (int)Member.Kind) | (1u << (int)Member.Status);

    private bool TryReadPayment(ref Payment payment)
    {
        payment.BalanceAfter = payment.CreditLimit = Payment.NoMoney;
        if (!json.TryTake((byte)'{'))
            return Reject("data", json.TryTakeNull() ? Required : BadData);

        uint seen = 0, absent = 0;
        var first = true;
        Turn turn;
        while ((turn = NextKnown(inData: true, ref first, ref seen, out var index, out var field)) == Turn.Known)
        {
            if (json.TryTakeNull())
            {
                absent |= 1u << index;
                continue;
            }

            if (!TryReadMember((Member)index, field, ref payment))
                return false;
        }

        if (turn == Turn.Failed)
            return false;
        var missing = RequiredMembers & ~(seen & ~absent);
        if (missing != 0)
            return Reject(memberFields[BitOperations.TrailingZeroCount(missing)], Required);
        return payment.Reason != 0 || payment.Status is PaymentStatus.Booked or PaymentStatus.Pending
            || Reject("data.reason", payment.Status == PaymentStatus.Declined
                ? "is required for a declined payment: an ISO 8583 response code such as \"51\""
                : "is required for a returned payment: an ISO 20022 code such as \"AM04\"");
    }

    private static Member MemberOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        3 when name.SequenceEqual("mcc"u8) => Member.Mcc,
        4 when name.SequenceEqual("kind"u8) => Member.Kind,
        6 when name.SequenceEqual("amount"u8) => Member.Amount,
        6 when name.SequenceEqual("status"u8) => Member.Status,
        6 when name.SequenceEqual("reason"u8) => Member.Reason,
        7 when name.SequenceEqual("country"u8) => Member.Country,
        7 when name.SequenceEqual("dueDate"u8) => Member.DueDate,
        8 when name.SequenceEqual("currency"u8) => Member.Currency,
        8 when name.SequenceEqual("merchant"u8) => Member.Merchant,
        9 when name.SequenceEqual("accountId"u8) => Member.AccountId,
        11 when name.SequenceEqual("creditLimit"u8) => Member.CreditLimit,
        12 when name.SequenceEqual("balanceAfter"u8) => Member.BalanceAfter,
        _ => Member.Unknown,
    };

    private bool TryReadMember(Member member, string field, ref Payment payment)
    {
        switch (member)
        {
            case Member.Amount:
                return TryReadMoney(field, out payment.Amount);
            case Member.BalanceAfter:
                return TryReadMoney(field, out payment.BalanceAfter);
            case Member.CreditLimit:
                return TryReadMoney(field, out payment.CreditLimit)
                    && (payment.CreditLimit >= 0 || Reject(field, "must not be negative"));
            default:
                return TryReadText(field, out var text) && TryTakeText(member, field, text, ref payment);
        }
    }

    private bool TryTakeText(Member member, string field, ReadOnlySpan<byte> text, ref Payment payment)
    {
        switch (member)
        {
            case Member.AccountId:
                payment.Account = Digest64.Of(text);
                return IsKey(text) || Reject(field, BadText);
            case Member.Merchant:
                payment.Merchant = Digest64.Of(text);
                return IsKey(text) || Reject(field, BadText);
            case Member.Currency:
                return PaymentText.TryReadLetters(text, 3, out payment.Currency)
                    || Reject(field, "must be an ISO 4217 code of three letters A–Z, such as \"EUR\"");
            case Member.Country:
                var isCountry = PaymentText.TryReadLetters(text, 2, out var letters);
                payment.Country = (ushort)letters;
                return isCountry || Reject(field, "must be an ISO 3166-1 code of two letters A–Z, such as \"DE\"");
            case Member.Kind:
                return PaymentText.TryReadKind(text, out payment.Kind) || Reject(field, "must be one of card, transfer, "
                    + "directDebit, standingOrder, salary, cash, fee, interest, loanPayment, refund, other");
            case Member.Status:
                return PaymentText.TryReadStatus(text, out payment.Status)
                    || Reject(field, "must be one of booked, pending, declined, returned");
            case Member.Reason:
                return PaymentText.TryReadReason(text, out payment.Reason)
                    || Reject(field, "must be one to eight letters A–Z a–z or digits, such as \"51\" or \"AM04\"");
            case Member.Mcc:
                return PaymentText.TryReadCategory(text, out payment.MerchantCategory)
                    || Reject(field, "must be an ISO 18245 code of four digits in a text, such as \"5411\"");
            default:
                var isDay = PaymentText.TryReadDay(text, out var day) && day is > 0 and <= ushort.MaxValue;
                payment.DueDay = (ushort)day;
                return isDay || Reject(field, "must be a date YYYY-MM-DD from 1970-01-02 to 2149-06-06");
        }
    }

    private bool TryReadMoney(string field, out long tenThousandths)
    {
        tenThousandths = 0;
        if (json.Peek() is not ((byte)'-' or (>= (byte)'0' and <= (byte)'9')))
            return Reject(field, "must be a JSON number, not a text");
        if (!json.TryReadNumber(out var number))
            return Reject("$", NotJson);
        return PaymentText.ReadMoney(number, out tenThousandths) switch
        {
            PaymentText.Money.Exact => true,
            PaymentText.Money.TooManyDecimals => Reject(field, "must be a number with at most four decimals"),
            _ => Reject(field, "must lie between -1000000000000 and 1000000000000"),
        };
    }
}
