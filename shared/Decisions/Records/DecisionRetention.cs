using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Decisions;

/// <summary>
/// Forgets records of decisions, and what outcomes of them are held against, once they are older than the institution keeps them. It goes round all
/// customers once a day, a hash prefix at a time. What goes is named by an entry of the audit chain in the same commit: the chain verifies as before, and a
/// record that is gone without such an entry is found to be missing.
/// </summary>
public sealed class DecisionRetention(CustomerStore store, Outbox outbox, CustomerTables tables, ProductOptions options, TimeProvider time)
{
    /// <summary>Kind of the audit entry that names what was forgotten.</summary>
    public const string Forgotten = "decisionsForgotten";

    /// <summary>Decisions forgotten by one commit: two rows each of the hundred that a transaction holds.</summary>
    public const int Batch = 30;

    private const int Prefixes = 256;
    private const string Position = "decisions", Day = "Day", Next = "Next";

    /// <summary>Goes on with the day's round from where it stopped, until enough customers were looked at or all were.</summary>
    /// <param name="most">Customers looked at, to the end of their prefix.</param>
    /// <param name="damaged">Told why a customer's records cannot be forgotten; the round goes on.</param>
    /// <param name="cancellation">Stops between commits; what is left waits for the next call.</param>
    /// <returns>Records forgotten.</returns>
    public async Task<int> GoOnAsync(int most, Action<string> damaged, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var today = string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd}");
        var known = await tables.Journeys.GetEntityIfExistsAsync<TableEntity>(Partition, Position, cancellationToken: cancellation);
        var next = known is { HasValue: true, Value: { } row } && row.GetString(Day) == today ? row.GetInt32(Next)!.Value : 0;
        var (looked, forgotten) = (0, 0);
        for (; next < Prefixes && looked < most; next++)
        {
            await foreach (var customer in store.ListAsync((byte)next, cancellation))
            {
                looked++;
                try
                {
                    forgotten += await ForgetAsync(customer, now - options.KeepDecisions, cancellation);
                }
                catch (InvalidDataException unreadable)
                {
                    damaged(unreadable.Message);
                }
            }

            await tables.Journeys.UpsertEntityAsync(new TableEntity(Partition, Position) { [Day] = today, [Next] = next + 1 }, TableUpdateMode.Replace, cancellation);
        }

        return forgotten;
    }

    /// <summary>Forgets a customer's records of decisions that were made before an instant.</summary>
    /// <exception cref="InvalidDataException">One of them cannot be read: it is evidence until somebody has looked into it.</exception>
    private async Task<int> ForgetAsync(CustomerId customer, DateTimeOffset before, CancellationToken cancellation)
    {
        var forgotten = 0;
        foreach (var chunk in (await store.ListRowsAsync(customer, CustomerRows.DecisionPrefix, before, cancellation)).Chunk(Batch))
        {
            var ids = chunk.Select(row => row[CustomerRows.DecisionPrefix.Length..]).ToList();
            var commit = await store.UpdateAsync(customer, session => Forget(session, ids, before), cancellation,
                [CustomerRows.Decisions, .. chunk, .. ids.Select(CustomerRows.DecisionOutcomes)]);
            forgotten += commit.Result;
            if (commit.Outbox is { } entry)
                await outbox.DispatchAsync([entry], cancellation);
        }

        return forgotten;
    }

    private int Forget(CustomerSession session, IReadOnlyList<string> ids, DateTimeOffset before)
    {
        if (session.Erased is not null)
            return 0;

        // The storage's clock says which could be old enough, the record which are.
        var old = ids.Where(id => session.GetBytes(CustomerRows.Decision(id)) is { IsEmpty: false } row && DecisionRecord.Read(row.Span).Inputs.Now < before).ToList();
        if (old.Count == 0)
            return 0;

        foreach (var id in old)
        {
            session.Delete(CustomerRows.Decision(id));
            session.Delete(CustomerRows.DecisionOutcomes(id));
        }

        var history = DecisionHistory.Of(session);
        if (history.Since(before) is var left && left != history)
            session.Put(CustomerRows.Decisions, left, CustomersJson.Default.DecisionHistory);
        session.Record(new AuditRecord(Forgotten, time.GetUtcNow(), new JsonObject
        {
            ["before"] = Instant.Text(before), ["kept"] = options.KeepDecisions.ToString("c", CultureInfo.InvariantCulture),
            ["decisions"] = new JsonArray([.. old.Select(id => (JsonNode)id)]),
        }));
        return old.Count;
    }

    private string Partition => $"{options.Tenant}|retention";
}
