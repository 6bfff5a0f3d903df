using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Features;

/// <summary>Payments for tests: days count from 2026-01-01, amounts are in currency units.</summary>
internal static class Payments
{
    /// <summary>2026-01-01, a Thursday.</summary>
    public const int Epoch = 20_454;

    public const long Day = 86_400_000, Hour = 3_600_000;

    public static long At(double day) => Epoch * Day + (long)Math.Round(day * Day);

    public static Payment Of(double day, decimal amount, PaymentKind kind = PaymentKind.Card) => new()
    {
        EventDigest = (ulong)(At(day) ^ (long)(amount * 100) ^ ((int)kind << 20)),
        Time = At(day),
        Amount = (long)(amount * Payment.MoneyScale),
        BalanceAfter = Payment.NoMoney,
        CreditLimit = Payment.NoMoney,
        Kind = kind,
        Currency = 'E' | ('U' << 8) | ('R' << 16),
        Group = ContentGroup.Groceries,
    };

    public static Payment WithBalance(this Payment payment, decimal balance, decimal? limit = null)
    {
        payment.BalanceAfter = (long)(balance * Payment.MoneyScale);
        payment.CreditLimit = limit is { } given ? (long)(given * Payment.MoneyScale) : Payment.NoMoney;
        return payment;
    }

    public static Payment In(this Payment payment, ContentGroup group)
    {
        payment.Group = group;
        return payment;
    }

    public static Payment As(this Payment payment, PaymentStatus status)
    {
        payment.Status = status;
        return payment;
    }
}
