namespace ServerlessCLM.Models;

/// <summary>
/// Gradient boosting on histograms (XGBoost; Chen and Guestrin, 2016): each tree is a Newton step on the loss. The same rows, options
/// and seed give the same trees bit for bit, on any number of threads and on any machine.
/// </summary>
public static class TreeTrainer
{
    /// <summary>Trains an ensemble.</summary>
    /// <param name="validation">Rows of the same features, to measure the loss on and to stop early by; not learned from.</param>
    /// <exception cref="TrainingDataException">Rows that cannot be learned from: none, one class only, a label other than 0 and 1 for a
    /// logistic objective, no column with two values, validation rows of other features.</exception>
    /// <exception cref="ArgumentException">An option out of its range.</exception>
    public static TreeEnsemble Train(
        TrainingSet training, TreeOptions options, TrainingSet? validation = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options.Check();
        Check(training, options, validation);

        var bins = BinnedRows.Of(training, options);
        var gradients = new Gradients(training, options);
        var baseMargin = BaseMargin(training, options);
        var margins = new float[training.Rows];
        Array.Fill(margins, (float)baseMargin);
        var grower = new TreeGrower(bins, gradients, margins, options);
        var held = validation is null ? null : new ValidationLoss(validation, options, baseMargin);
        var trees = new List<TreeNode[]>(options.Trees);
        while (trees.Count < options.Trees && held?.HasStopped != true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            gradients.Compute(margins);
            trees.Add(grower.Grow(trees.Count));
            held?.Add(trees[^1]);
            progress?.Report(new TrainingProgress(trees.Count, options.Trees, held?.Latest));
        }

        if (options.EarlyStoppingRounds is not null)
            trees.RemoveRange(held!.BestCount, trees.Count - held.BestCount);
        return new TreeEnsemble(training.Features, baseMargin, trees);
    }

    private static void Check(TrainingSet training, TreeOptions options, TrainingSet? validation)
    {
        foreach (var feature in options.Monotone?.Keys ?? [])
        {
            if (!training.Features.Contains(feature, StringComparer.Ordinal))
                throw new ArgumentException($"Monotone names {feature}, which is no column.", nameof(options));
        }

        if (options.EarlyStoppingRounds is not null && validation is null)
            throw new ArgumentException("EarlyStoppingRounds needs validation rows.", nameof(options));
        if (training.Rows == 0)
            throw new TrainingDataException("there are no rows");
        CheckLabels(training, options, "training");
        if (validation is null)
            return;

        if (validation.Rows == 0)
            throw new TrainingDataException("there are no validation rows");
        if (!validation.Features.SequenceEqual(training.Features, StringComparer.Ordinal))
            throw new TrainingDataException("the validation rows have other columns than the training rows");
        CheckLabels(validation, options, "validation");
    }

    private static void CheckLabels(TrainingSet set, TreeOptions options, string rows)
    {
        if (options.Objective != TreeObjective.Logistic)
            return;

        var positives = 0;
        for (var row = 0; row < set.Rows; row++)
        {
            if (set.Labels[row] is not (0 or 1))
                throw new TrainingDataException($"the label of {rows} row {row + 1} is {set.Labels[row]}; it must be 0 or 1");
            positives += set.Labels[row] > 0 ? 1 : 0;
        }

        if (rows == "training" && (positives == 0 || positives == set.Rows))
            throw new TrainingDataException($"all {set.Rows} rows have the label {set.Labels[0]}; there must be both classes");
    }

    /// <summary>The best constant: the log odds of the weighted rate, or the weighted mean.</summary>
    private static double BaseMargin(TrainingSet set, TreeOptions options)
    {
        var weights = Gradients.WeightsOf(set, options);
        double sum = 0, total = 0;
        for (var row = 0; row < set.Rows; row++)
        {
            sum += (weights?[row] ?? 1) * (double)set.Labels[row];
            total += weights?[row] ?? 1;
        }

        var mean = sum / total;
        if (options.Objective == TreeObjective.SquaredError)
            return double.IsFinite(mean) ? mean : throw new TrainingDataException("the weights are all 0");

        // In single precision, because logarithms differ by machine in the last bit of a double.
        return mean is > 0 and < 1 ? (float)Math.Log(mean / (1 - mean)) : throw new TrainingDataException("one of the classes has no weight");
    }
}
