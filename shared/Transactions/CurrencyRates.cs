using System.Globalization;

namespace ServerlessCLM.Transactions;

/// <summary>
/// Brings payments to the customer's currency, which is that of their first payment. Amounts of different currencies are
/// never added up: without a rate the payment is rejected.
/// </summary>
public sealed class CurrencyRates(IReadOnlyDictionary<string, decimal> rates)
{
    /// <summary>Converts a payment in place.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="to">The customer's currency as in <see cref="Payment.Currency"/>; 0 while there is none.</param>
    /// <returns>Why it cannot be converted (the payment is not to be used then); null when it is in the customer's currency now.</returns>
    public Rejection? Convert(ref Payment payment, uint to)
    {
        if (to == 0 || to == payment.Currency)
            return null;

        var (from, home) = (Code(payment.Currency), Code(to));
        if (!rates.TryGetValue($"{from}/{home}", out var rate))
            return new Rejection("data.currency", $"{from} is not the customer's currency {home}, and no rate Clm:Rates:{from}/{home} is configured");

        var tooLarge = Exchange(ref payment.Amount, rate) ? Exchange(ref payment.BalanceAfter, rate)
            ? Exchange(ref payment.CreditLimit, rate) ? null
            : "data.creditLimit" : "data.balanceAfter" : "data.amount";
        payment.Currency = to;
        return tooLarge is null ? null : new Rejection(tooLarge, $"is more than 1000000000000 {home} at the rate {rate} of Clm:Rates:{from}/{home}");
    }

    /// <summary>The three letters of a packed ISO 4217 code.</summary>
    public static string Code(uint currency) =>
        string.Create(CultureInfo.InvariantCulture, $"{(char)(currency & 0xFF)}{(char)((currency >> 8) & 0xFF)}{(char)((currency >> 16) & 0xFF)}");

    /// <returns>False, and nothing is changed, where the result is more than an amount may be.</returns>
    private static bool Exchange(ref long money, decimal rate)
    {
        if (money == Payment.NoMoney)
            return true;

        if (Math.Abs((double)money * (double)rate) > PaymentText.MaximumAmount)
            return false;

        money = (long)decimal.Round(money * rate, MidpointRounding.ToEven);
        return true;
    }
}
