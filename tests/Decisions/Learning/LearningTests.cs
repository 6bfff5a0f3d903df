using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Decisions.Learning;
using ServerlessCLM.Emulator;
using ServerlessCLM.Tests.Emulator;

namespace ServerlessCLM.Tests.Decisions.Learning;

public sealed class LearningTests
{
    private const string Decisions = "api/customers/C-1/decisions";

    [Fact]
    public async Task An_answer_is_learned_once_and_the_next_decision_believes_it()
    {
        await using var product = await WithCustomersAsync(1);
        var (_, decision) = await product.SendAsync(HttpMethod.Post, Decisions, """{"channel":"app"}""");
        var id = (string)decision!["decisionId"]!;
        Assert.Equal("gold", (string)decision["chosen"]!);
        product.Clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var outcome in (string[])["impression", "accept"])
            Assert.Equal(202, (await TellAsync(product, id, outcome)).Status);
        await LearnAsync(product);

        var (_, learning) = await product.SendAsync(HttpMethod.Get, "api/strategies/cards/learning");
        var answer = Assert.Single(learning!["answers"]!.AsArray())!;
        Assert.Equal(("gold", "app", 1L, 1L), ((string)answer["action"]!, (string)answer["channel"]!, (long)answer["asked"]!, (long)answer["accepted"]!));

        // The hub delivers what it delivered before: nothing is added.
        var again = product.Get<EventHubsNamespace>().ReadAll(EventStreams.SignalsHub).ToList();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => product.Get<AnswerLearning>().TakeAsync(again, CancellationToken.None)));
        Assert.Equal(learning.ToJsonString(), (await product.SendAsync(HttpMethod.Get, "api/strategies/cards/learning")).Body!.ToJsonString());

        // Long enough for the contact to weigh on no cap any more.
        product.Clock.Advance(TimeSpan.FromDays(40));
        var (_, next) = await product.SendAsync(HttpMethod.Post, Decisions, """{"channel":"app"}""");
        var (_, record) = await product.SendAsync(HttpMethod.Get, $"api/decisions/{next!["decisionId"]}");
        Assert.Equal(3.0 / 101, (double)record!["actions"]![0]!["propensity"]!, 6);
        var (_, replay) = await product.SendAsync(HttpMethod.Post, $"api/decisions/{next["decisionId"]}/replay");
        Assert.True((bool)replay!["identical"]!, replay.ToJsonString());
    }

    [Fact]
    public async Task An_outcome_that_cannot_be_is_a_problem_and_changes_nothing()
    {
        await using var product = await WithCustomersAsync(2);
        var (_, decision) = await product.SendAsync(HttpMethod.Post, Decisions, """{"channel":"app"}""");
        var id = (string)decision!["decisionId"]!;
        product.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(202, (await TellAsync(product, id, "accept")).Status);
        await LearnAsync(product);
        var before = await product.BlockAsync("C-1");
        foreach (var (body, field) in new[]
        {
            (Outcome("no-such-decision", "click"), "data.decisionId"), (Outcome("a decision / with ? signs", "click"), "data.decisionId"),
            (Outcome(id, "click", customer: "C-2"), "data.decisionId"), (Outcome(id, "accept", "another-id"), "data.outcome"),
            (Outcome(id, "click", at: Product.Now.AddSeconds(-1)), "time"), (Outcome(id, "applaud"), "data.outcome"),
            (Outcome(id, "click").Replace("outcome.v1", "lifecycle.v1", StringComparison.Ordinal), "data.event"),
            (Outcome(id, "click").Replace("\"decisionId\"", "\"message\"", StringComparison.Ordinal), "data.decisionId"),
        })
        {
            var (status, problem) = await product.SendAsync(HttpMethod.Post, "api/outcomes", body);
            Assert.Equal((400, field), (status, (string)problem!["field"]!));
        }

        var (_, mixed) = await product.SendAsync(HttpMethod.Post, "api/outcomes", $"[{Outcome(id, "click")},{Outcome(id, "click")},{Outcome("x", "click")}]");
        Assert.Equal("1 1,2", $"{mixed!["accepted"]} {string.Join(',', mixed["refused"]!.AsArray().Select(each => (int)each!["index"]!))}");
        await LearnAsync(product);
        var (_, learning) = await product.SendAsync(HttpMethod.Get, "api/strategies/cards/learning");
        Assert.Equal(1L, (long)Assert.Single(learning!["answers"]!.AsArray())!["asked"]!);
        Assert.NotEqual(before, await product.BlockAsync("C-1"));
    }

    /// <summary>Whoever did not hear that it was taken tells the same outcome again, and it counts by now.</summary>
    [Fact]
    public async Task An_outcome_told_again_after_its_answer_was_lost_was_refused()
    {
        await using var product = await WithCustomersAsync(1);
        var (_, decision) = await product.SendAsync(HttpMethod.Post, Decisions, """{"channel":"app"}""");
        product.Clock.Advance(TimeSpan.FromMinutes(1));
        var outcome = Outcome((string)decision!["decisionId"]!, "accept", "O-1");
        for (var i = 0; i < 2; i++)
        {
            var (status, taken) = await product.SendAsync(HttpMethod.Post, "api/outcomes", outcome);
            Assert.Equal((202, 1), (status, (int)taken!["accepted"]!));
            await LearnAsync(product);
        }

        var (_, learning) = await product.SendAsync(HttpMethod.Get, "api/strategies/cards/learning");
        Assert.Equal(1L, (long)Assert.Single(learning!["answers"]!.AsArray())!["accepted"]!);
        Assert.Equal(400, (await product.SendAsync(HttpMethod.Post, "api/outcomes", outcome.Replace("O-1", "O-2", StringComparison.Ordinal))).Status);
    }

    /// <summary>An outcome that reached the stream past the edge, as from another system, is set aside where it cannot be.</summary>
    [Fact]
    public async Task On_the_stream_an_outcome_told_twice_is_set_aside()
    {
        await using var product = await WithCustomersAsync(1);
        var (_, decision) = await product.SendAsync(HttpMethod.Post, Decisions, """{"channel":"app"}""");
        product.Clock.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 2; i++)
            Assert.Equal(202, (await product.SendAsync(HttpMethod.Post, "api/events", Outcome((string)decision!["decisionId"]!, "accept", $"O-{i}"))).Status);
        await LearnAsync(product);
        var (_, letters) = await product.SendAsync(HttpMethod.Get, "api/dead-letters/events");
        Assert.Contains("accept was told before of this decision", letters!.ToJsonString(), StringComparison.Ordinal);
        var (_, learning) = await product.SendAsync(HttpMethod.Get, "api/strategies/cards/learning");
        Assert.Equal(1L, (long)Assert.Single(learning!["answers"]!.AsArray())!["accepted"]!);
    }

    /// <summary>
    /// Half of the customers accept with 0.4 and are asked always; the others accept with 0.1 and are asked one time in ten. Weighted by the probability
    /// of the choice the share is that of all, 0.25; counted plainly it would be 0.37.
    /// </summary>
    [Fact]
    public void What_is_learned_is_of_all_customers_and_not_of_those_who_were_likely_to_be_asked()
    {
        var (random, sums) = (new Rng(7), default(AnswerSums));
        for (var i = 0; i < 40_000; i++)
        {
            var (probability, accepts) = i % 2 == 0 ? (1.0, 400) : (0.1, 100);
            if (random.Below(1000) >= probability * 1000)
                continue;
            var decided = new DecisionAttribution(Product.Now, "cards", "gold", "app", probability, Budgeted: false, random.Below(1000) < accepts ? ["accept"] : ["impression"]);
            sums += decided.Sums;
        }

        var strategy = Strategy.Read(StrategyInForce.Cards());
        var learned = StrategyLearner.Of(strategy, StrategySums.None with { Answers = new Dictionary<(string, string), AnswerSums> { [("gold", "app")] = sums } }, null, Product.Now);
        var counts = learned.Answers["gold"];
        Assert.Equal(0.25, counts.Accepted / (counts.Accepted + counts.Declined), 0.02);
        Assert.True((double)sums.Accepted / sums.Asked > 0.35);
        Assert.InRange(counts.Accepted + counts.Declined, 1, sums.Asked);
    }

    internal static async Task<Product> WithCustomersAsync(int customers, JsonObject? strategy = null)
    {
        var product = await Product.StartAsync();
        for (var i = 1; i <= customers; i++)
        {
            await product.SendAsync(HttpMethod.Put, $"api/customers/C-{i}/profile",
                $$"""{"country":"DE","timeZone":"Europe/Berlin","email":"c@bank.example","monthlyIncome":{{1000 * i}},"products":{"card":"classic"},"flags":{} }""");
            await product.SendAsync(HttpMethod.Put, $"api/customers/C-{i}/consents/marketing/app", """{"status":"granted"}""");
        }

        await StrategyInForce.PutAsync(product, strategy ?? StrategyInForce.Cards());
        return product;
    }

    private static Task<(int Status, JsonNode? Body)> TellAsync(Product product, string decision, string outcome) =>
        product.SendAsync(HttpMethod.Post, "api/outcomes", Outcome(decision, outcome));

    /// <summary>Waits until what has been told is counted.</summary>
    internal static async Task LearnAsync(Product product)
    {
        await product.DrainAsync(EventStreams.EventsHub);
        await product.Get<EventHubsNamespace>().WaitUntilDrainedAsync(EventStreams.SignalsHub, Functions.Decisions.LearnAnswers.ConsumerGroup);
    }

    private static string Outcome(string decision, string outcome, string? id = null, string customer = "C-1", DateTimeOffset? at = null) => $$"""
        {"specversion":"1.0","id":"{{id ?? $"{decision.Length}-{outcome}"}}","source":"/app","type":"clm.outcome.v1","subject":"{{customer}}",
         "time":"{{Instant.Text(at ?? Product.Now.AddSeconds(30))}}","data":{"outcome":"{{outcome}}","channel":"app","purpose":"marketing","decisionId":"{{decision}}"} }
        """;
}
