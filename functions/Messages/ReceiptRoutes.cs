using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Messages.Channels;

namespace ServerlessCLM.Functions.Messages;

/// <summary>What came of a message, as a gateway tells it.</summary>
/// <param name="Type">clm.receipt.v1.</param>
/// <param name="Data">What and of which message.</param>
public sealed record ReceiptWebhook(string Type, ReceiptData Data);

/// <summary>What came of a message.</summary>
/// <param name="CustomerId">As the message had it.</param>
/// <param name="MessageId">As the message had it.</param>
/// <param name="Event">What happened.</param>
/// <param name="At">When.</param>
/// <param name="Text">Of a reply.</param>
/// <param name="Reason">Of a bounce.</param>
public sealed record ReceiptData(string CustomerId, string MessageId, ReceiptEvent Event, DateTimeOffset At, string? Text = null, string? Reason = null);

/// <summary>What came of a message, as the app or somebody at a desk tells it.</summary>
/// <param name="Id">The teller's id of it.</param>
/// <param name="Event">What happened.</param>
/// <param name="At">When.</param>
/// <param name="Text">Of a reply.</param>
/// <param name="Reason">Of a bounce.</param>
public sealed record ReceiptRequest(string Id, ReceiptEvent Event, DateTimeOffset At, string? Text = null, string? Reason = null);

/// <summary>Receipts over HTTP: from gateways by signed webhooks, from the app and from desks under a function key. Each thing counts once.</summary>
public sealed class ReceiptRoutes(Receipts receipts, DispatchOptions options, CustomerReference names, TimeProvider time)
{
    private const int MaxBody = 64 * 1024;

    /// <remarks>The signature is the key. A webhook told again is answered as the first; one that is old, or that nobody known has signed, is refused.</remarks>
    [Function("TakeReceipt")]
    public async Task<IResult> TakeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "messages/receipts/{gateway}")] HttpRequest request, string gateway, CancellationToken cancellation)
    {
        if (Gateways.Parse(gateway) is not { } known || options.Of(known).ReceiptSecrets is not { Count: > 0 } secrets)
            return Problems.NotFound($"no receipts are taken of {Rejection.Shorten(gateway, 50)}; set Clm:Gateways:{{name}}:ReceiptSecrets");

        var (body, problem) = await Bodies.ReadAsync(request, cancellation, MaxBody);
        if (problem is not null)
            return problem;

        var id = request.Headers[WebhookSignature.IdHeader].ToString();
        if (WebhookSignature.Fault(secrets, id, request.Headers[WebhookSignature.TimestampHeader].ToString(),
            request.Headers[WebhookSignature.SignatureHeader].ToString(), body.Span, time.GetUtcNow()) is { } fault)
            return Problems.Invalid(fault, StatusCodes.Status401Unauthorized);

        ReceiptWebhook? told;
        try
        {
            told = JsonSerializer.Deserialize(body.Span, MessageHttpJson.Default.ReceiptWebhook);
        }
        catch (JsonException error)
        {
            return Problems.Invalid(error.Path ?? "$", "is not what a receipt is told with; see /api/openapi.json");
        }

        if (told is not { Type: "clm.receipt.v1", Data: { } data })
            return Problems.Invalid("type", "must be clm.receipt.v1");
        return await AnswerAsync(data.CustomerId, data.MessageId, new Receipt(id, data.Event, data.At, data.Text, data.Reason), "data.", cancellation);
    }

    [Function("TellReceipt")]
    public async Task<IResult> TellAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/messages/{messageId}/receipts")] HttpRequest request,
        string customerId, string messageId, CancellationToken cancellation)
    {
        var (told, problem) = await Bodies.ReadAsync(request, MessageHttpJson.Default.ReceiptRequest, cancellation, MaxBody);
        return problem ?? await AnswerAsync(customerId, messageId, new Receipt(told!.Id, told.Event, told.At, told.Text, told.Reason), "", cancellation);
    }

    private async Task<IResult> AnswerAsync(string customerId, string messageId, Receipt receipt, string path, CancellationToken cancellation)
    {
        if (!names.TryResolve(customerId, out var customer))
            return Problems.Invalid($"{path}customerId", CustomerId.Rule);
        if (receipts.Fault(receipt) is { } fault)
            return Problems.Invalid(path + fault.Field, fault.Reason);
        if (ServerlessCLM.Messages.BriefRules.IdFault(messageId) is not null || await receipts.TakeAsync(customer, messageId, receipt, cancellation) is not var (delivery, isNew))
            return Problems.NotFound($"the customer was sent no message {Rejection.Shorten(messageId, 200)}");

        return JsonAnswer.Of(new JsonObject { ["status"] = JsonNamingPolicy.CamelCase.ConvertName(delivery.Status.ToString()), ["repeated"] = !isNew });
    }
}
