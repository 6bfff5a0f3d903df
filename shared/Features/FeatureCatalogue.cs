using System.Collections.Frozen;
using System.Text;

namespace ServerlessCLM.Features;

/// <summary>The one table of features: names, documentation and the order of vectors come from here.</summary>
/// <remarks>The rows stand in files by theme, in the order of <see cref="Feature"/>.</remarks>
public static partial class FeatureCatalogue
{
    /// <summary>All features, in the order of a vector.</summary>
    public static IReadOnlyList<FeatureDefinition> All { get; } = Ordered([.. Behaviour, .. Flows, .. Standing, .. Spending]);

    /// <summary>Length of a vector.</summary>
    public const int Count = (int)Feature.RhythmLateDays + 1;

    private static readonly FrozenDictionary<string, int> Places =
        All.ToFrozenDictionary(definition => definition.Name, definition => (int)definition.Feature, StringComparer.Ordinal);

    /// <summary>Place of a feature in a vector; −1 where no feature has this name.</summary>
    public static int IndexOf(string name) => Places.GetValueOrDefault(name, -1);

    /// <summary>The catalogue as a Markdown document.</summary>
    public static string ToMarkdown()
    {
        var text = new StringBuilder()
            .Append("# Features\n\n")
            .Append("Generated from `FeatureCatalogue`; do not edit.\n\n")
            .Append("A window of W days is the UTC day of the vector and the W − 1 before it, in event time. Amounts are in units of the\n")
            .Append("customer's currency. Unless a row says otherwise, payments are booked ones: pending ones count nowhere, declined and\n")
            .Append("returned ones only in their own rows. A ratio is missing where its denominator is zero. Risk is the direction for credit\n")
            .Append("risk, other things equal.\n\n");
        foreach (var family in All.GroupBy(definition => definition.Family, StringComparer.Ordinal))
        {
            text.Append("## ").Append(char.ToUpperInvariant(family.Key[0])).Append(family.Key.AsSpan(1)).Append("\n\n")
                .Append("| name | unit | window | risk | definition | in plain words |\n| --- | --- | --- | --- | --- | --- |\n");
            foreach (var feature in family)
            {
                text.Append("| `").Append(feature.Name).Append("` | ").Append(Words(feature.Unit.ToString())).Append(" | ")
                    .Append(feature.WindowDays is { } days ? $"{days} d" : "")
                    .Append(" | ").Append(feature.Risk == Risk.Open ? "" : feature.Risk.ToString().ToLowerInvariant())
                    .Append(" | ").Append(feature.Definition).Append(" | ").Append(feature.Phrase).Append(" |\n");
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static FeatureDefinition Row(
        Feature feature, FeatureUnit unit, Risk risk, string family, string definition, string phrase)
    {
        var name = SnakeCase(feature.ToString());
        return new FeatureDefinition(feature, name, unit, WindowOf(name), risk, family, definition, phrase);
    }

    private static FeatureDefinition[] Ordered(FeatureDefinition[] rows)
    {
        Array.Sort(rows, (a, b) => a.Feature.CompareTo(b.Feature));
        for (var place = 0; place < rows.Length; place++)
        {
            if ((int)rows[place].Feature != place)
                throw new InvalidOperationException($"The catalogue has no single row for {(Feature)place}.");
        }

        return rows.Length == Count ? rows : throw new InvalidOperationException($"The catalogue has {rows.Length} rows for {Count} features.");
    }

    /// <summary><c>Purchases30d</c> becomes <c>purchases_30d</c>.</summary>
    internal static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var breaks = char.IsUpper(name[i]) || (char.IsDigit(name[i]) && !char.IsDigit(name[i - 1]));
            if (i > 0 && breaks)
                text.Append('_');

            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    private static string Words(string name) => SnakeCase(name).Replace('_', ' ');

    /// <summary>The window is the first suffix of days: 30 in <c>inflow_30d_vs_90d</c>'s numerator, which the definition explains.</summary>
    private static int? WindowOf(string name)
    {
        foreach (var part in name.Split('_'))
        {
            if (part.EndsWith('d') && int.TryParse(part.AsSpan(0, part.Length - 1), out var days))
                return days;
        }

        return null;
    }
}
