using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Scoring.Lifecycle;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Functions.Console;

/// <summary>What the console shows of all customers together, from figures that are kept.</summary>
public sealed class OverviewRoutes(StageCensus census, ActivityLedger ledger, TimeProvider time)
{
    private const int MaxPage = 1000;

    /// <summary>Customers that a count by hand looks at: an answer takes seconds then.</summary>
    private const int MostByHand = 5000;

    [Function("GetOverview")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "overview")] HttpRequest request, CancellationToken cancellation)
    {
        _ = request;
        var (activity, stages) = (await ledger.ReadAsync(cancellation), await census.ReadAsync(cancellation));
        var taken = activity.Today.Payments + activity.Today.Events;
        return JsonAnswer.Of(new JsonObject
        {
            ["asOf"] = Instant.Text(time.GetUtcNow()),
            ["stages"] = stages is null ? null : Describe(stages),
            ["today"] = Describe(activity.Today),
            ["scoredShare"] = taken + activity.Today.Rejected == 0 ? null : (double)taken / (taken + activity.Today.Rejected),
            ["minutes"] = new JsonArray([.. activity.Minutes.Select(minute => (JsonNode)new JsonObject { ["at"] = Instant.Text(minute.Key), ["activity"] = Describe(minute.Value) })]),
        });
    }

    /// <remarks>The day's count goes on, or is done again when it is done; a large institution's goes on by the timer.</remarks>
    [Function("CountStages")]
    public async Task<IResult> CountAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "overview/stages")] HttpRequest request, CancellationToken cancellation)
    {
        _ = request;
        return JsonAnswer.Of(new JsonObject { ["customers"] = await census.GoOnAsync(MostByHand, anew: true, cancellation) });
    }

    [Function("ListCustomers")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "customers")] HttpRequest request, CancellationToken cancellation)
    {
        var size = 100;
        if (request.Query["size"].ToString() is { Length: > 0 } given
            && (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size is < 1 or > MaxPage))
            return Problems.Invalid("size", $"must be a whole number from 1 to {MaxPage}");

        var (prefix, after) = (request.Query["prefix"].ToString(), request.Query["after"].ToString());
        if (prefix.Length > 0 && !CustomerId.TryParse(prefix, out _))
            return Problems.Invalid("prefix", $"must be the start of a customer id: {CustomerId.Rule}");

        if (after.Length > 0 && !CustomerId.TryParse(after, out _))
            return Problems.Invalid("after", "must be that of an earlier answer");

        var stages = LifecycleStages.All;
        if (request.Query["stage"].ToString() is { Length: > 0 } wanted)
        {
            stages = [.. stages.Where(stage => StageCensus.NameOf(stage) == wanted)];
            if (stages.Count == 0)
                return Problems.Invalid("stage", $"must be one of {string.Join(", ", LifecycleStages.All.Select(StageCensus.NameOf))}");
        }

        var found = new List<StagedCustomer>();
        foreach (var stage in stages)
            found.AddRange(await census.ListAsync(stage, prefix, size + 1, after, cancellation));
        var page = found.OrderBy(each => each.Customer, StringComparer.Ordinal).Take(size).ToList();
        return JsonAnswer.Of(new JsonObject
        {
            ["customers"] = new JsonArray([.. page.Select(each => (JsonNode)new JsonObject
            {
                ["customerId"] = each.Customer, ["stage"] = StageCensus.NameOf(each.Stage), ["since"] = Instant.Text(each.Since),
            })]),
            ["after"] = found.Count > size ? page[^1].Customer : null,
        });
    }

    [Function("ListTimers")]
    public IResult ListTimers([HttpTrigger(AuthorizationLevel.Function, "get", Route = "timers")] HttpRequest request)
    {
        _ = request;
        var timers =
            from type in typeof(OverviewRoutes).Assembly.GetTypes()
            from method in type.GetMethods()
            let function = method.GetCustomAttribute<FunctionAttribute>()
            where function is not null
            let timer = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<TimerTriggerAttribute>()).FirstOrDefault(found => found is not null)
            where timer is not null
            orderby function.Name
            select (JsonNode)new JsonObject { ["name"] = function.Name, ["schedule"] = timer.Schedule };
        return JsonAnswer.Of(new JsonObject { ["timers"] = new JsonArray([.. timers]) });
    }

    private static JsonObject Describe(StageTotals stages) => new()
    {
        ["at"] = Instant.Text(stages.At),
        ["customers"] = new JsonArray([.. LifecycleStages.All.Select(stage => (JsonNode)new JsonObject
        {
            ["stage"] = StageCensus.NameOf(stage), ["customers"] = stages.Customers[(int)stage],
        })]),
        ["moves"] = new JsonArray([.. stages.Moves.Select(move => (JsonNode)new JsonObject
        {
            ["day"] = move.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["from"] = move.From is { } from ? StageCensus.NameOf(from) : null, ["to"] = StageCensus.NameOf(move.To), ["customers"] = move.Customers,
        })]),
    };

    private static JsonObject Describe(ActivityCount counted) => new()
    {
        ["payments"] = counted.Payments, ["events"] = counted.Events, ["rejected"] = counted.Rejected, ["signals"] = counted.Signals, ["decisions"] = counted.Decisions,
        ["contacts"] = counted.Contacts, ["deadLetters"] = counted.DeadLetters, ["findings"] = counted.Findings, ["lagSeconds"] = Math.Round(counted.LagSeconds, 3),
    };
}
