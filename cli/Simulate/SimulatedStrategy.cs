using System.Text.Json.Nodes;
using ServerlessCLM.Decisions;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Cli.Simulate;

/// <summary>The strategy of simulations: an offer that takes of a budget and explores, a service, and nothing.</summary>
internal static class SimulatedStrategy
{
    public const string Id = "simulated";

    private const string Author = "author@simulated.example", Approver = "approver@simulated.example";

    /// <summary>As people do it: one writes it, another approves it. Where a kill came in between it goes on.</summary>
    public static async Task PutInForceAsync(DocumentWorkflow workflow, CancellationToken cancellation)
    {
        var (kind, document) = (new StrategyKind(DecisionVocabulary.Standard), Document());
        await workflow.SaveAsync(kind, Id, document, null, Author, null, cancellation);
        await workflow.SubmitAsync(kind, Id, 1, Author, null, cancellation);
        await workflow.DecideAsync(kind, Id, 1, approve: true, DocumentStore.DigestOf(document), Approver, null, cancellation);
    }

    private static JsonObject Document() => JsonNode.Parse($$"""
        {
          "id": "{{Id}}", "version": 1, "objectives": { "revenue": 1.0, "risk": 1.0, "experience": 0.5 },
          "exploration": { "method": "thompson", "share": 0.3 },
          "budgets": [{ "id": "bonus", "unit": "EUR", "limit": "1000.00", "per": "P1D" }],
          "actions": [
            { "id": "cashback", "kind": "offer", "channels": ["app"], "propensity": { "prior": { "alpha": 20, "beta": 80 } }, "value": { "margin": "30.00" }, "uses": { "bonus": "5.00" } },
            { "id": "overview", "kind": "service", "channels": ["app"], "propensity": { "prior": { "alpha": 30, "beta": 70 } }, "value": { "margin": "12.00" } },
            { "id": "nothing", "kind": "none" }
          ]
        }
        """)!.AsObject();
}
