using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Journeys;

namespace ServerlessCLM.Functions.Journeys;

/// <summary>Journeys in force, where everyone is in them, and their migration.</summary>
public sealed class JourneyRoutes(LiveJourneys live, JourneyTotals totals, JourneyMigration migration)
{
    [Function("ListJourneys")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "journeys")] HttpRequest request, CancellationToken cancellation)
    {
        var journeys = new JsonArray();
        foreach (var compiled in (await live.GetAsync(cancellation)).Values.OrderBy(each => each.Document.Id, StringComparer.Ordinal))
        {
            var (head, figures) = (Head(compiled), await totals.ReadAsync(compiled.Document.Id, compiled.Document.Version, cancellation));
            (head["entered"], head["running"], head["goals"]) = (figures.Entered, figures.Running, figures.Goals);
            journeys.Add(head);
        }

        return JsonAnswer.Of(new JsonObject { ["journeys"] = journeys });
    }

    /// <remarks>Of the version in force, or <c>?version=</c> another: by node how many are there, came through, and reached the goal.</remarks>
    [Function("GetJourney")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "journeys/{id}")] HttpRequest request, string id, CancellationToken cancellation)
    {
        var compiled = (await live.GetAsync(cancellation)).GetValueOrDefault(id);
        var version = compiled?.Document.Version ?? 0;
        if (request.Query["version"].ToString() is { Length: > 0 } asked && !int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out version))
            return Problems.Invalid("version", "must be a whole number");
        if (compiled is null)
            return Unknown(id);

        var figures = await totals.ReadAsync(id, version, cancellation);
        var answer = Head(compiled);
        (answer["version"], answer["entered"], answer["running"], answer["goals"], answer["value"]) = (version, figures.Entered, figures.Running, figures.Goals, figures.Value);
        answer["conversion"] = Share(figures.Goals, figures.Entered);
        answer["ended"] = new JsonObject(figures.Ended.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => KeyValuePair.Create(each.Key, (JsonNode?)each.Value)));
        var nodes = version == compiled.Document.Version ? compiled.Document.Nodes.Keys.Union(figures.Nodes.Keys, StringComparer.Ordinal) : figures.Nodes.Keys.Order(StringComparer.Ordinal);
        answer["steps"] = new JsonArray([.. nodes.Select(node =>
        {
            var step = figures.Nodes.GetValueOrDefault(node);
            return (JsonNode)new JsonObject
            {
                ["node"] = node, ["kind"] = compiled.Document.Nodes.GetValueOrDefault(node)?.Kind, ["there"] = step.Reached - step.Left, ["reached"] = step.Reached,
                ["customers"] = step.Customers, ["converted"] = step.Converted, ["conversion"] = Share(step.Converted, step.Customers),
            };
        })]);
        return JsonAnswer.Of(answer);
    }

    /// <remarks>
    /// Body: from and to, versions; map, nodes of the one by nodes of the other where names have changed; dryRun, true unless given. Answers who would move
    /// where, who cannot, and who would be sent again what they were sent.
    /// </remarks>
    [Function("MigrateJourney")]
    public async Task<IResult> MigrateAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "journeys/{id}/migration")] HttpRequest request, string id,
        [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation);
        if (problem is not null)
            return problem;
        if (MigrationRequest.Read(body!, out var asked) is { } wrong)
            return Problems.Invalid(wrong);
        if (await migration.PlanAsync(id, asked, cancellation) is var (plan, fault) && plan is null)
            return Problems.Invalid(fault!.Value);

        if (!asked.DryRun)
            await client.TellAsync(migration.NewsOf(plan), cancellation);
        return JsonAnswer.Of(new JsonObject
        {
            ["journey"] = id, ["from"] = asked.From, ["to"] = asked.To, ["dryRun"] = asked.DryRun, ["moving"] = plan.Moves.Count, ["staying"] = plan.Stays.Count,
            ["messagedAgain"] = plan.Moves.Count(move => move.Again.Count > 0),
            ["moves"] = new JsonArray([.. plan.Moves.Select(move => (JsonNode)new JsonObject
            {
                ["customerId"] = move.Customer.Value, ["instance"] = move.Instance, ["from"] = move.From, ["to"] = move.To,
                ["messagedAgain"] = new JsonArray([.. move.Again.Select(template => (JsonNode)template)]),
            })]),
            ["stays"] = new JsonArray([.. plan.Stays.Select(stay => (JsonNode)new JsonObject
            {
                ["customerId"] = stay.Customer.Value, ["instance"] = stay.Instance, ["node"] = stay.Node, ["reason"] = stay.Reason,
            })]),
        });
    }

    internal static IResult Unknown(string id) => Problems.NotFound($"no journey {Rejection.Shorten(id, 64)} is in force; approve its document under documents/journeys/{Rejection.Shorten(id, 64)}");

    private static JsonObject Head(CompiledJourney compiled) => new()
    {
        ["id"] = compiled.Document.Id, ["version"] = compiled.Document.Version, ["title"] = compiled.Document.Title, ["digest"] = compiled.Digest,
        ["stage"] = JsonNamingPolicy.CamelCase.ConvertName(compiled.Document.Stage.ToString()), ["sector"] = JsonNamingPolicy.CamelCase.ConvertName(compiled.Document.Sector.ToString()),
        ["purpose"] = compiled.Document.Purpose, ["priority"] = compiled.Document.Priority, ["lane"] = compiled.Document.Lane,
    };

    private static JsonNode? Share(long part, long whole) => whole == 0 ? null : JsonValue.Create(Math.Round((double)part / whole, 4));
}
