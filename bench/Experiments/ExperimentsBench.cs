using System.Diagnostics;
using MathNet.Numerics.Distributions;
using ServerlessCLM.Experiments;

namespace ServerlessCLM.Bench.Experiments;

/// <summary>
/// The sequential test by simulation: how often ten thousand A/A tests, peeked at after every unit, find a difference that is not there; and
/// how often, and how soon, a real one is found, beside the fixed-horizon test of the same size.
/// </summary>
internal static class ExperimentsBench
{
    private const double Alpha = 0.05;
    private const int Tests = 10_000, Units = 20_000;

    public static void Run(TextWriter output)
    {
        output.WriteLine($"{Tests:N0} A/A tests of {Units:N0} units, peeked at after every unit; nominal {Alpha:P0}");
        Report(output, "proportion 1%", new Bernoulli(0.01, 0.01));
        Report(output, "proportion 5%", new Bernoulli(0.05, 0.05));
        Report(output, "proportion 30%", new Bernoulli(0.3, 0.3));
        Report(output, "normal mean", new Gaussian(0, 0));
        Report(output, "log-normal spend", new Spend(1, 1));

        output.WriteLine("a difference of the size that a fixed-horizon test finds with 80%; units planned for it");
        foreach (var (control, treatment) in ((double, double)[])[(0.01, 0.012), (0.05, 0.055), (0.1, 0.12), (0.3, 0.33)])
            Power(output, control, treatment);
    }

    private static void Report(TextWriter output, string name, IUnits units)
    {
        var began = Stopwatch.GetTimestamp();
        var runs = Simulate(units, Tests, Units, Units);
        var sequential = runs.Count(run => run.DecidedAt > 0) / (double)Tests;
        var naive = runs.Count(run => run.NaiveEver) / (double)Tests;
        output.WriteLine($"  {name,-18} wins {sequential,6:P2} (±{1.96 * Math.Sqrt(sequential * (1 - sequential) / Tests):P2}); "
            + $"a z-test peeked at as often {naive:P1}; {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s");
    }

    private static void Power(TextWriter output, double control, double treatment)
    {
        const int Repeats = 1000;
        var planned = (int)Math.Ceiling(2 * SampleSize.Proportions(control, treatment));
        var runs = Simulate(new Bernoulli(control, treatment), Repeats, planned * 2, planned);
        var decided = runs.Where(run => run.DecidedAt > 0).Select(run => run.DecidedAt).Order().ToArray();
        double Within(double units) => decided.Count(at => at <= units) / (double)Repeats;
        output.WriteLine($"  {control:P1} and {treatment:P1}: fixed {planned:N0} units {runs.Count(run => run.FixedFound) / (double)Repeats:P1}; sequential {Within(planned):P1} by then, "
            + $"{Within(planned * 1.5):P1} by 1.5 times, {Within(planned * 2):P1} by twice; median stop of those found {(decided.Length == 0 ? 0 : decided[decided.Length / 2]):N0}");
    }

    private readonly record struct Course(int DecidedAt, bool NaiveEver, bool FixedFound);

    private static Course[] Simulate<T>(T units, int tests, int length, int planned) where T : IUnits
    {
        var sequence = new ConfidenceSequence(Alpha, planned);
        var bounds = Enumerable.Range(0, length + 1).Select(n => n == 0 ? 0 : sequence.Boundary(n)).ToArray();
        var z = Normal.InvCDF(0, 1, 1 - (Alpha / 2));
        var runs = new Course[tests];
        Parallel.For(0, tests, new ParallelOptions { MaxDegreeOfParallelism = 2 }, test =>
        {
            var draws = new Draws((ulong)test + 1);
            Arm control = default, treatment = default;
            var run = default(Course);
            for (var unit = 1; unit <= length; unit++)
            {
                var treated = (draws.Next() & 1) != 0;
                var value = units.Draw(ref draws, treated);
                if (treated)
                    treatment.Add(value);
                else
                    control.Add(value);

                if (unit > planned && run.DecidedAt > 0)
                    break;

                if (Math.Min(control.Units, treatment.Units) < ConfidenceSequence.LeastUnits
                    || (units.Counts && control.Sum + treatment.Sum < ConfidenceSequence.LeastEvents))
                    continue;

                var variance = (control.Variance / control.Units) + (treatment.Variance / treatment.Units);
                var difference = Math.Abs(treatment.Mean - control.Mean);
                var squared = difference * difference / variance;
                if (run.DecidedAt == 0 && squared > bounds[unit] * bounds[unit])
                    run = run with { DecidedAt = unit };
                if (squared > z * z)
                    run = run with { NaiveEver = true, FixedFound = run.FixedFound || unit == planned };
            }

            runs[test] = run;
        });
        return runs;
    }

    private struct Arm
    {
        public long Units;
        public double Sum, Squares;

        public readonly double Mean => Sum / Units;

        public readonly double Variance => (Squares - (Sum * Sum / Units)) / (Units - 1);

        public void Add(double value)
        {
            Units++;
            Sum += value;
            Squares += value * value;
        }
    }

    private interface IUnits
    {
        bool Counts { get; }

        double Draw(ref Draws draws, bool treated);
    }

    private sealed record Bernoulli(double Control, double Treatment) : IUnits
    {
        public bool Counts => true;

        public double Draw(ref Draws draws, bool treated) => draws.Uniform() < (treated ? Treatment : Control) ? 1 : 0;
    }

    private sealed record Gaussian(double Control, double Treatment) : IUnits
    {
        public bool Counts => false;

        public double Draw(ref Draws draws, bool treated) => (treated ? Treatment : Control) + draws.Normal();
    }

    private sealed record Spend(double Control, double Treatment) : IUnits
    {
        public bool Counts => false;

        public double Draw(ref Draws draws, bool treated) => (treated ? Treatment : Control) * Math.Exp(draws.Normal());
    }

    private struct Draws(ulong seed)
    {
        // Seeds a step apart would walk the same sequence: the digest puts them far from each other.
        private ulong _state = Digest64.Of([], seed);

        public ulong Next()
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }

        public double Uniform() => (Next() >> 11) * (1.0 / (1L << 53));

        public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());
    }
}
