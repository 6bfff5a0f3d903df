using System.Diagnostics;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Bench.Features;

/// <summary>
/// The whole hot path on one core, from the UTF-8 bytes of an event to the customer's new state and signals: a thousand
/// customers, which the cache holds, against a million, which it does not.
/// </summary>
internal static class PipelineBench
{
    private const int Few = 1_000, Many = 1_000_000, Rounds = 9, EventsPerRound = 200_000;

    // Once round the few, and three times the days that a window holds: what can grow has grown.
    private const int WarmUp = 3;

    public static void Run(TextWriter output)
    {
        output.WriteLine(
            $"one core, median of {Rounds} rounds of {EventsPerRound:N0} events after {WarmUp} to warm up; target 300,000 events/s, 0 bytes, 70 %");
        Compare(output, "parse, read the stored block, apply and raise signals, write the block", customers => new StoredRun(customers));
        Scored(output);
        Compare(output, "parse, apply and raise signals to a state in memory", customers => new ResidentRun(customers));
    }

    private static void Scored(TextWriter output)
    {
        output.WriteLine("parse, read the stored block, apply, raise signals, fill the features, score five shipped models, write the block; target 150,000 events/s");
        Measure(output, new ScoredRun(Few));
    }

    private static void Compare(TextWriter output, string path, Func<int, PaymentRun> create)
    {
        output.WriteLine(path);
        var few = Measure(output, create(Few));
        var many = Measure(output, create(Many));
        output.WriteLine($"  {Many:N0} customers : {Few:N0} customers = {many / few:P0}");
    }

    private static double Measure(TextWriter output, PaymentRun run)
    {
        var events = new EventBytes(EventsPerRound);
        var rates = new double[Rounds];
        long allocated = 0;
        for (var round = -WarmUp; round < Rounds; round++)
        {
            events.Fill(run.Traffic);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < EventsPerRound; i++)
            {
                if (!PaymentParser.TryParse(events[i], run.Traffic.Time, out var payment, out var rejection))
                    throw new InvalidOperationException($"the parser refused an event: {rejection}");

                run.Signals.Clear();
                run.ApplyTo(events.CustomerOf(i), payment);
            }

            if (round < 0)
                continue;

            rates[round] = EventsPerRound / Stopwatch.GetElapsedTime(started).TotalSeconds;
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Array.Sort(rates);
        var median = rates[Rounds / 2];
        var (mean, largest) = run.StoredSizes();
        output.WriteLine(
            $"  {run.Customers,9:N0} customers: {median,9:N0} events/s ({1e9 / median:N0} ns; best round {rates[^1]:N0} events/s), "
            + $"{allocated / (double)(Rounds * EventsPerRound):N2} bytes allocated per event, stored {mean:N0} bytes in the mean, {largest:N0} at most");
        return median;
    }
}
