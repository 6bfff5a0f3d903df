using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Messages.Approvals;
using ServerlessCLM.Messages.Drafting;

namespace ServerlessCLM.Functions.Messages;

/// <summary>What a person decides on a message.</summary>
/// <param name="CustomerId">Whose message it is.</param>
/// <param name="Approve">Or reject.</param>
/// <param name="Why">In their words.</param>
public sealed record ApprovalRequest(string CustomerId, bool Approve, string Why);

/// <summary>Messages that wait for a person, over HTTP.</summary>
public sealed class ApprovalRoutes(ApprovalQueue queue, CustomerReference names, Principals principals)
{
    private const int MostListed = 200;

    /// <remarks>The most urgent first: the words with their placeholders, why they wait, and until when.</remarks>
    [Function("ListApprovals")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "messages/approvals")] HttpRequest request, CancellationToken cancellation)
    {
        var waiting = await queue.ListAsync(MostListed, cancellation);
        return JsonAnswer.Of(new JsonObject
        {
            ["messages"] = new JsonArray([.. waiting.Select(each => (JsonNode)new JsonObject
            {
                ["customerId"] = each.Customer.Value, ["messageId"] = each.Record.Id, ["template"] = each.Record.Template, ["purpose"] = each.Record.Brief.Purpose,
                ["source"] = each.Record.Source.ToString(), ["channel"] = Name(each.Record.Brief.Channel.ToString()), ["language"] = each.Record.Brief.Language,
                ["subject"] = each.Record.Chosen?.Draft?.Subject, ["body"] = each.Record.Chosen?.Draft?.Body,
                ["marks"] = MessageRoutes.Marks(each.Record.Brief, each.Record.Chosen?.Draft),
                ["reasons"] = new JsonArray([.. each.Record.Approval!.Reasons.Select(reason => (JsonNode)Name(reason.ToString()))]),
                ["askedBy"] = each.Record.Approval.AskedBy, ["until"] = Instant.Text(each.Record.Approval.Until),
            })]),
        });
    }

    /// <remarks>The principal must be another than who had the message written. Journeys hear of it by the signals message_approved and message_rejected.</remarks>
    [Function("ApproveMessage")]
    public async Task<IResult> DecideAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "messages/{messageId}/approval")] HttpRequest request, string messageId, CancellationToken cancellation)
    {
        if (!principals.TryGet(request, out var by, out var unknown))
            return unknown;

        var (asked, problem) = await Bodies.ReadAsync(request, MessageHttpJson.Default.ApprovalRequest, cancellation, 16 * 1024);
        if (problem is not null)
            return problem;
        if (!names.TryResolve(asked!.CustomerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);
        if (asked.Why is not { Length: > 0 and <= 1000 })
            return Problems.Invalid("why", "must say why, in 1 to 1000 characters");
        if (ServerlessCLM.Messages.BriefRules.IdFault(messageId) is { } unfit)
            return Problems.Invalid("messageId", unfit);

        try
        {
            return MessageRoutes.Describe(await queue.DecideAsync(customer, messageId, asked.Approve, by, asked.Why, cancellation));
        }
        catch (ApprovalRefusedException refused)
        {
            return refused.Refusal switch
            {
                ApprovalRefusal.NotFound => Problems.NotFound(refused.Message),
                ApprovalRefusal.SamePrincipal => Results.Problem(detail: refused.Message, statusCode: StatusCodes.Status403Forbidden, title: "Four eyes are needed"),
                _ => Problems.Conflict(refused.Message),
            };
        }
    }

    private static string Name(string text) => JsonNamingPolicy.CamelCase.ConvertName(text);
}
