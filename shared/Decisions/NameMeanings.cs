using ServerlessCLM.Features;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Decisions;

/// <summary>What the names of <see cref="DecisionVocabulary"/> are measured in and mean, for those who write expressions.</summary>
public static class NameMeanings
{
    private const string Features = "features.", Scores = "scores.", Money = "money", Days = "days";

    /// <summary>Unit and meaning; null where the name says it all.</summary>
    public static (string? Unit, string? Meaning) Of(string name)
    {
        if (name.StartsWith(Features, StringComparison.Ordinal) && FeatureCatalogue.IndexOf(name[Features.Length..]) is >= 0 and var feature)
        {
            var definition = FeatureCatalogue.All[feature];
            return (UnitOf(definition.Unit), definition.Phrase);
        }

        if (name.StartsWith(Scores, StringComparison.Ordinal) && ScoreCatalogue.IndexOf(name[Scores.Length..]) is >= 0 and var score)
            return (ScoreCatalogue.All[score].Range, ScoreCatalogue.All[score].Definition);

        if (name.StartsWith(Scores, StringComparison.Ordinal) && name.EndsWith(DecisionVocabulary.Change, StringComparison.Ordinal))
            return (null, $"change of {name[..^DecisionVocabulary.Change.Length]} over 30 days");

        return name switch
        {
            "arrears.daysPastDue" => (Days, "days since the oldest debt was due"),
            "arrears.pastDue" => (Money, "what is due and not paid"),
            "arrears.balance" => (Money, "what is owed in all"),
            "profile.monthlyIncome" => (Money, null),
            "now" => (null, "the instant of the decision"),
            "local" => (null, "the customer's wall clock, as UTC"),
            "signal" => (null, "what started the journey"),
            "event" => (null, "what happened last in the journey"),
            _ => (null, null),
        };
    }

    private static string UnitOf(FeatureUnit unit) => unit switch
    {
        FeatureUnit.MoneyPerDay => "money a day",
        FeatureUnit.DayOfMonth => "day of the month",
        _ => unit.ToString().ToLowerInvariant(),
    };
}
