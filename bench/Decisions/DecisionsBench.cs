using System.Diagnostics;
using ServerlessCLM.Conditions;
using ServerlessCLM.Decisions;
using ServerlessCLM.Features;
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
        }

        foreach (var budgets in (int[])[1, 4])
            Prices(output, budgets);
    }

    private static void Measure(TextWriter output, int actions, double exploration)
    {
        var vocabulary = DecisionVocabulary.Of(ScoreCatalogue.All.Select(score => score.Name));
        var strategy = CompiledStrategy.Of(new Strategy("bench", 1, new Objectives(1, 1.2, 0.4), [.. Enumerable.Range(0, actions).Select(Action)])
        {
            Exploration = new Exploration(ExplorationMethod.Thompson, exploration),
            Budgets = [new Budget("bonus", "EUR", 1000m, "P1M")],
        }, vocabulary);
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

    private static StrategyAction Action(int place) => new($"action-{place}", ActionKind.Offer)
    {
        Channels = ["app", "email"],
        Eligibility = $"profile.country == 'DE' && features.tenure_days >= {place % 7 * 60}",
        Applicability = $"!accepted('action-{place}', duration('8760h')) && features.purchases_30d > {place % 3}",
        Suitability = "features.returns_90d < 2 && !flags.hardship",
        Propensity = new PropensitySource(new BetaPrior(2 + (place % 5), 98 - (place % 50))),
        Value = new ActionValue(Margin: $"{80 + (place % 40)}.00", ExpectedLoss: "features.utilisation * 0.02 * 500.0", Lifetime: "15.00"),
        Cost = new Dictionary<string, decimal> { ["email"] = 0.002m },
        Context = "features.share_travel > 0.1 ? 1.3 : 1.0",
        Uses = new Dictionary<string, decimal> { ["bonus"] = 5m },
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
