using System.Collections.Frozen;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Scoring;

/// <summary>A score that needs no training.</summary>
/// <param name="Name">Snake case.</param>
/// <param name="Range">Interval of its values.</param>
/// <param name="Definition">Its formula in words.</param>
public sealed record ScoreDefinition(string Name, string Range, string Definition);

/// <summary>The one table of scores computed by formula, in the order in which <see cref="ScoreSet"/> fills them.</summary>
public static class ScoreCatalogue
{
    public const int ActivityLevel = 0, ActivityChange = 1, FirstAffinity = 2, Count = FirstAffinity + 16;

    public static IReadOnlyList<ScoreDefinition> All { get; } =
    [
        new("activity_level", "0 to 1", "How active: 1 − exp(−r / 0.5) with r the payments by hand a day, half-life 14 days. 0.63 is one payment every two days. Higher is more active."),
        new("activity_change", "−3 to 3", "How activity changes: ln((r + 0.02) / (s + 0.02)) with r as above and s the same with half-life 60 days. 0 is steady, −0.5 a drop by 40%. Higher is rising."),
        .. Enum.GetValues<ContentGroup>().Select(AffinityOf),
    ];

    private static readonly FrozenDictionary<string, int> Places = All
        .Select((score, place) => (score.Name, place))
        .ToFrozenDictionary(row => row.Name, row => row.place, StringComparer.Ordinal);

    /// <summary>Place of a score; −1 where no score has this name.</summary>
    public static int IndexOf(string name) => Places.GetValueOrDefault(name, -1);

    private static ScoreDefinition AffinityOf(ContentGroup group)
    {
        var name = group.ToString().ToLowerInvariant();
        return new ScoreDefinition(
            $"affinity_{name}", "0 to 1",
            $"Share of {name} in spend (`share_{name}`), drawn towards {ScoreSet.Prior(group):0.00} as if five payments had been made at that share. The sixteen add up to 1.");
    }
}
