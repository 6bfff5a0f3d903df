using System.Diagnostics;
using ServerlessCLM.Features;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Bench.Features;

/// <summary>Features and signals: how fast per event, what is allocated, how large a customer is; a thousand customers,
/// which the cache holds, against a million, which it does not.</summary>
internal static class FeaturesBench
{
    private const int Few = 1_000, Many = 1_000_000, Resident = 200_000;

    public static void Run(TextWriter output)
    {
        output.WriteLine("held in memory: apply and signals");
        var few = Median(output, new ResidentRun(Few));
        var many = Median(output, new ResidentRun(Resident));
        output.WriteLine($"  {Resident:N0} against {Few:N0} customers: {many / few:P0}");

        output.WriteLine("stored: read, apply, signals and write for every event");
        few = Median(output, new StoredRun(Few));
        many = Median(output, new StoredRun(Many));
        output.WriteLine($"  {Many:N0} against {Few:N0} customers: {many / few:P0}");

        Fill(output);
    }

    /// <summary>Median events per second of five runs after one to warm up.</summary>
    private static double Median(TextWriter output, PaymentRun run)
    {
        const int Events = 1_000_000;
        run.Apply(Events);
        var rates = new double[5];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < rates.Length; i++)
        {
            var started = Stopwatch.GetTimestamp();
            run.Apply(Events);
            rates[i] = Events / Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(Events * rates.Length);
        Array.Sort(rates);
        output.WriteLine(
            $"  {run.Customers,9:N0} customers: {rates[2],11:N0} events/s ({1e9 / rates[2]:N0} ns), "
            + $"{allocated:N2} bytes allocated per event, {run.StoredSizes().Mean:N0} bytes stored per customer");
        return rates[2];
    }

    private static void Fill(TextWriter output)
    {
        var state = new FeatureState();
        var traffic = new Traffic(2);
        var signals = new SignalBuffer();
        while (state.ActiveDays < 40)
        {
            traffic.Next(out var payment);
            CustomerScoring.Apply(state, payment, signals);
        }

        var vector = new float[FeatureCatalogue.Count];
        var scores = new float[ScoreCatalogue.Count];
        var times = new double[5];
        const int Rounds = 200_000;
        for (var run = -1; run < times.Length; run++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < Rounds; i++)
            {
                state.Fill(traffic.Time, vector);
                ScoreSet.Fill(state, traffic.Time, scores);
            }

            times[Math.Max(run, 0)] = Stopwatch.GetElapsedTime(started).TotalNanoseconds / Rounds;
        }

        Array.Sort(times);
        output.WriteLine($"vector of {FeatureCatalogue.Count} features and {ScoreCatalogue.Count} scores, 40 active days: {times[2]:N0} ns");
    }
}
