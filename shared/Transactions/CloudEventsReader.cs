using System.Text.Json;

namespace ServerlessCLM.Transactions;

/// <summary>Payment events as CloudEvents JSON in a file: one per line, an array, or a single one.</summary>
public sealed class CloudEventsReader(string path, TimeProvider clock) : IPaymentSource
{
    private readonly SourceFile file = new(path);

    public long TotalBytes => file.Length;

    public long BytesRead => file.BytesRead;

    public IEnumerable<SourceEntry> Read() => file.Read(stream => Read(stream, clock));

    /// <summary>Reads the events of a stream.</summary>
    public static IEnumerable<SourceEntry> Read(Stream stream, TimeProvider clock)
    {
        foreach (var document in JsonDocuments.Read(stream))
        {
            yield return TryRead(document.Utf8, clock.GetUtcNow().ToUnixTimeMilliseconds(), out var payment, out var rejection)
                ? SourceEntry.Of(document.Line, payment)
                : new SourceEntry(document.Line, null, rejection);
        }
    }

    /// <summary>One event as a record, under the same rules as <see cref="PaymentParser"/>.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> utf8, long now, out PaymentRecord payment, out Rejection rejection)
    {
        payment = null!;
        if (!PaymentParser.TryParse(utf8.Span, now, out var parsed, out rejection))
            return false;
        using var json = JsonDocument.Parse(utf8);
        var data = json.RootElement.GetProperty("data"u8);
        payment = new PaymentRecord
        {
            Source = Text(json.RootElement, "source")!,
            Id = Text(json.RootElement, "id")!,
            Customer = Text(json.RootElement, "subject")!,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(parsed.Time).ToOffset(TimeSpan.FromMinutes(parsed.OffsetMinutes)),
            AccountId = Text(data, "accountId")!,
            Amount = Units(parsed.Amount),
            Currency = Text(data, "currency")!,
            Kind = parsed.Kind,
            Status = parsed.Status,
            Reason = Text(data, "reason"),
            Mcc = Text(data, "mcc"),
            Merchant = Text(data, "merchant"),
            Country = Text(data, "country"),
            BalanceAfter = parsed.BalanceAfter == Payment.NoMoney ? null : Units(parsed.BalanceAfter),
            CreditLimit = parsed.CreditLimit == Payment.NoMoney ? null : Units(parsed.CreditLimit),
            DueDate = parsed.DueDay == 0 ? null : DateOnly.FromDayNumber(PaymentText.Epoch + parsed.DueDay),
        };
        return true;
    }

    private static decimal Units(long tenThousandths) => new decimal(tenThousandths) / Payment.MoneyScale;

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
