using System.Runtime.InteropServices;

namespace ServerlessCLM.Transactions;

/// <summary>What moved the money. The order is part of the stored state: append, never reorder.</summary>
public enum PaymentKind : byte
{
    Card, Transfer, DirectDebit, StandingOrder, Salary, Cash, Fee, Interest, LoanPayment, Refund, Other,
}

/// <summary>What became of the payment.</summary>
public enum PaymentStatus : byte { Booked, Pending, Declined, Returned }

/// <summary>
/// One payment event, parsed from UTF-8 without allocating: numbers and digests, and the places in the source
/// where its texts stand.
/// </summary>
/// <remarks>Money is in ten-thousandths of the currency's unit (<see cref="MoneyScale"/>), so that sums are exact and
/// do not depend on the order in which events arrive.</remarks>
[StructLayout(LayoutKind.Auto)]
public struct Payment
{
    /// <summary>Ten-thousandths in one unit of a currency.</summary>
    public const long MoneyScale = 10_000;

    /// <summary>The value of an amount that the event does not carry.</summary>
    public const long NoMoney = long.MinValue;

    /// <summary>Digest of the CloudEvents pair (source, id), which identifies the event.</summary>
    public ulong EventDigest;

    /// <summary>When it happened: milliseconds since 1970-01-01 UTC.</summary>
    public long Time;

    /// <summary>Signed amount in ten-thousandths; negative when money leaves the customer.</summary>
    public long Amount;

    /// <summary>Account balance after the payment, or <see cref="NoMoney"/>.</summary>
    public long BalanceAfter;

    /// <summary>Credit limit of the account, or <see cref="NoMoney"/>.</summary>
    public long CreditLimit;

    /// <summary>Digest of the account id.</summary>
    public ulong Account;

    /// <summary>Digest of the merchant's name, 0 without one.</summary>
    public ulong Merchant;

    /// <summary>Reason of a decline or return, up to eight ASCII characters, first character in the low byte; 0 without one.</summary>
    public ulong Reason;

    /// <summary>ISO 4217 code, first letter in the low byte.</summary>
    public uint Currency;

    /// <summary>ISO 3166-1 alpha-2 code, first letter in the low byte; 0 without one.</summary>
    public ushort Country;

    /// <summary>Merchant category code (ISO 18245), 0 without one.</summary>
    public ushort MerchantCategory;

    /// <summary>Due date of the obligation it pays, in days since 1970-01-01; 0 without one.</summary>
    public ushort DueDay;

    /// <summary>Minutes east of UTC at the event's place, from its time's offset; 0 for UTC.</summary>
    public short OffsetMinutes;

    public PaymentKind Kind;

    public PaymentStatus Status;

    /// <summary>Content group of the merchant category or of the kind.</summary>
    public ContentGroup Group;

    /// <summary>Where the customer id stands in the source bytes.</summary>
    public TextSpan Subject;

    /// <summary>Where the event id stands in the source bytes.</summary>
    public TextSpan Id;
}

/// <summary>A stretch of the source bytes: start and length.</summary>
public readonly record struct TextSpan(int Start, int Length)
{
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> source) => source.Slice(Start, Length);
}
