using ServerlessCLM.Customers;
using ServerlessCLM.Features;
using ServerlessCLM.Scoring;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Cli.Replay;

/// <summary>The scoring core alone: every event parsed, checked for repetition, applied and looked at for signals, with states in memory.</summary>
internal static class InMemoryReplay
{
    public static Task RunAsync(ReplayPlan plan, ReplaySummary summary, ProgressLine progress, CancellationToken cancellation)
    {
        var lanes = Environment.ProcessorCount;
        return Task.WhenAll(Enumerable.Range(0, lanes).Select(lane =>
            Task.Run(() => RunLane(plan, lane, lanes, summary, progress, cancellation), cancellation)));
    }

    private static void RunLane(ReplayPlan plan, int lane, int lanes, ReplaySummary summary, ProgressLine progress, CancellationToken cancellation)
    {
        const int reportEvery = 10_000;
        var states = new Dictionary<string, CustomerState>(CustomerNames.Comparer);
        var byName = states.GetAlternateLookup<ReadOnlySpan<byte>>();
        var signals = new SignalBuffer();
        var raised = new long[SignalCatalogue.All.Count];
        var stream = AppliedEvents.Stream("replay", $"{lane}", "0");
        var sum = default(ScoringSummary);
        long sequence = 0;
        plan.Run(lane, lanes, buffer =>
        {
            var body = buffer.WrittenSpan;
            if (++sequence % reportEvery == 0)
                progress.Add(reportEvery, (double)sequence * lanes / plan.Events);

            if (!PaymentParser.TryParse(body, long.MaxValue / 2, out var payment, out _))
            {
                sum += new ScoringSummary { Rejected = 1 };
                return;
            }

            var name = payment.Subject.In(body);
            if (!byName.TryGetValue(name, out var state))
                byName[name] = state = new CustomerState();

            // Without a hub an event counts as enqueued when it happened.
            if (state.Applied.Accept(stream, sequence, payment.EventDigest, payment.Time) != Delivery.First)
            {
                sum += new ScoringSummary { Repeated = 1 };
                return;
            }

            signals.Clear();
            var placement = CustomerScoring.Apply(state.Features, payment, signals);
            sum += new ScoringSummary { Counted = 1, TooLate = placement == Placement.TooLate ? 1 : 0 };
            foreach (ref readonly var signal in signals.Signals)
                raised[(int)signal.Kind]++;
        }, cancellation);

        summary.Outcome("counted", sum.Counted - sum.TooLate);
        summary.Outcome("too_late", sum.TooLate);
        summary.Outcome("repeated", sum.Repeated);
        summary.Outcome("rejected", sum.Rejected);
        for (var kind = 0; kind < raised.Length; kind++)
        {
            if (raised[kind] > 0)
                summary.Signal(SignalCatalogue.NameOf((SignalKind)kind), raised[kind]);
        }
    }
}
