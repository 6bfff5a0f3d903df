using ServerlessCLM.Features;
using ServerlessCLM.Models;

namespace ServerlessCLM.Scoring;

/// <summary>Why a score is what it is: the features that moved it most, one of each family.</summary>
public static class ScoreReasons
{
    /// <summary>ECOA asks for at most four.</summary>
    public const int Most = 4;

    /// <summary>A feature's share in a score.</summary>
    /// <param name="Feature">Which.</param>
    /// <param name="Value">Its value; NaN is missing.</param>
    /// <param name="Effect">In units of the raw score, with all of its family.</param>
    public readonly record struct Reason(FeatureDefinition Feature, float Value, double Effect);

    /// <summary>What moved the score up, heaviest first; empty where no exact reasons can be given.</summary>
    public static IReadOnlyList<Reason> Of(FeatureModel model, Span<float> row)
    {
        var contributions = new double[FeatureModel.RowWidth];
        try
        {
            model.Explain(row, contributions);
        }
        catch (ExplanationException)
        {
            // Reasons that do not add up would be invented ones.
            return [];
        }

        var values = row[..FeatureCatalogue.Count].ToArray();
        return [.. FeatureCatalogue.All
            .GroupBy(feature => feature.Family, StringComparer.Ordinal)
            .Select(family =>
            {
                var heaviest = family.MaxBy(feature => contributions[(int)feature.Feature])!;
                return new Reason(heaviest, values[(int)heaviest.Feature], family.Sum(feature => contributions[(int)feature.Feature]));
            })
            .Where(reason => reason.Effect > 0)
            .OrderByDescending(reason => reason.Effect)
            .Take(Most)];
    }

    internal static IReadOnlyList<string>? Names(FeatureModel model, Span<float> row) =>
        Of(model, row) is { Count: > 0 } reasons ? [.. reasons.Select(reason => reason.Feature.Name)] : null;
}
