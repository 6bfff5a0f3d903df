using ServerlessCLM.Customers;
using ServerlessCLM.Telemetry;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Scoring;

/// <summary>Takes a batch of outcomes, profiles and lifecycle events from the stream, each customer committed once.</summary>
public sealed class EventIngestion(CustomerStore store, Outbox outbox, DeadLetters deadLetters, CardNumbers cards, ProductOptions options)
{
    /// <returns>How many were counted, delivered again, repeated, set aside or about erased customers.</returns>
    public async Task<ScoringSummary> IngestAsync(string hub, string partition, IReadOnlyList<EventData> events, CancellationToken cancellation)
    {
        var groups = new Dictionary<CustomerId, List<(CustomerEvent Event, EventData Data)>>();
        var rejected = new List<DeadLetter>();
        foreach (var data in events)
        {
            var body = cards.Tokenise(data.EventBody.ToMemory());
            if (!CustomerEvent.TryParse(body.Span, data.EnqueuedTime.ToUnixTimeMilliseconds(), out var read, out var rejection))
                rejected.Add(new DeadLetter(hub, DeadLetter.IdOf(partition, data.SequenceNumber), data.EnqueuedTime, rejection, body));
            else if (groups.TryGetValue(read!.Customer, out var group))
                group.Add((read, data));
            else
                groups[read.Customer] = [(read, data)];
        }

        await deadLetters.AddAsync(rejected, cancellation);
        var stream = AppliedEvents.Stream(hub, partition, options.StreamEpoch);
        var summary = new ScoringSummary { Rejected = rejected.Count };
        var entries = new List<OutboxEntry>();
        var gate = new Lock();
        await Parallel.ForEachAsync(groups, new ParallelOptions { MaxDegreeOfParallelism = options.CommitConcurrency, CancellationToken = cancellation },
            async (group, token) =>
            {
                var setAside = new HashSet<long>();
                for (var next = 0; next < group.Value.Count;)
                {
                    var from = next;
                    var commit = await store.UpdateAsync(group.Key, session => Apply(session, stream, group.Value, from, setAside), token, Needed(group.Value));
                    var step = commit.Result;
                    if (step.Rejection is { } rejection)
                    {
                        // Nothing was committed: first the dead letter, then the commit that passes over it.
                        var data = group.Value[step.Next].Data;
                        await deadLetters.AddAsync(new DeadLetter(
                            hub, DeadLetter.IdOf(partition, data.SequenceNumber), data.EnqueuedTime, rejection, data.EventBody.ToMemory()), token);
                        setAside.Add(data.SequenceNumber);
                        continue;
                    }

                    next = step.Next;
                    lock (gate)
                    {
                        summary += step.Summary;
                        if (commit.Outbox is { } entry)
                            entries.Add(entry);
                    }
                }
            });
        await outbox.DispatchAsync(entries, cancellation);
        ProductMetrics.Ingested(summary);
        return summary;
    }

    private static string[] Needed(List<(CustomerEvent Event, EventData Data)> events) =>
        [.. events.SelectMany(item => item.Event.Rows).Distinct(StringComparer.Ordinal)];

    private static Step Apply(
        CustomerSession session, ulong stream, List<(CustomerEvent Event, EventData Data)> events, int from, HashSet<long> setAside)
    {
        if (session.Erased is not null)
            return new Step(events.Count, new ScoringSummary { Erased = events.Count - from }, null);

        var state = new CustomerState();
        state.Read(session.Block.Span);
        var summary = default(ScoringSummary);
        var next = from;
        for (; next < events.Count && session.HasRoom; next++)
        {
            var (happened, data) = events[next];
            if (setAside.Contains(data.SequenceNumber))
            {
                summary += state.Applied.Pass(stream, data.SequenceNumber) ? new ScoringSummary { Rejected = 1 } : new ScoringSummary { Redelivered = 1 };
                session.Changed = true;
                continue;
            }

            switch (state.Applied.Accept(stream, data.SequenceNumber, happened.Digest, data.EnqueuedTime.ToUnixTimeMilliseconds()))
            {
                case Delivery.Redelivered:
                    summary += new ScoringSummary { Redelivered = 1 };
                    break;
                case Delivery.Repeated:
                    summary += new ScoringSummary { Repeated = 1 };
                    session.Changed = true;
                    break;
                default:
                    session.Cause = data;
                    if (happened.Apply(session) is { } rejection)
                    {
                        session.Changed = false;
                        return new Step(next, default, rejection);
                    }

                    summary += new ScoringSummary { Counted = 1, Signals = happened is LifecycleEvent or DebtEvent ? 1 : 0 };
                    break;
            }
        }

        if (session.Changed)
            session.PutBlock(state.ToBlock());
        return new Step(next, summary, null);
    }

    /// <summary>How far one commit came, or the event that has to be set aside first.</summary>
    private readonly record struct Step(int Next, ScoringSummary Summary, Rejection? Rejection);
}
