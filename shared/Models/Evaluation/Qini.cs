namespace ServerlessCLM.Models;

/// <summary>
/// How well predicted uplift orders a randomised experiment: Radcliffe (2007), normalised by the perfect order as scikit-uplift does.
/// </summary>
/// <remarks>
/// The curve over the first k rows by predicted uplift is the extra events among the treated, y₁ − y₀·n₁⁄n₀. The coefficient is the area
/// between curve and chance line over the same area of the perfect order (treated with the event first, untreated with it last):
/// 0 for chance, 1 for perfect.
/// </remarks>
public sealed class Qini
{
    private readonly bool[] _treated, _events;
    private readonly int[] _stepEnds;

    /// <param name="uplift">Predicted gain by treatment, one a row.</param>
    /// <param name="treated">Whether the row was treated, by chance.</param>
    /// <param name="events">Whether the wanted event came.</param>
    /// <exception cref="ArgumentException">The lengths differ, a prediction is NaN, or one arm is empty.</exception>
    public Qini(ReadOnlySpan<double> uplift, ReadOnlySpan<bool> treated, ReadOnlySpan<bool> events)
    {
        if (uplift.Length != treated.Length || uplift.Length != events.Length)
            throw new ArgumentException($"must be as many as the {uplift.Length} predictions, there are {treated.Length} and {events.Length}", nameof(treated));

        if (!treated.Contains(true) || !treated.Contains(false))
            throw new ArgumentException("must hold both arms", nameof(treated));

        var keys = new double[uplift.Length];
        var order = new int[uplift.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            if (double.IsNaN(uplift[i]))
                throw new ArgumentException($"must be numbers, that of row {i} is not", nameof(uplift));

            keys[i] = -uplift[i];
            order[i] = i;
        }

        Array.Sort(keys, order);
        _treated = new bool[keys.Length];
        _events = new bool[keys.Length];
        var ends = new List<int>();
        for (var i = 0; i < order.Length; i++)
        {
            _treated[i] = treated[order[i]];
            _events[i] = events[order[i]];
            if (i + 1 == order.Length || keys[i + 1] != keys[i])
                ends.Add(i + 1);
        }

        _stepEnds = [.. ends];
        Coefficient = Of(null, out _);
    }

    /// <summary>1 for the perfect order, 0 for chance; NaN where there is no event in either arm.</summary>
    public double Coefficient { get; }

    /// <summary>The coefficient with the interval between percentiles of bootstrap samples of the rows.</summary>
    /// <param name="seed">The same seed gives the same interval.</param>
    /// <param name="samples">How many.</param>
    /// <param name="level">Of confidence.</param>
    public Figure Interval(ulong seed, int samples = 500, double level = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 2);
        var random = new SplitMix64(seed);
        var weights = new int[_treated.Length];
        var drawn = new List<double>(samples);
        for (var sample = 0; sample < samples; sample++)
        {
            Array.Clear(weights);
            for (var i = 0; i < weights.Length; i++)
                weights[random.Below(weights.Length)]++;

            // A sample without one of the arms says nothing.
            if (Of(weights, out _) is var value && double.IsFinite(value))
                drawn.Add(value);
        }

        drawn.Sort();
        var tail = (1 - level) / 2;
        return new Figure(Coefficient, Percentile(drawn, tail), Percentile(drawn, 1 - tail));
    }

    /// <summary>Points of the curve: share of the rows treated, and extra events over all rows. Ends at the effect of treating everybody.</summary>
    public IReadOnlyList<(double Share, double Gain)> Curve()
    {
        Of(null, out var points);
        return points;
    }

    private double Of(int[]? weights, out List<(double Share, double Gain)> points)
    {
        points = [];
        double treated = 0, untreated = 0, treatedEvents = 0, untreatedEvents = 0, area = 0, reached = 0, gain = 0;
        var next = 0;
        foreach (var end in _stepEnds)
        {
            for (; next < end; next++)
            {
                double weight = weights?[next] ?? 1;
                if (_treated[next])
                {
                    treated += weight;
                    treatedEvents += _events[next] ? weight : 0;
                }
                else
                {
                    untreated += weight;
                    untreatedEvents += _events[next] ? weight : 0;
                }
            }

            var rows = treated + untreated;
            var gained = treatedEvents - (untreated > 0 ? untreatedEvents * treated / untreated : 0);
            area += (rows - reached) * (gain + gained) / 2;
            (reached, gain) = (rows, gained);
            if (weights is null)
                points.Add((rows / _treated.Length, gained / _treated.Length));
        }

        if (treated == 0 || untreated == 0)
            return double.NaN;

        // The perfect curve rises to the treated with the event, stays, and falls to the end over the untreated with the event.
        var chance = reached * gain / 2;
        var perfect = (treatedEvents * treatedEvents / 2)
            + ((reached - treatedEvents - untreatedEvents) * treatedEvents)
            + (untreatedEvents * (treatedEvents + gain) / 2);
        return (area - chance) / (perfect - chance);
    }

    private static double Percentile(List<double> sorted, double share)
    {
        if (sorted.Count == 0)
            return double.NaN;

        var place = share * (sorted.Count - 1);
        var low = (int)place;
        return sorted[low] + ((place - low) * (sorted[Math.Min(low + 1, sorted.Count - 1)] - sorted[low]));
    }
}
