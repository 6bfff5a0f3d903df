namespace ServerlessCLM.Models;

/// <summary>A fold that was tested by a model trained on the others.</summary>
/// <param name="Fold">From 0.</param>
/// <param name="Seconds">That its training took, encoding and scoring not counted.</param>
public sealed record FoldResult(int Fold, int Rows, int Events, double Auc, double LogLoss, double Seconds);

/// <summary>How a learner does on rows it did not see.</summary>
/// <param name="Folds">One by one.</param>
/// <param name="Margins">Of each row, by the model that was trained without it.</param>
/// <param name="Pooled">Figures of all rows together.</param>
public sealed record CrossValidation(IReadOnlyList<FoldResult> Folds, double[] Margins, BinaryPerformance Pooled)
{
    /// <summary>Mean of the folds' AUCs: what the figure of one trained model may be expected to be.</summary>
    public double MeanAuc => Folds.Average(fold => fold.Auc);

    /// <summary>Standard deviation of the folds' AUCs (n − 1).</summary>
    public double AucDeviation => Math.Sqrt(Folds.Sum(fold => Math.Pow(fold.Auc - MeanAuc, 2)) / (Folds.Count - 1));

    /// <summary>Mean of the folds' log-losses.</summary>
    public double LogLoss => Folds.Average(fold => fold.LogLoss);

    /// <summary>Training time of all folds.</summary>
    public double Seconds => Folds.Sum(fold => fold.Seconds);

    /// <summary>Probabilities of the rows before any calibration.</summary>
    public double[] Probabilities => Array.ConvertAll(Margins, LogOdds.Probability);

    /// <summary>Trains and tests fold by fold. Text columns are encoded anew from each fold's training rows.</summary>
    /// <param name="columns">To learn from.</param>
    /// <param name="events">One a row.</param>
    /// <param name="folds">The fold of each row, from 0, each with at least two rows with and without the event.</param>
    /// <param name="seed">Of the encoding.</param>
    /// <param name="time">That measures the training.</param>
    /// <param name="progress">Called with the share of the work that is done.</param>
    /// <exception cref="TrainingDataException">A fold cannot be learned from.</exception>
    public static CrossValidation Run(
        IReadOnlyList<DataColumn> columns, bool[] events, int[] folds, Learner learner, ulong seed, TimeProvider time,
        Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var count = folds.Max() + 1;
        var margins = new double[events.Length];
        var results = new FoldResult[count];
        for (var fold = 0; fold < count; fold++)
        {
            var current = fold;
            int[] inside = [.. Enumerable.Range(0, folds.Length).Where(row => folds[row] == current)];
            int[] outside = [.. Enumerable.Range(0, folds.Length).Where(row => folds[row] != current)];
            var (encoding, training) = InputEncoding.Fit(columns, events, outside, seed);
            var started = time.GetTimestamp();
            var model = learner(training, progress is null ? null : share => progress((current + share) / count), cancellationToken);
            var seconds = time.GetElapsedTime(started).TotalSeconds;
            var scores = Score(model, encoding.Encode(columns, inside));
            var outcomes = Array.ConvertAll(inside, row => events[row]);
            for (var i = 0; i < inside.Length; i++)
                margins[inside[i]] = scores[i];

            results[fold] = new FoldResult(
                fold, inside.Length, outcomes.Count(hit => hit), Discrimination.Auc(new RankedOutcomes(scores, outcomes)),
                ProbabilityError.LogLoss(Array.ConvertAll(scores, LogOdds.Probability), outcomes), seconds);
            progress?.Invoke((current + 1.0) / count);
        }

        return new CrossValidation(results, margins, BinaryPerformance.Measure(Array.ConvertAll(margins, LogOdds.Probability), events));
    }

    /// <summary>Log odds of every row.</summary>
    internal static double[] Score(MarginOf model, TrainingSet rows)
    {
        var row = new float[rows.Features.Count];
        var margins = new double[rows.Rows];
        for (var i = 0; i < margins.Length; i++)
        {
            rows.CopyRow(i, row);
            margins[i] = model(row);
        }

        return margins;
    }
}
