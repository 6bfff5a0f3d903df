using System.Diagnostics;
using ServerlessCLM.Conditions;
using ServerlessCLM.Features;

namespace ServerlessCLM.Bench.Conditions;

/// <summary>Conditions: processor time for one of ten comparisons, what it allocates, and how long compiling takes.</summary>
internal static class ConditionsBench
{
    private const int Rounds = 2_000_000;

    /// <summary>Ten comparisons, all of which must be looked at.</summary>
    private const string Numbers =
        "features.tenure_days >= 180 && features.share_travel > 0.1 && features.balance > 100 && features.purchases_30d != 3 && features.inflow_30d >= 1500 "
        + "&& features.inflow_30d <= 99000 && features.utilisation < 0.9 && features.fees_90d < 3 && features.returns_90d == 0 && features.declines_90d <= 2";

    private const string Mixed =
        "profile.country == 'DE' && profile.segment in ['retail', 'affluent'] && !flags.hardship && features.tenure_days >= 180 && features.share_travel > 0.1 "
        + "&& features.balance > 100 && contacts('email', duration('168h')) < 3 && now > timestamp('2026-01-01T00:00:00Z') && features.fees_90d < 3 && features.utilisation < 0.9";

    private sealed class Inputs
    {
        public float[] Features { get; } = new float[FeatureCatalogue.Count];

        public Value Country { get; } = Value.Of("DE");

        public Value Segment { get; } = Value.Of("affluent");

        public Value Now { get; } = Value.Of(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
    }

    public static void Run(TextWriter output)
    {
        var vocabulary = new Vocabulary<Inputs>()
            .Vector("features", FeatureCatalogue.All.Select(feature => feature.Name), inputs => inputs.Features)
            .Value("profile.country", CelType.String, inputs => inputs.Country)
            .Value("profile.segment", CelType.String, inputs => inputs.Segment)
            .Value("flags.hardship", CelType.Bool, _ => Value.Of(value: false))
            .Value("now", CelType.Timestamp, inputs => inputs.Now)
            .Function("contacts", [new("channel", CelType.String), new("window", CelType.Duration)], CelType.Int, (_, _, _) => Value.Of(1L));
        var inputs = new Inputs();
        foreach (var (name, value) in new[] { ("tenure_days", 400f), ("share_travel", 0.2f), ("balance", 250f), ("purchases_30d", 12), ("inflow_30d", 2400), ("utilisation", 0.4f) })
            inputs.Features[FeatureCatalogue.IndexOf(name)] = value;

        Measure(output, "ten comparisons of features", vocabulary.Condition(Numbers), inputs);
        Measure(output, "ten of features, texts, flags, ledger, clock", vocabulary.Condition(Mixed), inputs);
        Measure(output, "expected loss and a factor", vocabulary.Condition("features.share_travel * features.utilisation * 5000.0 < (features.balance > 100 ? 1300.0 : 1000.0)"), inputs);

        const int Compiled = 2000;
        vocabulary.Condition(Mixed);
        var times = new double[5];
        for (var run = 0; run < times.Length; run++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < Compiled; i++)
                vocabulary.Condition(Mixed);
            times[run] = Stopwatch.GetElapsedTime(started).TotalMicroseconds / Compiled;
        }

        Array.Sort(times);
        output.WriteLine($"to parse, check and compile the mixed one: {times[2]:N1} µs");
    }

    private static void Measure(TextWriter output, string name, Expression<Inputs> condition, Inputs inputs)
    {
        if (!condition.Holds(inputs))
            throw new InvalidOperationException($"{name} must hold, so that every comparison is looked at: {condition.Evaluate(inputs)}");

        var times = new double[7];
        var holds = 0;
        for (var warm = 0; warm < 3; warm++)
            holds += Loop(condition, inputs);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < times.Length; run++)
        {
            var started = Environment.CpuUsage.UserTime;
            holds += Loop(condition, inputs);
            times[run] = (Environment.CpuUsage.UserTime - started).TotalNanoseconds / Rounds;
        }

        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / ((double)Rounds * times.Length);
        Array.Sort(times);
        output.WriteLine($"{name}: {times[3]:N1} ns, {allocated:N2} bytes allocated ({holds:N0} held)");
    }

    private static int Loop(Expression<Inputs> condition, Inputs inputs)
    {
        var holds = 0;
        for (var i = 0; i < Rounds; i++)
            holds += condition.Test(inputs) == Truth.True ? 1 : 0;
        return holds;
    }
}
