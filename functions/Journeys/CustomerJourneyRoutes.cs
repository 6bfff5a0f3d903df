using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Journeys;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Functions.Journeys;

/// <summary>A customer's journeys: bring them in, tell what happened, look, end.</summary>
public sealed class CustomerJourneyRoutes(JourneyIntake intake, EventIntake events, CustomerReference names, Principals principals, TimeProvider time)
{
    private const string IdempotencyKey = "Idempotency-Key";

    /// <remarks>The body is what the journey's expressions see as signal. The header Idempotency-Key is the entry's cause: repeated, it is the same entry.</remarks>
    [Function("EnterJourney")]
    public async Task<IResult> EnterAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/journeys/{journey}")] HttpRequest request,
        string customerId, string journey, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        if (!names.TryResolve(customerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);
        var (signal, key, problem) = await ReadAsync(request, cancellation);
        if (problem is not null)
            return problem;

        signal["name"] ??= "call";
        signal["at"] ??= Instant.Text(time.GetUtcNow());
        try
        {
            if (await intake.EnterAsync(customer, journey, $"call {key}", "call", signal, cancellation) is not { } result)
                return await intake.BookAsync(customer, cancellation) is null ? CustomerRoutes.Unknown(customer) : JourneyRoutes.Unknown(journey);

            await client.DeliverAsync(result.News, cancellation);
            return result.Entry is { } entry
                ? JsonAnswer.Of(Describe(entry), StatusCodes.Status202Accepted)
                : Results.Problem(detail: $"{journey}: {result.Verdict.Reason}", statusCode: StatusCodes.Status409Conflict, title: "The customer may not enter",
                    extensions: new Dictionary<string, object?> { ["field"] = "journey", ["reason"] = result.Verdict.Reason, ["rule"] = JsonNamingPolicy.CamelCase.ConvertName(result.Verdict.Refusal.ToString()) });
        }
        catch (Exception changed) when (changed is CustomerConflictException or CustomerErasedException)
        {
            return Problems.Conflict(changed.Message);
        }
    }

    /// <remarks>A relationship signal or life event, such as moved_house or complaint; the body is its details. It is the lifecycle event of that name.</remarks>
    [Function("PostSignal")]
    public async Task<IResult> SignalAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/signals/{name}")] HttpRequest request,
        string customerId, string name, CancellationToken cancellation)
    {
        if (!names.TryResolve(customerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);
        var (details, key, problem) = await ReadAsync(request, cancellation);
        if (problem is not null)
            return problem;

        var cloudEvent = new JsonObject
        {
            ["specversion"] = "1.0", ["id"] = $"{name}-{key}", ["source"] = "/clm/api/signals", ["type"] = "clm.lifecycle.v1", ["subject"] = customer.Value,
            ["time"] = Instant.Text(time.GetUtcNow()), ["data"] = new JsonObject { ["event"] = name, ["details"] = details },
        };
        var taken = await events.TakeEventsAsync(Encoding.UTF8.GetBytes(cloudEvent.ToJsonString()), cancellation);
        return taken.Refused is [var refused, ..]
            ? Problems.Invalid(refused.Field == "data.event" ? "name" : refused.Field, refused.Reason)
            : JsonAnswer.Of(new JsonObject { ["signal"] = name, ["id"] = (string)cloudEvent["id"]! }, StatusCodes.Status202Accepted);
    }

    [Function("ListCustomerJourneys")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "customers/{customerId}/journeys")] HttpRequest request,
        string customerId, CancellationToken cancellation)
    {
        if (!names.TryResolve(customerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);

        return await intake.BookAsync(customer, cancellation) is { } book
            ? JsonAnswer.Of(new JsonObject { ["journeys"] = new JsonArray([.. book.Entries.Select(entry => (JsonNode)Describe(entry))]) })
            : CustomerRoutes.Unknown(customer);
    }

    /// <remarks>Ends one run of a journey, named by its instance, whatever it is doing; messages that are on their way are not called back.</remarks>
    [Function("CancelJourney")]
    public async Task<IResult> CancelAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "customers/{customerId}/journeys/{journey}")] HttpRequest request,
        string customerId, string journey, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        if (!names.TryResolve(customerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);
        if (!principals.TryGet(request, out var by, out var unknown))
            return unknown;
        if (await intake.BookAsync(customer, cancellation) is not { } book)
            return CustomerRoutes.Unknown(customer);
        if (book.Find(journey) is not { } entry)
            return Problems.NotFound($"the customer is in no journey {Rejection.Shorten(journey, 120)}; GET customers/{{id}}/journeys lists them");
        if (entry.Ended is { } ended)
            return Problems.Conflict($"{entry.Journey} has ended on {Instant.Text(ended)}: {entry.Outcome!.Reason}");

        var stop = new JourneyHappening($"{journey}-cancelled", HappeningKind.Stop, $"cancelled by {by}", time.GetUtcNow(), []);
        await client.TellAsync(new JourneyNews([], [(journey, stop)]), cancellation);
        return Results.Accepted();
    }

    internal static JsonObject Describe(JourneyEntryRecord entry) => new()
    {
        ["instance"] = entry.Instance, ["journey"] = entry.Journey, ["version"] = entry.Version, ["entered"] = Instant.Text(entry.Entered), ["node"] = entry.Node,
        ["since"] = entry.Since is { } since ? Instant.Text(since) : null, ["running"] = entry.IsRunning,
        ["outcome"] = entry.Outcome is { } outcome ? JsonNamingPolicy.CamelCase.ConvertName(outcome.Kind.ToString()) : null, ["reason"] = entry.Outcome?.Reason,
        ["ended"] = entry.Ended is { } ended ? Instant.Text(ended) : null, ["goal"] = entry.Goal is { } goal ? Instant.Text(goal) : null, ["value"] = entry.Value,
    };

    /// <summary>The body, empty where there is none, and what the request is known by.</summary>
    private async Task<(JsonObject Body, string Key, IResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var key = request.Headers[IdempotencyKey].ToString();
        if (key.Length > Requests.MaxKeyLength)
            return ([], key, Problems.Invalid(IdempotencyKey, $"must be at most {Requests.MaxKeyLength} characters"));
        if (key.Length == 0)
            key = time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        if (request.ContentLength is 0 or null)
            return ([], key, null);

        var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation, 16 * 1024);
        return (body ?? [], key, problem);
    }
}
