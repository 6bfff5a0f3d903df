namespace ServerlessCLM.Models;

/// <summary>Log odds of one row, in the order of the features learned from.</summary>
public delegate double MarginOf(ReadOnlySpan<float> row);

/// <summary>Learns log odds from rows.</summary>
/// <param name="training">Labels 0 and 1.</param>
/// <param name="progress">Called with the share of the work that is done.</param>
/// <param name="cancellationToken">Ends the training.</param>
public delegate MarginOf Learner(TrainingSet training, Action<double>? progress, CancellationToken cancellationToken);

/// <summary>The learners there are.</summary>
public static class Learners
{
    public static Learner Trees(TreeOptions options) => (training, progress, cancellationToken) =>
        TreeTrainer.Train(training, options, null, progress is null ? null : new TreeProgress(progress), cancellationToken).Margin;

    public static Learner Logistic(double l2 = 1) => (training, _, cancellationToken) =>
        LogisticRegression.Train(training, l2, cancellationToken).Margin;

    private sealed class TreeProgress(Action<double> share) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => share(value.Trees / (double)value.Of);
    }
}
