using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Conditions;
using ServerlessCLM.Documents;
using ServerlessCLM.Features;

namespace ServerlessCLM.Decisions.CreditLines;

/// <summary>The credit-line policy as a document: one for the institution, under the same four eyes as strategies.</summary>
public sealed class CreditLinePolicyKind() : DocumentKind(KindName, "credit-line-policies")
{
    public const string KindName = "credit-line";

    protected override void CheckMeaning(JsonObject document, Findings findings)
    {
        if ((string)document["id"]! != CreditLinePolicy.Default.Id)
            findings.Error("$.id", $"must be {CreditLinePolicy.Default.Id}: there is one credit-line policy");

        if (!document["steps"]!.AsArray().Any(step => (double)step! is 1))
            findings.Error("$.steps", "must have 1 among them: the line as it is");
        if (Money(document, "most") < Money(document, "least"))
            findings.Error("$.most", "must be at least least");

        foreach (var (place, mark) in document["difficulty"]!.AsArray().Index())
        {
            var feature = (string)mark!["feature"]!;
            if (FeatureCatalogue.IndexOf(feature) < 0)
                findings.Error($"{JsonPath.Item("$.difficulty", place)}.feature", $"is not in the feature catalogue{NearestName.Hint(feature, FeatureCatalogue.All.Select(each => each.Name))}");
        }
    }

    private static decimal Money(JsonObject document, string name) => decimal.Parse((string)document[name]!, CultureInfo.InvariantCulture);
}
