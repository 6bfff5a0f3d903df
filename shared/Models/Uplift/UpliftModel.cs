namespace ServerlessCLM.Models;

/// <summary>How uplift is learned from an experiment.</summary>
public enum UpliftMethod
{
    /// <summary>S-learner: one model with the treatment as a feature, asked with and without it.</summary>
    Single,

    /// <summary>T-learner: a model of the treated and one of the others; the difference.</summary>
    Two,

    /// <summary>Class transformation (Jaskowski and Jaroszewicz, 2012): one model of "treated with the event, or not treated without it",
    /// rows weighted by the inverse of their arm's share; 2p − 1.</summary>
    ClassTransformation,
}

/// <summary>Gain in the probability of an event by treating a customer, from −1 to 1.</summary>
public delegate double UpliftOf(ReadOnlySpan<float> row);

/// <summary>Learns uplift from a randomised experiment, over any learner of probabilities.</summary>
public static class UpliftModel
{
    /// <summary>The S-learner's feature.</summary>
    private const string Treatment = "(treated)";

    /// <summary>Trains uplift.</summary>
    /// <param name="rows">Of both arms; the label is the wanted event, 0 or 1.</param>
    /// <param name="treated">Whether the row was treated, by chance.</param>
    /// <param name="method">How.</param>
    /// <param name="learner">Of the probabilities.</param>
    /// <exception cref="TrainingDataException">An arm is empty or cannot be learned from.</exception>
    public static UpliftOf Train(
        TrainingSet rows, bool[] treated, UpliftMethod method, Learner learner, CancellationToken cancellationToken = default)
    {
        if (treated.Length != rows.Rows)
            throw new TrainingDataException($"there are {treated.Length} treatments for {rows.Rows} rows");

        var share = treated.Count(arm => arm) / (double)treated.Length;
        if (!(share is > 0 and < 1))
            throw new TrainingDataException($"all rows are {(share > 0 ? "" : "un")}treated; an experiment has both arms");

        return method switch
        {
            UpliftMethod.Single => Single(rows, treated, learner, cancellationToken),
            UpliftMethod.Two => Two(rows, treated, learner, cancellationToken),
            UpliftMethod.ClassTransformation => Transformed(rows, treated, share, learner, cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "no such method"),
        };
    }

    private static UpliftOf Single(TrainingSet rows, bool[] treated, Learner learner, CancellationToken cancellationToken)
    {
        var model = learner(
            new TrainingSet([.. rows.Features, Treatment], [.. Columns(rows), Array.ConvertAll(treated, arm => arm ? 1f : 0f)], rows.Labels.ToArray(), Weights(rows)),
            null, cancellationToken);
        var width = rows.Features.Count + 1;
        return row =>
        {
            Span<float> asked = width <= 512 ? stackalloc float[width] : new float[width];
            row.CopyTo(asked);
            asked[^1] = 1;
            var with = LogOdds.Probability(model(asked));
            asked[^1] = 0;
            return with - LogOdds.Probability(model(asked));
        };
    }

    private static UpliftOf Two(TrainingSet rows, bool[] treated, Learner learner, CancellationToken cancellationToken)
    {
        var with = learner(rows.Select([.. Enumerable.Range(0, rows.Rows).Where(row => treated[row])]), null, cancellationToken);
        var without = learner(rows.Select([.. Enumerable.Range(0, rows.Rows).Where(row => !treated[row])]), null, cancellationToken);
        return row => LogOdds.Probability(with(row)) - LogOdds.Probability(without(row));
    }

    private static UpliftOf Transformed(TrainingSet rows, bool[] treated, double share, Learner learner, CancellationToken cancellationToken)
    {
        var labels = new float[rows.Rows];
        var weights = new float[rows.Rows];
        for (var row = 0; row < labels.Length; row++)
        {
            labels[row] = treated[row] == (rows.Labels[row] > 0.5f) ? 1 : 0;
            weights[row] = (float)((rows.Weights.IsEmpty ? 1 : rows.Weights[row]) / (2 * (treated[row] ? share : 1 - share)));
        }

        var model = learner(new TrainingSet(rows.Features, [.. Columns(rows)], labels, weights), null, cancellationToken);
        return row => (2 * LogOdds.Probability(model(row))) - 1;
    }

    private static IEnumerable<float[]> Columns(TrainingSet rows) => Enumerable.Range(0, rows.Features.Count).Select(feature => rows.Column(feature).ToArray());

    private static float[]? Weights(TrainingSet rows) => rows.Weights.IsEmpty ? null : rows.Weights.ToArray();
}
