using System.Text;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Customers;

/// <summary>Effects committed with a customer and not yet known to be sent.</summary>
/// <param name="Customer">Whose commit.</param>
/// <param name="Id">Id of the outbox row.</param>
/// <param name="Effects">What is to be sent.</param>
/// <param name="IntentKey">The intent that announced them.</param>
/// <param name="StaleIntents">Intents of attempts that lost to another worker.</param>
public sealed record OutboxEntry(CustomerId Customer, string Id, IReadOnlyList<Effect> Effects, string IntentKey, IReadOnlyList<string> StaleIntents);

/// <summary>
/// Sends the effects of commits, then clears their rows and intents, in this order: a crash in between sends again, under the
/// same ids.
/// </summary>
public sealed class Outbox(CustomerTables tables, EventStreams streams, IntentIndex intents, CustomerStore store, ProductOptions options, TimeProvider time)
{
    /// <summary>A customer's first commit has no state to fence it off by; its intent is kept until no worker can still be at it.</summary>
    private static readonly TimeSpan FirstCommitPatience = TimeSpan.FromDays(1);

    /// <summary>Sends effects of many commits with few sends.</summary>
    public async Task DispatchAsync(IReadOnlyCollection<OutboxEntry> entries, CancellationToken cancellation)
    {
        if (entries.Count == 0)
            return;

        // In order of customers, a customer's own as committed: what is sent does not show which commit was faster.
        foreach (var stream in entries.OrderBy(entry => entry.Customer.Value, StringComparer.Ordinal)
            .SelectMany(entry => entry.Effects, (entry, effect) => (entry.Customer, effect))
            .GroupBy(item => item.effect.Stream))
        {
            List<OutgoingEvent> events = [.. stream.Select(item => new OutgoingEvent(item.Customer.Value, Encoding.UTF8.GetBytes(item.effect.Body), item.effect.Trace))];
            await streams[stream.Key].WriteAsync(events, cancellation);
            ProductMetrics.Sent(stream.Key, events.Count);
        }

        await Parallel.ForEachAsync(entries, new ParallelOptions { MaxDegreeOfParallelism = Math.Min(64, options.CommitConcurrency), CancellationToken = cancellation },
            async (entry, token) => await CustomerTables.DeleteAsync(
                tables.Of(entry.Customer), entry.Customer.PartitionKey(options.Tenant), CustomerRows.Outbox(entry.Id), token));
        await intents.ClearAsync(entries.SelectMany(entry => entry.StaleIntents.Append(entry.IntentKey)), cancellation);
    }

    /// <summary>Finishes what a crash left behind.</summary>
    /// <returns>How many commits had effects that were still to be sent.</returns>
    /// <exception cref="AggregateException">Some could not be finished; all others have been, and these are tried again.</exception>
    public async Task<int> RelayAsync(CancellationToken cancellation)
    {
        var sent = 0;
        var failures = new List<Exception>();
        await foreach (var intent in intents.OverdueAsync(cancellation))
        {
            try
            {
                sent += await RelayAsync(intent, cancellation) ? 1 : 0;
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                // One customer whose row is damaged must not hold back the signals of all others.
                failures.Add(new InvalidOperationException($"outbox row {intent.OutboxId}: {failure.Message}", failure));
            }
        }

        ProductMetrics.Relayed(sent);
        return failures.Count == 0 ? sent : throw new AggregateException(failures);
    }

    private async Task<bool> RelayAsync(Intent intent, CancellationToken cancellation)
    {
        // Committing the state, unchanged, fences off a worker that announced the intent and has been slow since:
        // its commit now fails on the ETag, and its next attempt announces itself anew.
        var row = CustomerRows.Outbox(intent.OutboxId);
        var pending = await store.UpdateAsync(intent.Customer, session =>
        {
            session.Changed = session.Erased is null && session.Exists;
            return (session.Exists, Effects: session.Get(row, CustomersJson.Default.EffectArray));
        }, cancellation, row);
        if (pending.Result.Effects is { } effects)
        {
            await DispatchAsync([new OutboxEntry(intent.Customer, intent.OutboxId, effects, intent.Key, [])], cancellation);
            return true;
        }

        if (pending.Result.Exists || intent.At < time.GetUtcNow() - FirstCommitPatience)
            await intents.ClearAsync([intent.Key], cancellation);
        return false;
    }
}
