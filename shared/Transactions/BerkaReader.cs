using System.Globalization;

namespace ServerlessCLM.Transactions;

/// <summary>The transactions of the Berka tables (PKDD'99): a Czech bank, 1993–98, from <c>trans.csv</c> in a folder.</summary>
/// <remarks>
/// One customer per account, <c>berka-ACCOUNT</c>. Payments come in order of their days; within a day each account's payments are
/// put into the order that their balances tell, as far as they tell one, and stand a second apart from noon UTC on.
/// The table is read whole, since its rows are not in order.
/// </remarks>
public sealed class BerkaReader(string folder) : IPaymentSource
{
    private readonly SourceFile file = SourceFile.In(folder, "trans.csv");

    public long TotalBytes => file.Length;

    public long BytesRead => file.BytesRead;

    public IEnumerable<SourceEntry> Read()
    {
        var rows = new List<Row>();
        foreach (var entry in CsvTable.Read(
            file, "trans_id", "account_id", "date", "type", "operation", "amount", "balance", "k_symbol", "bank", "account"))
        {
            if (TryRead(entry, rows.Count, out var row, out var rejection))
                rows.Add(row);
            else
                yield return rejection;
        }

        foreach (var days in rows.GroupBy(row => row.Account).Select(account => account.GroupBy(row => row.Day).OrderBy(day => day.Key)))
            OrderByBalance(days);
        rows.Sort((a, b) => (a.Day, a.OrderInDay, a.Ordinal).CompareTo((b.Day, b.OrderInDay, b.Ordinal)));
        foreach (var row in rows)
            yield return SourceEntry.Of(row.Line, row.ToPayment());
    }

    private sealed record Row(
        long Line, int Ordinal, string Id, string Account, DateOnly Day, decimal Amount, decimal Balance, PaymentKind Kind,
        string? Mcc, string? Counterparty)
    {
        public int OrderInDay { get; set; }

        public PaymentRecord ToPayment() => new()
        {
            Source = "/berka",
            Id = Id,
            Customer = "berka-" + Account,
            Time = new DateTimeOffset(Day, new TimeOnly(12, 0), TimeSpan.Zero).AddSeconds(OrderInDay),
            AccountId = Account,
            Amount = Amount,
            Currency = "CZK",
            Kind = Kind,
            Mcc = Mcc,
            Merchant = Counterparty,
            Country = "CZ",
            BalanceAfter = Balance,
        };
    }

    /// <summary>The published amounts are rounded: a balance can be off by a tenth.</summary>
    internal const decimal Rounding = 0.15m;

    /// <summary>Takes, again and again, the payment of the day that leads from the last balance to its own, or else the first.</summary>
    private static void OrderByBalance(IEnumerable<IGrouping<DateOnly, Row>> days)
    {
        decimal balance = 0;
        foreach (var day in days)
        {
            var left = day.ToList();
            for (var order = 0; left.Count > 0; order++)
            {
                var nearest = left.MinBy(row => Math.Abs(balance + row.Amount - row.Balance))!;
                var next = Math.Abs(balance + nearest.Amount - nearest.Balance) <= Rounding ? nearest : left[0];
                next.OrderInDay = order;
                balance = next.Balance;
                left.Remove(next);
            }
        }
    }

    private static bool TryRead(CsvTable.Row source, int ordinal, out Row row, out SourceEntry rejection)
    {
        row = null!;
        if (!source.IsWhole)
            return Reject(source, "$", "must have as many fields as the header", out rejection);
        var fields = source.Fields;
        if (fields[0].Length == 0)
            return Reject(source, "trans_id", "is required", out rejection);
        if (!int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return Reject(source, "account_id", "must be a whole number", out rejection);
        if (!DateOnly.TryParseExact("19" + fields[2], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return Reject(source, "date", "must be a date yymmdd of the twentieth century", out rejection);
        if (fields[3] is not ("PRIJEM" or "VYDAJ" or "VYBER"))
            return Reject(source, "type", "must be PRIJEM, VYDAJ or VYBER", out rejection);
        if (!SourceText.TryMoney(fields[5], out var amount) || amount < 0)
            return Reject(source, "amount", "must be a number, not negative, with at most four decimals", out rejection);
        if (!SourceText.TryMoney(fields[6], out var balance))
            return Reject(source, "balance", "must be a number with at most four decimals", out rejection);
        if (KindOf(fields[7].Trim(), fields[4].Trim()) is not var (kind, mcc))
            return Reject(source, "k_symbol", $"{fields[7]} with operation {fields[4]} is not known", out rejection);
        var signed = string.Equals(fields[3], "PRIJEM", StringComparison.Ordinal) ? amount : -amount;
        var counterparty = fields[9].Trim() is { Length: > 0 } account and not ("0" or "0.0")
            ? $"{fields[8].Trim()} {account.Split('.')[0]}".Trim()
            : null;
        row = new Row(source.Line, ordinal, fields[0], fields[1], day, signed, balance, kind, mcc, counterparty);
        rejection = default;
        return true;
    }

    /// <summary>Household payments (SIPO: rent, power, radio) get the category of utilities; insurance gets that of insurers.</summary>
    private static (PaymentKind Kind, string? Mcc)? KindOf(string symbol, string operation) => (symbol, operation) switch
    {
        ("UROK" or "SANKC. UROK", _) => (PaymentKind.Interest, null),
        ("SLUZBY", _) => (PaymentKind.Fee, null),
        ("DUCHOD", _) => (PaymentKind.Salary, null),
        ("UVER", _) => (PaymentKind.LoanPayment, null),
        ("SIPO", "VYBER") => (PaymentKind.Cash, "4900"),
        ("SIPO", _) => (PaymentKind.StandingOrder, "4900"),
        ("POJISTNE", _) => (PaymentKind.StandingOrder, "6300"),
        ("", "VYBER KARTOU") => (PaymentKind.Card, null),
        ("", "VKLAD" or "VYBER") => (PaymentKind.Cash, null),
        ("", "PREVOD Z UCTU" or "PREVOD NA UCET") => (PaymentKind.Transfer, null),
        ("", "") => (PaymentKind.Other, null),
        _ => null,
    };

    private static bool Reject(CsvTable.Row row, string field, string reason, out SourceEntry rejection)
    {
        rejection = SourceEntry.Rejected(row.Line, field, reason);
        return false;
    }
}
