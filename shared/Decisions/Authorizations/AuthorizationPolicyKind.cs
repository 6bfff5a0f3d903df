using System.Text.Json.Nodes;
using ServerlessCLM.Conditions;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Decisions.Authorizations;

/// <summary>The authorization policy as a document: one for the institution, under the same four eyes as strategies.</summary>
public sealed class AuthorizationPolicyKind() : DocumentKind(KindName, "authorization-policies")
{
    public const string KindName = "authorization";

    protected override void CheckMeaning(JsonObject document, Findings findings)
    {
        if ((string)document["id"]! != AuthorizationPolicy.Default.Id)
            findings.Error("$.id", $"must be {AuthorizationPolicy.Default.Id}: there is one authorization policy");

        var (limits, fraud) = (document["limits"]!, document["fraud"]!);
        if ((int)limits["hour"]! > (int)limits["countDay"]!)
            findings.Error("$.limits.hour", "must be at most countDay");
        if ((double)fraud["stepUp"]! > (double)fraud["decline"]!)
            findings.Error("$.fraud.stepUp", "must be at most decline");

        foreach (var (place, term) in fraud["terms"]!.AsArray().Index())
        {
            var input = (string)term!["input"]!;
            if (AuthorizationInputs.IndexOf(input) < 0)
                findings.Error($"{JsonPath.Item("$.fraud.terms", place)}.input", $"is neither an input of authorizations nor a feature{NearestName.Hint(input, AuthorizationInputs.Names)}");
        }
    }
}
