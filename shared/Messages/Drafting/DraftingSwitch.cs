using ServerlessCLM.Customers;

namespace ServerlessCLM.Messages.Drafting;

/// <summary>Whether a language model may write at all. One row that every instance reads again after half a second.</summary>
public sealed class DraftingSwitch(CustomerTables tables, ProductOptions product, TimeProvider time)
{
    private const string Row = "drafting", Off = "Off", By = "By", At = "At";

    private static readonly TimeSpan Trusted = TimeSpan.FromMilliseconds(500);

    private volatile Seen? _seen;

    public async Task<bool> IsOnAsync(CancellationToken cancellation)
    {
        var now = time.GetTimestamp();
        if (_seen is { } seen && time.GetElapsedTime(seen.At, now) < Trusted)
            return seen.On;

        var found = await tables.Budgets.GetEntityIfExistsAsync<TableEntity>(Partition, Row, cancellationToken: cancellation);
        var on = found is not { HasValue: true, Value: { } entity } || entity.GetBoolean(Off) is not true;
        _seen = new Seen(on, now);
        return on;
    }

    /// <summary>Turns it, and keeps who did and when.</summary>
    public async Task TurnAsync(bool on, string by, CancellationToken cancellation)
    {
        await tables.Budgets.UpsertEntityAsync(
            new TableEntity(Partition, Row) { [Off] = !on, [By] = by, [At] = time.GetUtcNow() }, TableUpdateMode.Replace, cancellation);
        _seen = null;
    }

    private string Partition => $"{product.Tenant}|switches";

    private sealed record Seen(bool On, long At);
}
