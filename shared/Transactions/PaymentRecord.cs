namespace ServerlessCLM.Transactions;

/// <summary>One payment as people and adapters write it, before it becomes an event.</summary>
public sealed record PaymentRecord
{
    /// <summary>Where the event comes from; with <see cref="Id"/> it identifies the event.</summary>
    public required string Source { get; init; }

    public required string Id { get; init; }

    /// <summary>1–128 characters of A–Z a–z 0–9 . _ ~ : @ -</summary>
    public required string Customer { get; init; }

    /// <summary>When it happened; the offset tells the local time at the place.</summary>
    public required DateTimeOffset Time { get; init; }

    public required string AccountId { get; init; }

    /// <summary>Signed, in units of the currency, at most four decimals; negative when money leaves the customer.</summary>
    public required decimal Amount { get; init; }

    /// <summary>ISO 4217, three capital letters.</summary>
    public required string Currency { get; init; }

    public required PaymentKind Kind { get; init; }

    public PaymentStatus Status { get; init; }

    /// <summary>ISO 8583 response code of a decline, ISO 20022 reason of a return.</summary>
    public string? Reason { get; init; }

    /// <summary>ISO 18245 merchant category, four digits.</summary>
    public string? Mcc { get; init; }

    public string? Merchant { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string? Country { get; init; }

    public decimal? BalanceAfter { get; init; }

    public decimal? CreditLimit { get; init; }

    /// <summary>When the obligation that this pays fell due.</summary>
    public DateOnly? DueDate { get; init; }
}
