using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Experiments;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;

namespace ServerlessCLM.Functions.Experiments;

/// <summary>Experiments as they stand, and the arm of a customer. Their documents are under <c>documents/experiments</c>.</summary>
public sealed class ExperimentRoutes(ExperimentRuns runs, LiveExperiments live, CustomerReference names)
{
    [Function("ListExperiments")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "experiments")] HttpRequest request, CancellationToken cancellation) => JsonAnswer.Of(new JsonObject
        {
            ["experiments"] = new JsonArray([.. (await live.GetAsync(cancellation)).Select(each => (JsonNode)Head(each))]),
        });

    [Function("GetExperiment")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "experiments/{id}")] HttpRequest request, string id, CancellationToken cancellation)
    {
        if (await runs.DescribeAsync(id, cancellation) is not { } found)
            return Unknown(id);

        var (experiment, arms, result, course) = found;
        var answer = Head(experiment);
        var metrics = experiment.Document.Metrics.ToList();
        answer["arms"] = new JsonArray([.. arms.Select(arm => (JsonNode)new JsonObject
        {
            ["arm"] = arm.Arm, ["share"] = experiment.Document.Arm(arm.Arm)!.Share, ["use"] = experiment.Document.Arm(arm.Arm)!.Use, ["exposed"] = arm.Exposed,
            ["metrics"] = new JsonArray([.. metrics.Select((metric, place) => (JsonNode)new JsonObject
            {
                ["metric"] = metric.Name, ["units"] = arm.Metrics[place].Units, ["mean"] = Number(arm.Metrics[place].Mean), ["variance"] = Number(arm.Metrics[place].Variance),
            })]),
        })]);
        answer["comparisons"] = new JsonArray([.. result.Comparisons.Select(each => (JsonNode)Comparison(each))]);
        answer["guardrails"] = new JsonArray([.. result.Guardrails.Select(each =>
        {
            var guardrail = Comparison(each.Comparison);
            (guardrail["worse"], guardrail["broken"], guardrail["kept"]) = (each.Worse, each.Broken, each.Kept);
            return (JsonNode)guardrail;
        })]);
        answer["sampleRatioP"] = Number(result.SampleRatioP);
        answer["covariateWeight"] = result.Theta;
        answer["look"] = new JsonObject { ["status"] = result.Status.ToString(), ["winner"] = result.Winner, ["reason"] = result.Reason };
        answer["course"] = new JsonArray([.. course.Select(point => JsonSerializer.SerializeToNode(point, ExperimentsJson.Default.CoursePoint))]);
        return JsonAnswer.Of(answer);
    }

    /// <remarks>The arm of a customer, who counts from the first time on.</remarks>
    [Function("ExposeCustomer")]
    public async Task<IResult> ExposeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "experiments/{id}/exposures")] HttpRequest request, string id, CancellationToken cancellation)
    {
        var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation);
        if (problem is not null)
            return problem;

        if (body!["customerId"] is not { } given || given.GetValueKind() != JsonValueKind.String || !names.TryResolve((string)given!, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);

        try
        {
            return await runs.ExposeAsync(id, customer, cancellation) is var (arm, use, counted)
                ? JsonAnswer.Of(new JsonObject { ["experiment"] = id, ["arm"] = arm, ["use"] = use, ["counted"] = counted })
                : Unknown(id);
        }
        catch (Exception refused) when (refused is CustomerErasedException or CustomerConflictException)
        {
            return Problems.Conflict(refused.Message);
        }
    }

    private static JsonObject Head(LiveExperiment each) => new()
    {
        ["id"] = each.Document.Id, ["version"] = each.Document.Version, ["varies"] = each.Document.Varies, ["status"] = each.State.Status.ToString(),
        ["winner"] = each.State.Winner, ["reason"] = each.State.Reason, ["decidedAt"] = each.State.At is { } at ? Instant.Text(at) : null,
        ["control"] = each.Document.Control, ["looks"] = new JsonArray([.. each.State.Looks.Select(look => (JsonNode)look)]),
    };

    private static JsonObject Comparison(MetricComparison each) => new()
    {
        ["metric"] = each.Metric, ["arm"] = each.Arm, ["difference"] = Number(each.Sequential.Difference),
        ["sequential"] = Interval(each.Sequential), ["atOneLook"] = Interval(each.OneLook),
    };

    private static JsonObject Interval(Comparison interval) =>
        new() { ["low"] = Number(interval.Low), ["high"] = Number(interval.High), ["p"] = Number(interval.P) };

    private static IResult Unknown(string id) => Problems.NotFound($"no experiment {id} is in force; approve its document under documents/experiments/{id}");

    /// <summary>JSON has neither NaN nor infinity: what is not known is null.</summary>
    private static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
