using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Features;
using ServerlessCLM.Governance;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Tests.Decisions;

public sealed class SmallestChangeTests
{
    private static readonly PolicySet Policies = PolicySet.Of(PolicyDefaults.Documents());

    private static readonly string[] Rules =
    [
        "true", "products.card == 'classic'", "features.tenure_days >= 180", "features.tenure_days > 400 || flags.staff", "!flags.hardship",
        "features.returns_90d < 2 && profile.segment in ['mass', 'affluent']", "!accepted('a1', duration('2400h'))", "contacts('email', duration('720h')) < 2",
        "consent('marketing', 'sms')", "profile.monthlyIncome * 0.5 > 700.0", "!(features.utilisation > 0.8) && scores.churn <= 0.02", "features.share_travel > 0.1 ? flags.vulnerable : true",
        "features.purchases_30d == 3.0", "local.getHours() < 1",
    ];

    [Fact]
    public void Every_change_that_is_named_lets_its_action_win()
    {
        var (named, kinds) = (0, new HashSet<string>());
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            foreach (var changes in Named((ulong)seed))
            {
                named++;
                kinds.UnionWith(changes.Select(change => change.What.Split('(', ' ')[0]));
            }

            return true;
        }).QuickCheckThrowOnFailure();
        Assert.True(named > 100, $"{named}");
        Assert.Superset(new HashSet<string> { "value", "consent", "features.tenure_days", "products.card", "channel", "actions", "accepted" }, kinds);
    }

    [Fact]
    public void A_tie_that_the_last_bit_decides_is_not_named_as_a_win() => Assert.NotEmpty(Named(1287026));

    [Fact]
    public void A_value_that_is_a_cent_less_does_not_win()
    {
        var compared = 0;
        for (var seed = 0UL; seed < 200; seed++)
        {
            var decided = Case(new Rng(seed)) with { Request = new DecisionRequest() };
            using var outcome = decided.Decide();
            for (var place = 0; place < outcome.Actions.Length; place++)
            {
                if (outcome.Actions[place].Verdict != ActionVerdict.Ranked || place == outcome.Choice.Best || new SmallestChange(place).Of(decided, outcome) is not [var worth])
                    continue;

                compared++;
                var less = worth with { To = (double)worth.To! - 0.0101 };
                Assert.NotEqual(place, Best(decided, place, (_, action) => action["value"]!["lifetime"] = Added(less)));
            }
        }

        Assert.True(compared > 5, $"{compared}");
    }

    /// <summary>The changes that are named for the losers of a random case, each of which has been tried.</summary>
    private static List<IReadOnlyList<DecisionChange>> Named(ulong seed)
    {
        var named = new List<IReadOnlyList<DecisionChange>>();
        var decided = Case(new Rng(seed));
        using var outcome = decided.Decide();
        for (var place = 0; place < outcome.Actions.Length; place++)
        {
            var search = new SmallestChange(place);
            if (place == outcome.Choice.Best || decided.Strategy.Strategy.Actions[place].Source.Kind == ActionKind.None || search.Of(decided, outcome) is not { } changes)
                continue;

            named.Add(changes);
            Assert.NotEmpty(changes);
            var worth = changes.FirstOrDefault(change => change.What == "value");
            Wins(search.Changed!, place, worth is null ? null : (_, action) => action["value"]!["lifetime"] = Added(worth));
            if (worth?.Lever is { } lever)
                Wins(search.Changed!, place, (_, action) => action["lever"] = lever);
        }

        return named;
    }

    private static string Added(DecisionChange worth) =>
        FormattableString.Invariant($"{(double)worth.To! - (double)worth.From!:F6}");

    private static void Wins(DecisionCase decided, int place, Action<JsonObject, JsonObject>? change) =>
        Assert.Equal(place, change is null ? BestOf(decided) : Best(decided, place, change));

    /// <summary>Decides anew by a strategy that has been written anew.</summary>
    private static int Best(DecisionCase decided, int place, Action<JsonObject, JsonObject> change)
    {
        var strategy = (JsonObject)Documents[decided.Strategy.Digest].DeepClone();
        change(strategy, strategy["actions"]![place]!.AsObject());
        return BestOf(decided with { Strategy = new ReadyStrategy(strategy, decided.Strategy.Learning) });
    }

    private static int BestOf(DecisionCase decided)
    {
        using var outcome = decided.Decide();
        return outcome.Choice.Best;
    }

    private static readonly Dictionary<string, JsonObject> Documents = [];

    private static DecisionCase Case(Rng rng)
    {
        var actions = new JsonArray();
        for (var place = 0; place < 6; place++)
        {
            actions.Add((JsonNode)new JsonObject
            {
                ["id"] = $"a{place}", ["kind"] = rng.Below(3) == 0 ? "service" : "offer", ["channels"] = new JsonArray("email", rng.Below(2) == 0 ? "app" : "sms"),
                ["eligibility"] = Rules[rng.Below(Rules.Length)], ["applicability"] = Rules[rng.Below(Rules.Length)], ["suitability"] = Rules[rng.Below(Rules.Length)],
                ["propensity"] = new JsonObject { ["prior"] = new JsonObject { ["alpha"] = 1 + rng.Below(20), ["beta"] = 100 } },
                ["value"] = new JsonObject { ["margin"] = $"{rng.Below(200)}.50", ["expectedLoss"] = $"{rng.Below(60)}.00" },
                ["cost"] = new JsonObject { ["email"] = "0.05" }, ["lever"] = (rng.Below(20) + 1) / 10.0,
            });
        }

        actions.Add((JsonNode)new JsonObject { ["id"] = "nothing", ["kind"] = "none" });
        var document = new JsonObject
        {
            ["id"] = "drawn", ["version"] = 1, ["objectives"] = new JsonObject { ["revenue"] = 1.0, ["risk"] = 1.2, ["experience"] = 0.4 }, ["actions"] = actions,
        };
        var strategy = new ReadyStrategy(document);
        Documents[strategy.Digest] = document;
        var request = rng.Below(3) switch { 0 => new DecisionRequest("app"), 1 => new DecisionRequest(Actions: ["a0", "a1", "nothing"]), _ => new DecisionRequest() };
        return new DecisionCase("drawn", strategy, Customer(rng), Policies, request, DecisionGroups.None with { Universal = rng.Below(10) == 0 });
    }

    private static CustomerSnapshot Customer(Rng rng)
    {
        var features = new float[FeatureCatalogue.Count];
        foreach (var (name, most) in new[] { ("tenure_days", 600), ("returns_90d", 4), ("purchases_30d", 6) })
            features[FeatureCatalogue.IndexOf(name)] = rng.Below(8) == 0 ? float.NaN : rng.Below(most);
        features[FeatureCatalogue.IndexOf("utilisation")] = rng.Below(100) / 100f;
        features[FeatureCatalogue.IndexOf("share_travel")] = rng.Below(20) / 100f;
        var profile = new JsonObject
        {
            ["country"] = "DE", ["timeZone"] = "Europe/Berlin", ["email"] = true, ["phone"] = rng.Below(3) == 0 ? null : true, ["monthlyIncome"] = 1000 + rng.Below(1000),
            ["segment"] = rng.Below(2) == 0 ? "mass" : "young", ["products"] = new JsonObject { ["card"] = rng.Below(2) == 0 ? "classic" : "gold" },
            ["flags"] = new JsonObject { ["hardship"] = rng.Below(4) == 0 },
        };
        var contacts = ContactLedger.Empty;
        for (var number = rng.Below(4); number > 0; number--)
            contacts = contacts.With(new Contact($"m{number}", "email", "service", Product.Now.AddDays(-number * 3), Contact.Sent));
        return new CustomerSnapshot
        {
            Now = Product.Now, Profile = profile, Contacts = contacts, Features = features, Scores = new float[ScoreCatalogue.Count],
            Consents = rng.Below(2) == 0 ? [] : [new Consent("marketing", "email", ConsentStatus.Granted, Product.Now.AddDays(-9), null)],
            Answers = rng.Below(2) == 0 ? [] : [new ActionAnswer("a1", true, Product.Now.AddDays(-20))],
            Models = [new ModelScore("churn", 1, rng.Below(100) / 1000f)],
        };
    }
}
