using Microsoft.Extensions.ObjectPool;
using ServerlessCLM.Customers;
using ServerlessCLM.Features;
using ServerlessCLM.Models;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Scoring;

/// <summary>What became of the events of a batch.</summary>
/// <param name="Counted">Applied to their customers.</param>
/// <param name="TooLate">Of those, older than the longest window: they count in lifetime figures only.</param>
/// <param name="Redelivered">Delivered again by the stream: nothing changed.</param>
/// <param name="Repeated">Sent twice by the producer: nothing changed.</param>
/// <param name="Rejected">Set aside as dead letters.</param>
/// <param name="Erased">About customers who were erased: dropped, as they must be.</param>
/// <param name="Signals">Signals raised.</param>
public readonly record struct ScoringSummary(int Counted, int TooLate, int Redelivered, int Repeated, int Rejected, int Erased, int Signals)
{
    public static ScoringSummary operator +(ScoringSummary a, ScoringSummary b) => new(
        a.Counted + b.Counted, a.TooLate + b.TooLate, a.Redelivered + b.Redelivered, a.Repeated + b.Repeated,
        a.Rejected + b.Rejected, a.Erased + b.Erased, a.Signals + b.Signals);
}

/// <summary>
/// Scores a batch of payments from the stream: grouped by customer, each customer loaded and committed once, in the
/// order of the stream. What comes of an event depends on it and its predecessors alone, never on the batch it came in.
/// </summary>
public sealed class PaymentScoring(
    CustomerStore store, Outbox outbox, DeadLetters deadLetters, CardNumbers cards, LiveModels live, ProductOptions options)
{
    private readonly CurrencyRates _rates = new(options.Rates);
    private readonly ObjectPool<Workspace> _workspaces = new DefaultObjectPool<Workspace>(new DefaultPooledObjectPolicy<Workspace>(), 1024);

    /// <param name="hub">Name of the event hub.</param>
    /// <param name="partition">Its partition.</param>
    /// <param name="events">In the order of the stream.</param>
    /// <param name="cancellation">Stops between commits; the batch will be delivered again.</param>
    public async Task<ScoringSummary> ScoreAsync(string hub, string partition, IReadOnlyList<EventData> events, CancellationToken cancellation)
    {
        var groups = new Dictionary<string, List<StreamedPayment>>(CustomerNames.Comparer);
        var byName = groups.GetAlternateLookup<ReadOnlySpan<byte>>();
        var rejected = new List<DeadLetter>();
        foreach (var data in events)
        {
            // Producers other than our own edge may send card numbers; none is stored.
            var body = cards.Tokenise(data.EventBody.ToMemory());
            // The stream's clock, not ours: an event redelivered tomorrow is judged as it was today.
            var enqueued = data.EnqueuedTime.ToUnixTimeMilliseconds();
            if (!PaymentParser.TryParse(body.Span, enqueued, out var payment, out var rejection))
            {
                rejected.Add(new DeadLetter(hub, DeadLetter.IdOf(partition, data.SequenceNumber), data.EnqueuedTime, rejection, body));
                continue;
            }

            var name = payment.Subject.In(body.Span);
            if (!byName.TryGetValue(name, out var group))
                byName[name] = group = [];
            group.Add(new StreamedPayment(payment, data.SequenceNumber, enqueued, data));
        }

        await deadLetters.AddAsync(rejected, cancellation);
        var models = await live.GetAsync(cancellation);
        var summary = new ScoringSummary(0, 0, 0, 0, rejected.Count, 0, 0);
        var entries = new List<OutboxEntry>();
        var gate = new Lock();
        var source = new Source(hub, partition, AppliedEvents.Stream(hub, partition, options.StreamEpoch));
        await Parallel.ForEachAsync(groups, new ParallelOptions { MaxDegreeOfParallelism = options.CommitConcurrency, CancellationToken = cancellation },
            async (group, token) =>
            {
                var (mine, effects) = await ScoreCustomerAsync(source, CustomerId.Parse(group.Key), group.Value, models, token);
                lock (gate)
                {
                    summary += mine;
                    entries.AddRange(effects);
                }
            });
        await outbox.DispatchAsync(entries, cancellation);
        StreamMetrics.Count(summary);
        return summary;
    }

    private async Task<(ScoringSummary Summary, IReadOnlyList<OutboxEntry> Effects)> ScoreCustomerAsync(
        Source source, CustomerId customer, List<StreamedPayment> payments, ModelSet models, CancellationToken cancellation)
    {
        var summary = default(ScoringSummary);
        var effects = new List<OutboxEntry>();
        var setAside = new HashSet<long>();
        var next = 0;
        while (next < payments.Count)
        {
            var from = next;
            var commit = await store.UpdateAsync(customer, session => Apply(session, source, payments, from, setAside, models), cancellation);
            var step = commit.Result;
            if (step.Rejection is { } rejection)
            {
                // Nothing was committed: first the dead letter, then the commit that passes over it.
                var data = payments[step.Next].Data;
                await deadLetters.AddAsync(
                    new DeadLetter(source.Hub, DeadLetter.IdOf(source.Partition, data.SequenceNumber), data.EnqueuedTime, rejection, data.EventBody.ToMemory()),
                    cancellation);
                setAside.Add(data.SequenceNumber);
                continue;
            }

            summary += step.Summary;
            next = step.Next;
            if (commit.Outbox is { } entry)
                effects.Add(entry);
        }

        return (summary, effects);
    }

    /// <summary>Applies payments from an index on, as far as one commit holds. Pure: a conflict runs it again.</summary>
    private Step Apply(
        CustomerSession session, Source source, List<StreamedPayment> payments, int from, HashSet<long> setAside, ModelSet models)
    {
        if (session.Erased is not null)
            return new Step(payments.Count, new ScoringSummary { Erased = payments.Count - from }, null);

        var work = _workspaces.Get();
        try
        {
            work.State.Read(session.Block.Span);
            work.Models.Begin(models);
            var summary = default(ScoringSummary);
            var next = from;
            for (; next < payments.Count && session.HasRoom; next++)
            {
                var streamed = payments[next];
                var payment = streamed.Payment;
                if (setAside.Contains(streamed.Sequence))
                {
                    summary += work.State.Applied.Pass(source.Stream, streamed.Sequence)
                        ? new ScoringSummary { Rejected = 1 }
                        : new ScoringSummary { Redelivered = 1 };
                    session.Changed = true;
                    continue;
                }

                switch (work.State.Applied.Accept(source.Stream, streamed.Sequence, payment.EventDigest, streamed.Enqueued))
                {
                    case Delivery.Redelivered:
                        summary += new ScoringSummary { Redelivered = 1 };
                        continue;
                    case Delivery.Repeated:
                        summary += new ScoringSummary { Repeated = 1 };
                        session.Changed = true;
                        continue;
                }

                if (_rates.Convert(ref payment, work.State.Features.Currency) is { } rejection)
                {
                    session.Changed = false;
                    return new Step(next, default, rejection);
                }

                work.Signals.Clear();
                work.Models.Review(work.State, payment.Time, session);
                var placement = CustomerScoring.Apply(work.State.Features, payment, work.Signals);
                summary += new ScoringSummary { Counted = 1, TooLate = placement == Placement.TooLate ? 1 : 0, Signals = work.Signals.Count };
                foreach (ref readonly var signal in work.Signals.Signals)
                    SignalEffects.Raise(session, signal);
                work.Models.Add(work.State, payment.Time, payment.EventDigest, session);
                session.Changed = true;
            }

            work.Models.Flush(work.State, session);
            summary += new ScoringSummary { Signals = work.Models.Signals };

            if (session.Changed)
            {
                session.PutBlock(work.State.ToBlock());
                session.WakeBy(SilenceScoring.NextLook(work.State));
            }

            return new Step(next, summary, null);
        }
        finally
        {
            _workspaces.Return(work);
        }
    }

    private sealed record Source(string Hub, string Partition, ulong Stream);

    private sealed record StreamedPayment(Payment Payment, long Sequence, long Enqueued, EventData Data);

    /// <summary>How far one commit came, or the payment that has to be set aside first.</summary>
    private readonly record struct Step(int Next, ScoringSummary Summary, Rejection? Rejection);

    private sealed class Workspace
    {
        public CustomerState State { get; } = new();

        public SignalBuffer Signals { get; } = new();

        public ModelScoring Models { get; } = new();
    }
}
