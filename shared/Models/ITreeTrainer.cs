namespace ServerlessCLM.Models;

/// <summary>Grows the trees of challengers: the product's own trainer, or ML.NET's where it is part of the build.</summary>
public interface ITreeTrainer
{
    /// <summary>For the card and the ledger.</summary>
    string Name { get; }

    TreeEnsemble Train(TrainingSet rows, TreeOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellation);
}

/// <summary><see cref="TreeTrainer"/>: the same rows give the same trees, bit for bit.</summary>
public sealed class BuiltInTrainer : ITreeTrainer
{
    public static BuiltInTrainer Instance { get; } = new();

    public string Name => "built-in";

    public TreeEnsemble Train(TrainingSet rows, TreeOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellation) =>
        TreeTrainer.Train(rows, options, progress: progress, cancellationToken: cancellation);
}
