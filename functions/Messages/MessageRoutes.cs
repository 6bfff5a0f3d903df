using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Drafting;

namespace ServerlessCLM.Functions.Messages;

/// <summary>What is to be drafted.</summary>
/// <param name="CustomerId">For whom.</param>
/// <param name="Brief">What may be said.</param>
/// <param name="Template">Approved words to fall back on.</param>
public sealed record DraftRequest(string CustomerId, Brief Brief, Draft Template);

/// <summary>Messages over HTTP: have one drafted and proven, look at it, prove it again, switch the model off.</summary>
public sealed class MessageRoutes(MessageDrafting drafting, DraftingSwitch power, CustomerReference names)
{
    private const int MaxBody = 256 * 1024;

    /// <remarks>The message id makes it idempotent: the same brief gets the same record, another one under the id is 409.</remarks>
    [Function("DraftMessage")]
    public async Task<IResult> DraftAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "messages/drafts")] HttpRequest request, CancellationToken cancellation)
    {
        var (body, problem) = await Bodies.ReadAsync(request, cancellation, MaxBody);
        if (problem is not null)
            return problem;

        DraftRequest? asked;
        try
        {
            asked = JsonSerializer.Deserialize(body.Span, MessageHttpJson.Default.DraftRequest);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            return Problems.Invalid((error as JsonException)?.Path ?? "$", "is not what a draft is asked with; see /api/openapi.json");
        }

        if (asked is null)
            return Problems.Invalid("$", "needs customerId, brief and template");
        if (!names.TryResolve(asked.CustomerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);
        if (BriefRules.Fault(asked.Brief) is { } fault)
            return Problems.Invalid(new Rejection($"brief.{fault.Field}", fault.Reason));

        try
        {
            return Describe(await drafting.DraftAsync(customer, asked.Brief, asked.Template, cancellation));
        }
        catch (MessageMismatchException other)
        {
            return Problems.Conflict(other.Message);
        }
        catch (CustomerErasedException erased)
        {
            return Problems.Conflict(erased.Message);
        }
        catch (CustomerConflictException conflict)
        {
            return Problems.Conflict(conflict.Message);
        }
    }

    [Function("GetMessage")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "customers/{customerId}/messages/{messageId}")] HttpRequest request,
        string customerId, string messageId, CancellationToken cancellation)
    {
        var (record, problem) = await FindAsync(customerId, messageId, cancellation);
        return problem ?? Describe(record!);
    }

    /// <summary>Proves a stored message again.</summary>
    [Function("ProveMessage")]
    public async Task<IResult> ProveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/messages/{messageId}/proof")] HttpRequest request,
        string customerId, string messageId, CancellationToken cancellation)
    {
        var (record, problem) = await FindAsync(customerId, messageId, cancellation);
        if (problem is not null)
            return problem;

        var differences = record!.Differences();
        return JsonAnswer.Of(new JsonObject
        {
            ["messageId"] = record.Id,
            ["identical"] = differences.Count == 0,
            ["differentAttempts"] = new JsonArray([.. differences.Select(place => JsonValue.Create(place))]),
        });
    }

    /// <summary>The kill switch: within a second no instance asks a model any more.</summary>
    [Function("SwitchDrafting")]
    public async Task<IResult> SwitchAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "messages/drafting")] HttpRequest request, CancellationToken cancellation)
    {
        var (body, problem) = await Bodies.ReadAsync(request, cancellation, 4096);
        if (problem is not null)
            return problem;

        SwitchRequest? asked;
        try
        {
            asked = JsonSerializer.Deserialize(body.Span, MessageHttpJson.Default.SwitchRequest);
        }
        catch (JsonException error)
        {
            return Problems.Invalid(error.Path ?? "$", "must be like {\"on\": false, \"by\": \"who\"}");
        }

        if (asked is not { By.Length: > 0 and <= 200 })
            return Problems.Invalid("by", "must say who, in 1 to 200 characters");

        await power.TurnAsync(asked.On, asked.By, cancellation);
        return Results.NoContent();
    }

    private async Task<(MessageRecord? Record, IResult? Problem)> FindAsync(string customerId, string messageId, CancellationToken cancellation)
    {
        if (!names.TryResolve(customerId, out var customer))
            return (null, Problems.Invalid("customerId", CustomerId.Rule));

        return await drafting.FindAsync(customer, messageId, cancellation) is { } record
            ? (record, null)
            : (null, Problems.NotFound($"customer {customer} has no message {messageId}"));
    }

    private static IResult Describe(MessageRecord record) => Results.Json(record, MessagesJson.Default.MessageRecord);
}

/// <summary>Turns the model on or off.</summary>
public sealed record SwitchRequest(bool On, string By);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(DraftRequest))]
[JsonSerializable(typeof(SwitchRequest))]
internal sealed partial class MessageHttpJson : JsonSerializerContext;
