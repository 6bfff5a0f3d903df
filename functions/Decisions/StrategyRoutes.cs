using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Decisions;
using ServerlessCLM.Decisions.Learning;
using ServerlessCLM.Documents;
using ServerlessCLM.Experiments;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Functions.Decisions;

/// <summary>What a strategy has learned, and what a draft of it would do.</summary>
public sealed class StrategyRoutes(
    LiveStrategies strategies, StrategyLearner learner, StrategyTotals totals, PublishedPrices prices, DocumentStore documents, CustomerSampler sampler,
    Policies policies, UniversalHoldout holdout, TimeProvider time)
{
    private const int FewestCustomers = 1, MostCustomers = 2000, UsualCustomers = 500;

    /// <remarks>Answers by action and channel, and where each budget of the version in force stands.</remarks>
    [Function("GetStrategyLearning")]
    public async Task<IResult> GetLearningAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "strategies/{id}/learning")] HttpRequest request, string id, CancellationToken cancellation)
    {
        if ((await strategies.GetAsync(cancellation)).FirstOrDefault(each => each.Strategy.Source.Id == id) is not { } strategy)
            return Problems.NotFound($"no strategy {Rejection.Shorten(id, 64)} is in force");

        var (source, now) = (strategy.Strategy.Source, time.GetUtcNow());
        var sums = await totals.ReadAsync(id, now, cancellation);
        var learning = await learner.LearnAsync(source, now, cancellation);
        var solution = await prices.FindAsync(id, cancellation);
        return JsonAnswer.Of(new JsonObject
        {
            ["strategy"] = strategy.Name,
            ["answers"] = new JsonArray([.. sums.Answers.OrderBy(each => each.Key.Action, StringComparer.Ordinal).ThenBy(each => each.Key.Channel, StringComparer.Ordinal)
                .Select(each => (JsonNode)new JsonObject
                {
                    ["action"] = each.Key.Action, ["channel"] = each.Key.Channel, ["asked"] = each.Value.Asked, ["accepted"] = each.Value.Accepted,
                    ["effectiveAsked"] = each.Value.EffectiveAsked, ["acceptedShare"] = each.Value.Weight > 0 ? each.Value.AcceptedShare : null,
                })]),
            ["budgets"] = new JsonArray([.. source.Budgets.Select((budget, place) => (JsonNode)new JsonObject
            {
                ["id"] = budget.Id, ["unit"] = budget.Unit, ["limit"] = budget.Limit, ["per"] = budget.Per, ["left"] = learning.Budgets[place].Left,
                ["price"] = learning.Budgets[place].Price,
            })]),
            ["priced"] = solution is null ? null : JsonSerializer.SerializeToNode(solution, PricesJson.Default.PriceSolution),
        });
    }

    /// <remarks>
    /// A draft against the version in force, on a sample of customers: <c>{"version": 3, "customers": 500}</c>, both members optional, the last version
    /// by default. Nothing is kept, counted or sent.
    /// </remarks>
    [Function("SimulateStrategy")]
    public async Task<IResult> SimulateAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "documents/strategies/{id}/simulation")] HttpRequest request, string id,
        CancellationToken cancellation)
    {
        var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation);
        if (problem is not null)
            return problem;

        foreach (var (name, _) in body!)
        {
            if (name is not ("version" or "customers"))
                return Problems.Invalid(Rejection.Shorten(name, 64), "is not a member of a simulation; it has version and customers");
        }

        if (!TryWhole(body["version"], 1, int.MaxValue, out var asked))
            return Problems.Invalid("version", "must be a whole number from 1");
        if (!TryWhole(body["customers"], FewestCustomers, MostCustomers, out var customers))
            return Problems.Invalid("customers", $"must be a whole number from {FewestCustomers} to {MostCustomers}");

        if (await documents.FindAsync("strategy", id, cancellation) is not { } record)
            return Problems.NotFound($"there is no strategy {Rejection.Shorten(id, 64)}");
        if ((asked is { } number ? record.Versions.FirstOrDefault(version => version.Version == number) : record.Versions[^1]) is not { } draft)
            return Problems.NotFound($"strategy {id} has no version {asked}; the last is {record.Versions[^1].Version}");

        var now = time.GetUtcNow();
        var after = await LearnedAsync(id, draft.Digest, now, cancellation);
        var before = record.InForce(now) is { } inForce ? await LearnedAsync(id, inForce.Digest, now, cancellation) : null;
        var sample = await sampler.TakeAsync(customers ?? UsualCustomers, Digest64.Of(id), now, cancellation);
        var result = StrategySimulation.Compare(before, after, sample, await policies.GetAsync(cancellation), holdout);
        return Results.Json(result, SimulationJson.Default.SimulationResult);
    }

    private async Task<ReadyStrategy> LearnedAsync(string id, string digest, DateTimeOffset now, CancellationToken cancellation)
    {
        var strategy = await strategies.OfAsync(id, digest, cancellation);
        return strategy.With(await learner.LearnAsync(strategy.Strategy.Source, now, cancellation));
    }

    private static bool TryWhole(JsonNode? node, int least, int most, out int? whole)
    {
        whole = null;
        if (node is null)
            return true;

        if (node.GetValueKind() != JsonValueKind.Number || !node.AsValue().TryGetValue(out int number) || number < least || number > most)
            return false;

        whole = number;
        return true;
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SimulationResult))]
internal sealed partial class SimulationJson : JsonSerializerContext;
