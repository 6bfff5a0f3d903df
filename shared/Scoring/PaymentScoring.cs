using Microsoft.Extensions.ObjectPool;
using ServerlessCLM.Customers;
using ServerlessCLM.Features;
using ServerlessCLM.Models;
using ServerlessCLM.Telemetry;
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
/// order of the stream, and so many customers at a time that models score full batches. What comes of an event depends on it and its
/// predecessors alone, never on the batch it came in.
/// </summary>
public sealed class PaymentScoring(
    CustomerStore store, Outbox outbox, DeadLetters deadLetters, CardNumbers cards, LiveModels live, ProductOptions options)
{
    private readonly CurrencyRates _rates = new(options.Rates);
    private readonly ObjectPool<Workspace> _workspaces = new DefaultObjectPool<Workspace>(new DefaultPooledObjectPolicy<Workspace>());

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
        var together = groups.Select(group => new Lane(CustomerId.Parse(group.Key), group.Value)).Chunk(Workspace.Customers);
        var most = Math.Max(1, options.CommitConcurrency / Workspace.Customers);
        await Parallel.ForEachAsync(together, new ParallelOptions { MaxDegreeOfParallelism = most, CancellationToken = cancellation },
            async (lanes, token) =>
            {
                var (mine, effects) = await ScoreCustomersAsync(source, lanes, models, token);
                lock (gate)
                {
                    summary += mine;
                    entries.AddRange(effects);
                }
            });
        await outbox.DispatchAsync(entries, cancellation);
        ProductMetrics.Scored(summary);
        return summary;
    }

    private async Task<(ScoringSummary Summary, IReadOnlyList<OutboxEntry> Effects)> ScoreCustomersAsync(
        Source source, Lane[] lanes, ModelSet models, CancellationToken cancellation)
    {
        var summary = default(ScoringSummary);
        var effects = new List<OutboxEntry>();
        var open = lanes.ToDictionary(lane => lane.Customer);
        while (open.Count > 0)
        {
            var commits = await store.UpdateTogetherAsync([.. open.Keys], sessions => Apply(sessions, source, open, models), cancellation);
            foreach (var (step, entry) in commits)
            {
                var lane = step.Lane;
                if (step.Rejection is { } rejection)
                {
                    // Nothing was committed: first the dead letter, then the commit that passes over it.
                    var data = lane.Payments[step.Next].Data;
                    await deadLetters.AddAsync(
                        new DeadLetter(source.Hub, DeadLetter.IdOf(source.Partition, data.SequenceNumber), data.EnqueuedTime, rejection, data.EventBody.ToMemory()),
                        cancellation);
                    lane.SetAside.Add(data.SequenceNumber);
                    continue;
                }

                summary += step.Summary;
                lane.Next = step.Next;
                if (entry is not null)
                    effects.Add(entry);
                if (lane.Next == lane.Payments.Count)
                    open.Remove(lane.Customer);
            }
        }

        return (summary, effects);
    }

    /// <summary>Applies to each customer the payments from the next on, as far as one commit holds. Pure: a conflict runs it again.</summary>
    private Step[] Apply(IReadOnlyList<CustomerSession> sessions, Source source, Dictionary<CustomerId, Lane> lanes, ModelSet models)
    {
        var work = _workspaces.Get();
        try
        {
            work.Models.Begin(models);
            var steps = new Step[sessions.Count];
            for (var place = 0; place < steps.Length; place++)
                steps[place] = Apply(work, work.Open[place], sessions[place], source, lanes[sessions[place].Customer]);

            work.Models.Flush();
            for (var place = 0; place < steps.Length; place++)
                steps[place] = Close(steps[place], work.Open[place], sessions[place]);

            return steps;
        }
        finally
        {
            _workspaces.Return(work);
        }
    }

    private Step Apply(Workspace work, OpenCustomer customer, CustomerSession session, Source source, Lane lane)
    {
        var payments = lane.Payments;
        if (session.Erased is not null)
            return new Step(lane, payments.Count, new ScoringSummary { Erased = payments.Count - lane.Next }, null);

        customer.Open(session);
        var state = customer.State;
        var summary = default(ScoringSummary);
        var next = lane.Next;
        for (; next < payments.Count && session.HasRoom; next++)
        {
            var streamed = payments[next];
            var payment = streamed.Payment;
            if (lane.SetAside.Contains(streamed.Sequence))
            {
                summary += state.Applied.Pass(source.Stream, streamed.Sequence)
                    ? new ScoringSummary { Rejected = 1 }
                    : new ScoringSummary { Redelivered = 1 };
                session.Changed = true;
                continue;
            }

            switch (state.Applied.Accept(source.Stream, streamed.Sequence, payment.EventDigest, streamed.Enqueued))
            {
                case Delivery.Redelivered:
                    summary += new ScoringSummary { Redelivered = 1 };
                    continue;
                case Delivery.Repeated:
                    summary += new ScoringSummary { Repeated = 1 };
                    session.Changed = true;
                    continue;
            }

            if (_rates.Convert(ref payment, state.Features.Currency) is { } rejection)
                return new Step(lane, next, default, rejection);

            session.Cause = streamed.Data;
            work.Signals.Clear();
            work.Models.Review(customer, payment.Time);
            var placement = CustomerScoring.Apply(state.Features, payment, work.Signals);
            summary += new ScoringSummary { Counted = 1, TooLate = placement == Placement.TooLate ? 1 : 0, Signals = work.Signals.Count };
            foreach (ref readonly var signal in work.Signals.Signals)
                SignalEffects.Raise(session, signal);
            work.Models.Add(customer, payment.Time, payment.EventDigest);
            session.Changed = true;
        }

        return new Step(lane, next, summary, null);
    }

    /// <summary>Puts the state into the session, once all has been said.</summary>
    private static Step Close(Step step, OpenCustomer customer, CustomerSession session)
    {
        if (step.Rejection is not null)
        {
            session.Changed = false;
            return step;
        }

        if (session.Erased is not null)
            return step;

        if (session.Changed)
        {
            session.PutBlock(customer.State.ToBlock());
            session.WakeBy(SilenceScoring.NextLook(customer.State));
        }

        return step with { Summary = step.Summary + new ScoringSummary { Signals = customer.ModelSignals } };
    }

    private sealed record Source(string Hub, string Partition, ulong Stream);

    private sealed record StreamedPayment(Payment Payment, long Sequence, long Enqueued, EventData Data);

    /// <summary>A customer's payments of the batch, and how far commits have come with them.</summary>
    private sealed class Lane(CustomerId customer, List<StreamedPayment> payments)
    {
        public CustomerId Customer => customer;

        public List<StreamedPayment> Payments => payments;

        /// <summary>Sequence numbers of payments that became dead letters.</summary>
        public HashSet<long> SetAside { get; } = [];

        /// <summary>The first payment that no commit has passed.</summary>
        public int Next { get; set; }
    }

    /// <summary>How far one commit came, or the payment that has to be set aside first.</summary>
    private readonly record struct Step(Lane Lane, int Next, ScoringSummary Summary, Rejection? Rejection);

    private sealed class Workspace
    {
        public const int Customers = 64;

        public OpenCustomer[] Open { get; } = [.. Enumerable.Range(0, Customers).Select(_ => new OpenCustomer())];

        public SignalBuffer Signals { get; } = new();

        public ModelScoring Models { get; } = new(4 * Customers);
    }
}
