using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Decisions;

/// <summary>
/// Forgets records of decisions, and what outcomes of them are held against, once they are older than the institution keeps them. It goes round all
/// customers once a day, a hash prefix at a time, and rests for a week when nothing comes of age within it. What goes is named by an entry of the audit chain in the same commit: the chain verifies as before, and a
/// record that is gone without such an entry is found to be missing.
/// </summary>
public sealed class DecisionRetention(CustomerStore store, Outbox outbox, CustomerTables tables, ProductOptions options, TimeProvider time)
{
    /// <summary>Kind of the audit entry that names what was forgotten.</summary>
    public const string Forgotten = "decisionsForgotten";

    /// <summary>Decisions forgotten by one commit: two rows each of the hundred that a transaction holds.</summary>
    public const int Batch = 30;

    private const int Prefixes = 256, Readers = 64;
    private const string Position = "decisions", Day = "Day", Next = "Next", Soon = "Soon";

    /// <summary>How far ahead a round looks. Less than the least time that records are kept: none that is made meanwhile comes of age.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(7);

    /// <summary>Goes on with the day's round from where it stopped, until enough customers were looked at or all were.</summary>
    /// <param name="most">Customers looked at, to the end of their prefix.</param>
    /// <param name="damaged">Told why a customer's records cannot be forgotten; the round goes on.</param>
    /// <param name="cancellation">Stops between commits; what is left waits for the next call.</param>
    /// <returns>Records forgotten.</returns>
    public async Task<int> GoOnAsync(int most, Action<string> damaged, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var known = await tables.Journeys.GetEntityIfExistsAsync<TableEntity>(Partition, Position, cancellationToken: cancellation);
        var (today, next, soon) = (now.UtcDateTime.Date, 0, false);
        if (known is { HasValue: true, Value: { } row })
        {
            var (day, position, found) = (DateTime.ParseExact(row.GetString(Day)!, "yyyyMMdd", CultureInfo.InvariantCulture), row.GetInt32(Next)!.Value, row.GetBoolean(Soon) ?? true);
            if (position == Prefixes && !found && today < day + Ahead)
                return 0;
            if (day == today)
                (next, soon) = (position, found);
        }

        var (looked, forgotten) = (0, 0);
        for (; next < Prefixes && looked < most; next++)
        {
            var troubles = new ConcurrentQueue<string>();
            await Parallel.ForEachAsync(store.ListAsync((byte)next, cancellation),
                new ParallelOptions { MaxDegreeOfParallelism = Math.Min(Readers, options.CommitConcurrency), CancellationToken = cancellation }, async (customer, token) =>
                {
                    Interlocked.Increment(ref looked);
                    try
                    {
                        var (gone, others) = await ForgetAsync(customer, now - options.KeepDecisions, token);
                        Interlocked.Add(ref forgotten, gone);
                        if (others)
                            Volatile.Write(ref soon, true);
                    }
                    catch (InvalidDataException unreadable)
                    {
                        Volatile.Write(ref soon, true);
                        troubles.Enqueue(unreadable.Message);
                    }
                });
            foreach (var trouble in troubles)
                damaged(trouble);

            await tables.Journeys.UpsertEntityAsync(new TableEntity(Partition, Position)
            {
                [Day] = today.ToString("yyyyMMdd", CultureInfo.InvariantCulture), [Next] = next + 1, [Soon] = soon,
            }, TableUpdateMode.Replace, cancellation);
        }

        return forgotten;
    }

    /// <summary>Forgets a customer's records of decisions that were made before an instant.</summary>
    /// <returns>How many, and whether others come of age soon.</returns>
    /// <exception cref="InvalidDataException">One of them cannot be read: it is evidence until somebody has looked into it.</exception>
    private async Task<(int Forgotten, bool Soon)> ForgetAsync(CustomerId customer, DateTimeOffset before, CancellationToken cancellation)
    {
        var forgotten = 0;
        var rows = await store.ListRowsAsync(customer, CustomerRows.DecisionPrefix, before + Ahead, cancellation);
        foreach (var chunk in rows.Where(row => row.Written < before).Select(row => row.Row).Chunk(Batch))
        {
            var ids = chunk.Select(row => row[CustomerRows.DecisionPrefix.Length..]).ToList();
            var commit = await store.UpdateAsync(customer, session => Forget(session, ids, before), cancellation,
                [CustomerRows.Decisions, .. chunk, .. ids.Select(CustomerRows.DecisionOutcomes)]);
            forgotten += commit.Result;
            if (commit.Outbox is { } entry)
                await outbox.DispatchAsync([entry], cancellation);
        }

        return (forgotten, rows.Count > forgotten);
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
