using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Drafting;
using ServerlessCLM.Messages.Proof;

namespace ServerlessCLM.Functions.Messages;

/// <summary>What is to be drafted.</summary>
/// <param name="CustomerId">For whom.</param>
/// <param name="Brief">What may be said.</param>
/// <param name="Template">Approved words to fall back on.</param>
public sealed record DraftRequest(string CustomerId, Brief Brief, Draft Template);

/// <summary>Messages over HTTP: have one drafted and proven, look at it, prove it again, switch the model off.</summary>
public sealed class MessageRoutes(MessageDrafting drafting, DraftingSwitch power, CustomerReference names)
{
    /// <remarks>The message id makes it idempotent: the same brief gets the same record, another one under the id is 409.</remarks>
    [Function("DraftMessage")]
    public async Task<IResult> DraftAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "messages/drafts")] HttpRequest request, CancellationToken cancellation)
    {
        var (asked, problem) = await Bodies.ReadAsync(request, MessageHttpJson.Default.DraftRequest, cancellation);
        if (problem is not null)
            return problem;
        if (!names.TryResolve(asked!.CustomerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);
        if (BriefRules.Fault(asked.Brief) is { } fault)
            return Problems.Invalid(new Rejection($"brief.{fault.Field}", fault.Reason));

        return await MessageProblems.OrAsync(async () =>
            Describe(await drafting.DraftAsync(customer, new Assignment(asked.Brief, asked.Template), cancellation)));
    }

    [Function("GetMessage")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "customers/{customerId}/messages/{messageId}")] HttpRequest request,
        string customerId, string messageId, CancellationToken cancellation)
    {
        var (record, problem) = await FindAsync(customerId, messageId, cancellation);
        return problem ?? Describe(record!);
    }

    /// <summary>Proves a stored message again: every attempt with its text, the marks of its proof and why it was refused.</summary>
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
            ["attempts"] = new JsonArray([.. record.Attempts.Select(attempt => (JsonNode)new JsonObject
            {
                ["source"] = attempt.Source.ToString(), ["subject"] = attempt.Draft?.Subject, ["body"] = attempt.Draft?.Body, ["failure"] = attempt.Failure,
                ["marks"] = Marks(record.Brief, attempt.Draft),
                ["refusals"] = new JsonArray([.. attempt.Verdicts.Where(verdict => !verdict.Passed).Select(verdict => (JsonNode)new JsonObject
                {
                    ["check"] = verdict.Check, ["reason"] = verdict.Reason, ["evidence"] = verdict.Evidence,
                })]),
            })]),
        });
    }

    /// <summary>The kill switch: within a second no instance asks a model any more.</summary>
    [Function("SwitchDrafting")]
    public async Task<IResult> SwitchAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "messages/drafting")] HttpRequest request, CancellationToken cancellation)
    {
        var (asked, problem) = await Bodies.ReadAsync(request, MessageHttpJson.Default.SwitchRequest, cancellation, 4096);
        if (problem is not null)
            return problem;

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
            : (null, Problems.NotFound($"the customer has no message {messageId}"));
    }

    /// <summary>The marks of a draft's proof, found anew: none where there is no draft.</summary>
    internal static JsonArray Marks(Brief brief, Draft? draft) => draft is null ? [] : new([.. MessageProof.Mark(brief, draft).Select(mark => (JsonNode)new JsonObject
    {
        ["part"] = mark.Part == DraftPart.Subject ? "subject" : "body", ["start"] = mark.Start, ["length"] = mark.Length, ["text"] = mark.Text,
        ["check"] = mark.Check, ["by"] = mark.By, ["value"] = mark.Value, ["reason"] = mark.Reason,
    })]);

    internal static IResult Describe(MessageRecord record) => Results.Json(record, MessagesJson.Default.MessageRecord);
}

/// <summary>What may stand in the way of a message.</summary>
internal static class MessageProblems
{
    public static async Task<IResult> OrAsync(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (Exception standing) when (standing is MessageMismatchException or CustomerErasedException or CustomerConflictException)
        {
            return Problems.Conflict(standing.Message);
        }
    }
}

/// <summary>Turns the model on or off.</summary>
public sealed record SwitchRequest(bool On, string By);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(DraftRequest))]
[JsonSerializable(typeof(SwitchRequest))]
[JsonSerializable(typeof(TemplateRequest))]
[JsonSerializable(typeof(SendRequest))]
[JsonSerializable(typeof(ApprovalRequest))]
[JsonSerializable(typeof(QuestionRequest))]
[JsonSerializable(typeof(ReceiptWebhook))]
[JsonSerializable(typeof(ReceiptRequest))]
internal sealed partial class MessageHttpJson : JsonSerializerContext;
