using ServerlessCLM.Customers;
using ServerlessCLM.Models;

namespace ServerlessCLM.Scoring;

/// <summary>Looks in on customers whose silence may mean something by now, and asks for the next look.</summary>
public sealed class SilenceScoring(CustomerStore store, WakeIndex wakes, Outbox outbox, LiveModels live, ProductOptions options, TimeProvider time)
{
    /// <summary>Customers looked in on between two dispatches.</summary>
    private const int ChunkSize = 256;

    /// <summary>A customer's first commit has no state to fence it off by; what it announced is kept until no worker can still be at it.</summary>
    private static readonly TimeSpan FirstCommitPatience = TimeSpan.FromDays(1);

    /// <returns>Customers looked in on, and signals raised.</returns>
    /// <exception cref="AggregateException">Some customers could not be looked in on; all others have been, and these are tried again.</exception>
    public async Task<(int Customers, int Signals)> WakeAsync(CancellationToken cancellation)
    {
        var failures = new List<Exception>();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var models = await live.GetAsync(cancellation);
        var total = (Customers: 0, Signals: 0);
        var chunk = new List<Wake>(ChunkSize);
        await foreach (var wake in wakes.DueAsync(now, cancellation))
        {
            chunk.Add(wake);
            if (chunk.Count < ChunkSize)
                continue;

            await WakeAsync(chunk, now);
            chunk.Clear();
        }

        await WakeAsync(chunk, now);
        return failures.Count == 0 ? total : throw new AggregateException(failures);

        async Task WakeAsync(List<Wake> due, long at)
        {
            var entries = new List<OutboxEntry>();
            var done = new List<Wake>(due.Count);
            var gate = new Lock();
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = Math.Min(64, options.CommitConcurrency), CancellationToken = cancellation }, async (wake, token) =>
            {
                try
                {
                    var commit = await store.UpdateAsync(wake.Customer, session => Apply(session, wake.Due, at, models), token, Debts.AllRows);
                    lock (gate)
                    {
                        total = (total.Customers + 1, total.Signals + commit.Result.Signals);
                        if (commit.Result.Known || wake.Announced < time.GetUtcNow() - FirstCommitPatience)
                            done.Add(wake);
                        if (commit.Outbox is { } entry)
                            entries.Add(entry);
                    }
                }
                catch (Exception failure) when (!token.IsCancellationRequested)
                {
                    // One customer whose row is damaged must not silence all who are due after.
                    lock (gate)
                        failures.Add(new InvalidOperationException($"{wake.PartitionKey} {wake.RowKey}: {failure.Message}", failure));
                }
            });
            await outbox.DispatchAsync(entries, cancellation);
            // The rows go last: a crash before this looks again and finds nothing new.
            await Parallel.ForEachAsync(done, new ParallelOptions { MaxDegreeOfParallelism = Math.Min(64, options.CommitConcurrency), CancellationToken = cancellation },
                async (wake, token) => await wakes.ClearAsync(wake, token));
        }
    }

    /// <summary>When silence may next mean something: a signal, or a score.</summary>
    internal static long NextLook(CustomerState state)
    {
        var review = ModelScoring.NextReview(state);
        return Math.Min(CustomerScoring.NextWake(state.Features, state.WokenUntil), review == long.MaxValue ? review : Math.Max(state.WokenUntil, review));
    }

    private static (bool Known, int Signals) Apply(CustomerSession session, long due, long now, ModelSet models)
    {
        if (session.Erased is not null || !session.Exists)
            return (session.Erased is not null, 0);

        // A row that is not the customer's scheduled one is left over: an earlier look took its place, or a commit failed. Or the commit
        // that announced it is still under way: committing the state, unchanged, makes it fail and announce the look anew.
        if (session.ScheduledWake != due)
        {
            session.Changed = true;
            return (true, 0);
        }

        var customer = new OpenCustomer();
        customer.Open(session);
        var signals = new SignalBuffer();
        var scoring = new ModelScoring(ModelScoring.Reviews);
        scoring.Begin(models);
        scoring.Review(customer, now);
        scoring.Flush();
        var state = customer.State;
        CustomerScoring.Wake(state.Features, now, signals);
        state.WokenUntil = now;
        foreach (ref readonly var signal in signals.Signals)
            SignalEffects.Raise(session, signal);

        session.PutBlock(state.ToBlock());
        session.Woken();
        session.WakeBy(NextLook(state));
        return (true, signals.Count + customer.ModelSignals + Debts.Look(session, DateTimeOffset.FromUnixTimeMilliseconds(now)));
    }
}
