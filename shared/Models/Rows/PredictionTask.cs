namespace ServerlessCLM.Models;

/// <summary>What a model of the product's set is to predict, and by which rules its rows come about.</summary>
/// <param name="Id">Name of the model and its score.</param>
/// <param name="Kind">One of <see cref="ModelKinds"/>.</param>
/// <param name="Purpose">What decisions it serves.</param>
/// <param name="Label">What is predicted, exactly.</param>
/// <param name="HorizonDays">Days in which it may come true.</param>
/// <param name="Judge">The outcome of a snapshot, or why it is left out.</param>
public sealed record PredictionTask(
    string Id, string Kind, string Purpose, string Label, int HorizonDays, Func<Timeline, Snapshot, Outcome> Judge)
{
    /// <summary>Days after a snapshot at which its outcome is known for certain.</summary>
    public int KnownAfterDays { get; init; } = HorizonDays;

    /// <summary>1: the score is a risk and moves as <see cref="Features.FeatureDefinition.Risk"/> says; −1: it is the opposite of one;
    /// 0: credit risk says nothing of it.</summary>
    public int RiskSign { get; init; }

    /// <summary>Whether the label is an amount or a share, and no event.</summary>
    public bool IsAmount { get; init; }

    /// <summary>Features that a model may read; null for all.</summary>
    public IReadOnlyList<Features.Feature>? Inputs { get; init; }

    /// <summary>Signal raised where the score crosses its cut; null where the model is only asked.</summary>
    public string? Signal { get; init; }

    /// <summary>Share of customers that may be at or above the cut.</summary>
    public double AlertShare { get; init; } = 0.05;

    /// <summary>Where the model must not be used, or not without care.</summary>
    public IReadOnlyList<string> Limits { get; init; } = [];
}
