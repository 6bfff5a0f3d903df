namespace ServerlessCLM.Models;

/// <summary>What training makes small.</summary>
public enum TreeObjective
{
    /// <summary>Log-loss of labels 0 and 1; the margin is the log odds.</summary>
    Logistic,

    /// <summary>Half the squared error; the margin is the amount.</summary>
    SquaredError,
}

/// <summary>How trees are grown. The names in brackets are XGBoost's.</summary>
public sealed record TreeOptions
{
    /// <summary>Trees at most (num_boost_round), 1 to 100,000.</summary>
    public int Trees { get; init; } = 300;

    /// <summary>Levels of splits (max_depth), 1 to 12.</summary>
    public int Depth { get; init; } = 5;

    /// <summary>Share of a leaf's Newton step that is taken (eta), above 0 to 1.</summary>
    public double LearningRate { get; init; } = .05;

    /// <summary>Bins of a feature's values (max_bin), 2 to 255; missing values have one of their own.</summary>
    public int Bins { get; init; } = 255;

    /// <summary>Added to the sum of hessians (lambda), 0 or more.</summary>
    public double L2 { get; init; } = 1;

    /// <summary>Least sum of hessians in a child (min_child_weight), 0 or more.</summary>
    public double MinChildWeight { get; init; } = 1;

    /// <summary>Chance of a row to be in a tree's sample (subsample), above 0 to 1.</summary>
    public double RowSample { get; init; } = 1;

    /// <summary>Share of the features that a tree may use (colsample_bytree), above 0 to 1.</summary>
    public double ColumnSample { get; init; } = 1;

    public TreeObjective Objective { get; init; }

    /// <summary>By feature name: 1 where the margin must not fall as the feature rises, −1 where it must not rise, 0 for no claim.
    /// It holds exactly, for any two rows that differ in this feature alone and have it present.</summary>
    public IReadOnlyDictionary<string, int>? Monotone { get; init; }

    /// <summary>Weight of rows with label 1 (scale_pos_weight), above 0. Other than 1 it moves the margins off the log odds.</summary>
    public double PositiveWeight { get; init; } = 1;

    /// <summary>Stop once the validation loss has not fallen for so many trees, and keep the trees up to the lowest; null grows all.</summary>
    public int? EarlyStoppingRounds { get; init; }

    /// <summary>Of the row and column samples.</summary>
    public ulong Seed { get; init; }

    /// <summary>1 or more. The result does not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <exception cref="ArgumentException">Names the option and its range.</exception>
    internal void Check()
    {
        Require(Trees is >= 1 and <= 100_000, nameof(Trees), "1 to 100,000");
        Require(Depth is >= 1 and <= 12, nameof(Depth), "1 to 12");
        Require(LearningRate is > 0 and <= 1, nameof(LearningRate), "above 0 to 1");
        Require(Bins is >= 2 and <= 255, nameof(Bins), "2 to 255");
        Require(L2 >= 0 && double.IsFinite(L2), nameof(L2), "0 or more");
        Require(MinChildWeight >= 0 && double.IsFinite(MinChildWeight), nameof(MinChildWeight), "0 or more");
        Require(RowSample is > 0 and <= 1, nameof(RowSample), "above 0 to 1");
        Require(ColumnSample is > 0 and <= 1, nameof(ColumnSample), "above 0 to 1");
        Require(Enum.IsDefined(Objective), nameof(Objective), "Logistic or SquaredError");
        Require(PositiveWeight > 0 && double.IsFinite(PositiveWeight), nameof(PositiveWeight), "above 0");
        Require(EarlyStoppingRounds is null or >= 1, nameof(EarlyStoppingRounds), "1 or more");
        Require(Threads is >= 1 and <= 1024, nameof(Threads), "1 to 1,024");
        foreach (var (feature, direction) in Monotone ?? new Dictionary<string, int>(StringComparer.Ordinal))
            Require(direction is >= -1 and <= 1, nameof(Monotone), $"-1, 0 or 1 for {feature}");
    }

    private static void Require(bool holds, string option, string range)
    {
        if (!holds)
            throw new ArgumentException($"{option} must be {range}.", option);
    }
}

/// <summary>How far training is.</summary>
/// <param name="Trees">Trees grown.</param>
/// <param name="Of">Trees at most.</param>
/// <param name="ValidationLoss">Mean loss on the validation rows after the latest tree; null without any.</param>
public readonly record struct TrainingProgress(int Trees, int Of, double? ValidationLoss);
