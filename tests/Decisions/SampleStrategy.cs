using System.Text.Json.Nodes;

namespace ServerlessCLM.Tests.Decisions;

/// <summary>A strategy over the features, scores and models that every host has.</summary>
internal static class SampleStrategy
{
    public static JsonObject Example() => JsonNode.Parse("""
        {
          "$schema": "/api/schemas/strategy.json",
          "id": "card-retail", "version": 1, "effective": "2027-01-01T00:00:00Z", "jurisdiction": "DE",
          "objectives": { "revenue": 1.0, "risk": 1.2, "experience": 0.4 },
          "exploration": { "method": "thompson", "share": 0.05 },
          "holdout": 0.02,
          "budgets": [
            { "id": "upgrade-bonus", "unit": "EUR", "limit": "250000.00", "per": "P1M" },
            { "id": "call-centre", "unit": "calls", "limit": "800", "per": "P1D" }
          ],
          "actions": [
            {
              "id": "premium-upgrade", "kind": "offer", "stage": "crossSell", "channels": ["app", "email", "call"],
              "eligibility": "products.card == 'classic' && features.tenure_days >= 180",
              "applicability": "!accepted('premium-upgrade', duration('8760h'))",
              "suitability": "features.returns_90d < 2 && !flags.hardship",
              "propensity": { "model": "propensity_credit_card", "prior": { "alpha": 2, "beta": 98 } },
              "value": { "margin": "120.00", "expectedLoss": "features.utilisation * 0.02 * 500.0", "lifetime": "15.00" },
              "cost": { "email": "0.002", "call": "4.50" },
              "context": "features.share_travel > 0.1 ? 1.3 : 1.0", "lever": 1.1,
              "uses": { "upgrade-bonus": "50.00", "call-centre": "1" }, "valid": "P14D", "journey": "premium-upgrade"
            },
            {
              "id": "budget-talk", "kind": "intervention", "stage": "preDelinquency", "channels": ["call"],
              "eligibility": "features.below_zero_days_30d > 5",
              "propensity": { "prior": { "alpha": 5, "beta": 45 } },
              "value": { "margin": "0.00", "experience": "20.00" }, "cost": { "call": "4.50" }, "uses": { "call-centre": "1" }
            },
            { "id": "nothing", "kind": "none" }
          ]
        }
        """)!.AsObject();
}
