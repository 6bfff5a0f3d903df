using System.Text.Json.Nodes;
using ServerlessCLM.Decisions;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Tests.Decisions;

/// <summary>Puts documents in force as people do: one writes, another approves.</summary>
internal static class StrategyInForce
{
    public static Task PutAsync(Product product, JsonObject strategy) => PutAsync(product, new StrategyKind(DecisionVocabulary.Standard), strategy);

    public static async Task PutAsync(Product product, DocumentKind kind, JsonObject document)
    {
        var workflow = product.Get<DocumentWorkflow>();
        var (id, version) = ((string)document["id"]!, (int)document["version"]!);
        await workflow.SaveAsync(kind, id, document, null, "ann", null, CancellationToken.None);
        await workflow.SubmitAsync(kind, id, version, "ann", null, CancellationToken.None);
        await workflow.DecideAsync(kind, id, version, approve: true, DocumentStore.DigestOf(document), "bob", null, CancellationToken.None);
    }

    /// <summary>A strategy of three offers, a service message and nothing, whose rules a customer of the tests can meet.</summary>
    public static JsonObject Cards(int version = 1) => JsonNode.Parse($$"""
        {
          "id": "cards", "version": {{version}}, "jurisdiction": "DE",
          "objectives": { "revenue": 1.0, "risk": 1.2, "experience": 0.4 },
          "actions": [
            { "id": "gold", "kind": "offer", "channels": ["app", "email"], "eligibility": "products.card == 'classic'",
              "suitability": "!flags.hardship", "propensity": { "prior": { "alpha": 2, "beta": 98 } },
              "value": { "margin": "120.00" }, "cost": { "email": "0.01" }, "valid": "P14D", "journey": "gold" },
            { "id": "cashback", "kind": "offer", "channels": ["email"], "propensity": { "prior": { "alpha": 10, "beta": 90 } }, "value": { "margin": "20.00" } },
            { "id": "travel", "kind": "offer", "channels": ["app"], "applicability": "features.share_travel > 0.2",
              "propensity": { "prior": { "alpha": 10, "beta": 90 } }, "value": { "margin": "90.00" } },
            { "id": "statement", "kind": "service", "channels": ["app", "letter"], "propensity": { "prior": { "alpha": 50, "beta": 50 } }, "value": { "margin": "1.00" } },
            { "id": "nothing", "kind": "none" }
          ]
        }
        """)!.AsObject();
}
