using System.Diagnostics;
using System.Text.Json.Nodes;
using ServerlessCLM.Conditions;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Features;
using ServerlessCLM.Governance;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Bench.Decisions;

/// <summary>Arbitration: decisions per second of processor time with 100 and 1,000 actions, and shadow prices over a portfolio.</summary>
internal static class DecisionsBench
{
    private const int Customers = 256;

    public static void Run(TextWriter output)
    {
        foreach (var actions in (int[])[100, 1000])
        {
            Measure(output, actions, exploration: 0);
            Measure(output, actions, exploration: 0.05);
            Records(output, actions);
        }

        foreach (var budgets in (int[])[1, 4])
            Prices(output, budgets);
    }

    private static void Measure(TextWriter output, int actions, double exploration)
    {
        var vocabulary = DecisionVocabulary.Of(ScoreCatalogue.All.Select(score => score.Name));
        var strategy = CompiledStrategy.Of(Strategy.Read(Document(actions, exploration)), vocabulary);
        var beliefs = PropensityBeliefs.Of(strategy);
        var workspace = new ArbitrationWorkspace(strategy);
        var inputs = Enumerable.Range(0, Customers).Select(Inputs).ToArray();
        var rounds = 200_000 / actions;
        double[] prices = [0.01];
        var (rates, ranked, explored) = (new double[5], 0L, 0L);
        ulong seed = 0;
        var before = 0L;
        for (var run = -2; run < rates.Length; run++)
        {
            if (run == 0)
                before = GC.GetAllocatedBytesForCurrentThread();
            var started = Environment.CpuUsage.UserTime;
            for (var i = 0; i < rounds; i++)
            {
                var choice = Arbitration.Decide(strategy, beliefs, inputs[i % Customers], [], "email", prices, seed++, workspace);
                explored += choice.Explored ? 1 : 0;
                ranked += run < 0 ? workspace.Outcomes.Count(outcome => outcome.Verdict == ActionVerdict.Ranked) : 0;
            }

            rates[Math.Max(run, 0)] = rounds / (Environment.CpuUsage.UserTime - started).TotalSeconds;
        }

        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(rounds * rates.Length);
        Array.Sort(rates);
        output.WriteLine($"{actions,5:N0} actions, {exploration:P0} explore: {rates[2],9:N0} decisions/s ({1e6 / rates[2]:N1} µs), {allocated:N2} bytes allocated; "
            + $"{ranked / (2.0 * rounds):N0} ranked, {explored:N0} explored");
    }

    /// <summary>A strategy of many actions, each with rules of its own.</summary>
    public static JsonObject Document(int actions, double exploration) => new()
    {
        ["id"] = "bench", ["version"] = 1,
        ["objectives"] = new JsonObject { ["revenue"] = 1.0, ["risk"] = 1.2, ["experience"] = 0.4 },
        ["exploration"] = new JsonObject { ["method"] = exploration > 0 ? "thompson" : "none", ["share"] = exploration },
        ["budgets"] = new JsonArray(new JsonObject { ["id"] = "bonus", ["unit"] = "EUR", ["limit"] = "1000.00", ["per"] = "P1M" }),
        ["actions"] = new JsonArray([.. Enumerable.Range(0, actions).Select(place => (JsonNode)new JsonObject
        {
            ["id"] = $"action-{place}", ["kind"] = "offer", ["channels"] = new JsonArray("app", "email"),
            ["eligibility"] = $"profile.country == 'DE' && features.tenure_days >= {place % 7 * 60}",
            ["applicability"] = $"!accepted('action-{place}', duration('8760h')) && features.purchases_30d > {place % 3}",
            ["suitability"] = "features.returns_90d < 2 && !flags.hardship",
            ["propensity"] = new JsonObject { ["prior"] = new JsonObject { ["alpha"] = 2 + (place % 5), ["beta"] = 98 - (place % 50) } },
            ["value"] = new JsonObject { ["margin"] = $"{80 + (place % 40)}.00", ["expectedLoss"] = "features.utilisation * 0.02 * 500.0", ["lifetime"] = "15.00" },
            ["cost"] = new JsonObject { ["email"] = "0.002" },
            ["context"] = "features.share_travel > 0.1 ? 1.3 : 1.0",
            ["uses"] = new JsonObject { ["bonus"] = "5.00" },
        })]),
    };

    /// <summary>The whole of a decision but its commit: gate, arbitration, record, compressed.</summary>
    private static void Records(TextWriter output, int actions)
    {
        var strategy = new ReadyStrategy(Document(actions, 0.05));
        var policies = PolicySet.Of(PolicyDefaults.Documents());
        var snapshots = Enumerable.Range(0, Customers).Select(customer => Snapshot(customer)).ToArray();
        var (rates, size, rounds) = (new double[5], 0L, 100_000 / actions);
        for (var run = -2; run < rates.Length; run++)
        {
            var started = Environment.CpuUsage.UserTime;
            for (var i = 0; i < rounds; i++)
            {
                using var outcome = new DecisionCase($"decision {i}", strategy, snapshots[i % Customers], policies, new DecisionRequest("email"), DecisionGroups.None).Decide();
                size = DecisionRecord.Of(CustomerId.Parse("C-1"), "bench", outcome).Seal().Row.Length;
            }

            rates[Math.Max(run, 0)] = rounds / (Environment.CpuUsage.UserTime - started).TotalSeconds;
        }

        Array.Sort(rates);
        output.WriteLine($"{actions,5:N0} actions, with gate and record: {rates[2],9:N0} decisions/s ({1e6 / rates[2]:N0} µs); a record of {size:N0} bytes");
    }

    private static CustomerSnapshot Snapshot(int customer) => new()
    {
        Now = Inputs(customer).Now, Features = Inputs(customer).Features, Scores = new float[ScoreCatalogue.Count], Models = [], Contacts = ContactLedger.Empty, Answers = [],
        Profile = new JsonObject { ["country"] = "DE", ["timeZone"] = "Europe/Berlin", ["email"] = true },
        Consents = [new Consent("marketing", "email", ConsentStatus.Granted, Inputs(customer).Now.AddDays(-1), null)],
    };

    private static DecisionInputs Inputs(int customer)
    {
        var features = new float[FeatureCatalogue.Count];
        foreach (var (name, value) in new[] { ("tenure_days", 100 + (customer * 3)), ("purchases_30d", customer % 9), ("returns_90d", customer % 17 == 0 ? 3f : 0), ("utilisation", customer % 10 / 10f), ("share_travel", customer % 4 / 10f) })
            features[FeatureCatalogue.IndexOf(name)] = value;
        var now = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
        return new DecisionInputs
        {
            Features = features, Scores = new float[ScoreCatalogue.Count], ScoreChanges = new float[ScoreCatalogue.Count], Now = now, Local = now,
            Profile = new Dictionary<Value, Value> { [Value.Of("country")] = Value.Of("DE") }, Flags = new Dictionary<Value, Value>(),
            Answers = [("action-3", true, now.AddDays(-20)), ("action-9", false, now.AddDays(-3)), ("action-12", true, now.AddDays(-900))],
        };
    }

    private static void Prices(TextWriter output, int budgets)
    {
        const int Many = 100_000, Options = 5;
        var portfolio = new Portfolio([.. Enumerable.Repeat(Many * 0.6 / budgets, budgets)]);
        var state = 1UL;
        for (var customer = 0; customer < Many; customer++)
        {
            for (var option = 0; option < Options; option++)
                portfolio.Add(Next(ref state) % 10_000 / 100.0, ((int)(Next(ref state) % (ulong)budgets), 1 + (Next(ref state) % 300 / 100.0)));
            portfolio.EndCustomer();
        }

        var started = Stopwatch.GetTimestamp();
        var before = Environment.CpuUsage.UserTime;
        var plan = ShadowPrices.Solve(portfolio);
        output.WriteLine($"{Many:N0} customers × {Options} options, {budgets} budgets: gap {plan.Gap:P4}, {(Environment.CpuUsage.UserTime - before).TotalSeconds:N1} s of processor time "
            + $"({Stopwatch.GetElapsedTime(started).TotalSeconds:N1} s)");
    }

    private static ulong Next(ref ulong state) => Digest64.Of(BitConverter.GetBytes(state++));
}
