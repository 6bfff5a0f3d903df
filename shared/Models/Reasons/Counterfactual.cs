using ServerlessCLM.Features;

namespace ServerlessCLM.Models;

/// <summary>One feature, as it is and as it would have to be.</summary>
public readonly record struct Change(Lever Lever, float From, float To);

/// <summary>
/// What a customer would have to change for a score to fall below a cut, everything else staying as it is. Only what lies within
/// <see cref="CustomerReach"/>, only the way that lowers the risk, and never a missing value.
/// </summary>
/// <remarks>
/// A model of trees changes only where a feature crosses one of its thresholds. The size of a change is the share of the feature's
/// thresholds that it crosses, added over the features: thresholds lie where rows lie, so that size is near to a share of customers
/// passed. Features count only where the model is held to their direction, so a step further never raises the score. If one or two
/// features suffice, the smallest such change is found; if not, it is a change in which no feature can be moved a step less.
/// </remarks>
public sealed class Counterfactual
{
    private readonly FeatureModel _model;
    private readonly float[] _row;
    private readonly double _cut;
    private readonly Path[] _paths;

    private Counterfactual(FeatureModel model, ReadOnlySpan<float> row, double cut)
    {
        (_model, _row, _cut) = (model, row[..FeatureModel.RowWidth].ToArray(), cut);
        _paths = [.. CustomerReach.All
            .Where(IsHeld)
            .Select(lever => new Path(lever, _row[(int)lever.Feature.Feature], model))
            .Where(path => path.Values.Count > 0)];
    }

    /// <summary>The change, the largest first; empty where the score is below the cut already, null where nothing in reach suffices.</summary>
    /// <param name="row">As the model scores it; not changed.</param>
    public static IReadOnlyList<Change>? Find(FeatureModel model, ReadOnlySpan<float> row, double cut)
    {
        var search = new Counterfactual(model, row, cut);
        if (search.IsBelow([]))
            return [];

        var steps = search.OneOrTwo() ?? search.Several();
        return steps is null ? null : [.. steps
            .OrderByDescending(step => step.Size).Select(step => new Change(step.Path.Lever, step.Path.From, step.Path.Values[step.Index]))];
    }

    /// <summary>Whether the model is held to the lever's direction: then it is a model of risk to which the advice applies.</summary>
    private bool IsHeld(Lever lever) => _model.Document.Features.Any(feature =>
        feature.Name == lever.Feature.Name && feature.Direction == (lever.Raises ? Direction.Falls : Direction.Rises));

    private bool IsBelow(params ReadOnlySpan<Step> steps)
    {
        var row = _row.ToArray();
        foreach (var step in steps)
            row[step.Path.Place] = step.Path.Values[step.Index];
        return _model.Score(row) < _cut;
    }

    private Step[]? OneOrTwo()
    {
        Step[]? best = null;
        var size = double.PositiveInfinity;
        foreach (var path in _paths)
        {
            var index = Enumerable.Range(0, path.Values.Count).Select(at => new Step(path, at)).FirstOrDefault(step => IsBelow(step));
            if (index.Path is not null && index.Size < size)
                (best, size) = ([index], index.Size);
        }

        for (var i = 0; i < _paths.Length; i++)
        {
            for (var j = i + 1; j < _paths.Length; j++)
            {
                // Down a staircase: as the first moves further, the second need not move as far.
                var second = _paths[j].Values.Count - 1;
                for (var first = 0; first < _paths[i].Values.Count && second >= 0; first++)
                {
                    for (; second >= 0 && IsBelow(new Step(_paths[i], first), new Step(_paths[j], second)); second--)
                    {
                        var both = new Step(_paths[i], first).Size + new Step(_paths[j], second).Size;
                        if (both < size)
                            (best, size) = ([new Step(_paths[i], first), new Step(_paths[j], second)], both);
                    }
                }
            }
        }

        return best;
    }

    /// <summary>Everything as far as it goes, then one after another back as far as it can be.</summary>
    private Step[]? Several()
    {
        var steps = _paths.Select(path => new Step(path, path.Values.Count - 1)).ToList();
        if (!IsBelow([.. steps]))
            return null;

        for (var i = steps.Count - 1; i >= 0; i--)
        {
            var whole = steps[i];
            steps.RemoveAt(i);
            for (var index = -1; index <= whole.Index; index++)
            {
                if (index >= 0)
                    steps.Insert(i, whole with { Index = index });
                if (IsBelow([.. steps]))
                    break;
                if (index >= 0)
                    steps.RemoveAt(i);
            }
        }

        return [.. steps];
    }

    private readonly record struct Step(Path Path, int Index)
    {
        public double Size => (Index + 1) / (double)Path.Thresholds;
    }

    /// <summary>The values that a feature can take on its way to less risk, one behind each threshold.</summary>
    private sealed class Path
    {
        public Path(Lever lever, float from, FeatureModel model)
        {
            (Lever, From) = (lever, from);
            var thresholds = model.Thresholds(lever.Feature.Feature);
            Thresholds = thresholds.Count;
            if (!float.IsFinite(from))
                return;

            foreach (var threshold in lever.Raises ? thresholds : thresholds.Reverse())
            {
                var isAhead = lever.Raises ? threshold > from : threshold <= from;
                if (isAhead && Behind(threshold) is { } value && (Values.Count == 0 || Values[^1] != value))
                    Values.Add(value);
            }
        }

        public Lever Lever { get; }

        public float From { get; }

        public int Place => (int)Lever.Feature.Feature;

        public int Thresholds { get; }

        public List<float> Values { get; } = [];

        /// <summary>The nearest value behind a threshold that can be said: whole where only whole ones occur, else of about three digits;
        /// null where the feature cannot take it.</summary>
        private float? Behind(float threshold)
        {
            var isWhole = Lever.Feature.Unit is FeatureUnit.Count or FeatureUnit.Days && Lever.Feature.Feature is not Feature.DaysLateMean90d;
            var unit = isWhole ? 1.0 : Math.Pow(10, Math.Floor(Math.Log10(Math.Max(Math.Abs(threshold), 1e-6))) - 2);
            var steps = Math.Floor(threshold / unit);
            var value = (float)((Lever.Raises ? steps + 1 : steps) * unit);
            if (!Lever.Raises && value >= threshold)
                value = (float)((steps - 1) * unit);

            var hasSign = Lever.Feature.Unit is FeatureUnit.Money or FeatureUnit.MoneyPerDay or FeatureUnit.Ratio;
            return value >= 0 || (hasSign && Lever.Raises) ? value : null;
        }
    }
}
