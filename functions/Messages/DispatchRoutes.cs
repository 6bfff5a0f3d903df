using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Governance;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Channels;
using ServerlessCLM.Messages.Drafting;

namespace ServerlessCLM.Functions.Messages;

/// <summary>How a written message is sent.</summary>
/// <param name="Gateway">The way out; null for that of the message's channel.</param>
/// <param name="Debt">The debt it is about.</param>
/// <param name="Journey">The journey it belongs to.</param>
public sealed record SendRequest(string? Gateway = null, string? Debt = null, string? Journey = null);

/// <summary>Messages on their way, over HTTP: send one that was written, look at a customer's, look at the embedded outbox.</summary>
public sealed class DispatchRoutes(MessageDrafting drafting, Dispatch dispatch, CustomerStore store, MessageIndex index, CustomerReference names, TimeProvider time)
{
    private const int MostListed = 200;

    /// <remarks>Sending again is the same. The gate may refuse or postpone it: 200 with its verdict all the same, and nothing is sent.</remarks>
    [Function("SendMessage")]
    public async Task<IResult> SendAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/messages/{messageId}/dispatch")] HttpRequest request,
        string customerId, string messageId, CancellationToken cancellation)
    {
        if (!names.TryResolve(customerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);

        var (asked, problem) = await Bodies.ReadAsync(request, MessageHttpJson.Default.SendRequest, cancellation, 4096);
        if (problem is not null)
            return problem;
        if (asked!.Gateway is { } name && Gateways.Parse(name) is null)
            return Problems.Invalid("gateway", $"must be one of {string.Join(", ", Gateways.All.Select(gateway => gateway.Text()))}");
        if (asked.Debt?.Length > 200 || asked.Journey?.Length > 200)
            return Problems.Invalid(asked.Debt?.Length > 200 ? "debt" : "journey", "must have at most 200 characters");
        if (await drafting.FindAsync(customer, messageId, cancellation) is not { } record)
            return Problems.NotFound($"the customer has no message {messageId}");

        var gateway = asked.Gateway is { } wanted ? Gateways.Parse(wanted) : null;
        if (gateway is { } other && Gateways.ChannelOf(other) != record.Brief.Channel)
            return Problems.Invalid("gateway", $"must serve {record.Brief.Channel.Text()}, which the message was written for");
        if (!record.TryAddress(gateway, asked.Debt, asked.Journey, time.GetUtcNow(), out var message, out var reason))
            return Problems.Conflict(reason);

        return await MessageProblems.OrAsync(async () => Answer(await dispatch.SendAsync(customer, message, cancellation)));
    }

    /// <remarks>Newest first. With <c>?channel=app</c> it is the customer's inbox.</remarks>
    [Function("ListMessages")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "customers/{customerId}/messages")] HttpRequest request, string customerId, CancellationToken cancellation)
    {
        if (!names.TryResolve(customerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);

        var channel = request.Query["channel"].ToString();
        if (channel.Length > 0 && !Consent.IsChannel(channel))
            return Problems.Invalid("channel", $"must be one of {string.Join(", ", Consent.Channels)}");
        if (await store.ReadAsync(customer, cancellation) is not { Erased: null } partition)
            return Problems.NotFound("the customer is unknown");

        var deliveries = partition.Rows.Where(row => row.Key.StartsWith(CustomerRows.DeliveryPrefix, StringComparison.Ordinal))
            .Select(row => JsonSerializer.Deserialize(row.Value, ChannelsJson.Default.MessageDelivery)!)
            .Where(delivery => channel.Length == 0 || Gateways.ChannelOf(delivery.Message.Gateway).Text() == channel)
            .OrderByDescending(delivery => delivery.At).Take(MostListed);
        return JsonAnswer.Of(new JsonObject { ["messages"] = new JsonArray([.. deliveries.Select(delivery => (JsonNode)Describe(delivery))]) });
    }

    /// <remarks>What gateways without an endpoint would have been given, newest first; <c>?gateway=callCentre</c> is that desk's queue.</remarks>
    [Function("ListOutbox")]
    public async Task<IResult> OutboxAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "messages/outbox")] HttpRequest request, CancellationToken cancellation)
    {
        var gateway = request.Query["gateway"].ToString();
        if (gateway.Length > 0 && Gateways.Parse(gateway) is null)
            return Problems.Invalid("gateway", $"must be one of {string.Join(", ", Gateways.All.Select(known => known.Text()))}");

        var listed = new JsonArray();
        await foreach (var found in index.OutboxAsync(cancellation))
        {
            // No row with the customer: the gate did not allow it, or the customer was erased.
            if (await dispatch.FindAsync(found.Customer, found.MessageId, cancellation) is not { } delivery || (gateway.Length > 0 && delivery.Message.Gateway.Text() != gateway))
                continue;

            var described = Describe(delivery);
            described.Insert(0, "customerId", found.Customer.Value);
            listed.Add(described);
            if (listed.Count == MostListed)
                break;
        }

        return JsonAnswer.Of(new JsonObject { ["messages"] = listed });
    }

    private static IResult Answer(DispatchResult result)
    {
        var answer = new JsonObject
        {
            ["gate"] = JsonNamingPolicy.CamelCase.ConvertName(result.Gate.Kind.ToString()), ["code"] = result.Gate.Code,
            ["until"] = result.Gate.Until is { } until ? Instant.Text(until) : null,
        };
        if (result.Delivery is { } delivery)
            answer["delivery"] = Describe(delivery);
        return JsonAnswer.Of(answer);
    }

    internal static JsonObject Describe(MessageDelivery delivery) => new()
    {
        ["messageId"] = delivery.Id, ["gateway"] = delivery.Message.Gateway.Text(), ["purpose"] = delivery.Message.Purpose, ["status"] = JsonNamingPolicy.CamelCase.ConvertName(delivery.Status.ToString()),
        ["at"] = Instant.Text(delivery.At), ["subject"] = delivery.Message.Subject, ["body"] = delivery.Message.Body, ["journey"] = delivery.Message.Journey,
        ["attempts"] = delivery.Attempts, ["due"] = delivery.Due is { } due ? Instant.Text(due) : null, ["reason"] = delivery.Reason, ["reference"] = delivery.Reference, ["embedded"] = delivery.Embedded,
        ["receipts"] = new JsonArray([.. delivery.Receipts.Select(receipt => (JsonNode)new JsonObject
        {
            ["event"] = JsonNamingPolicy.CamelCase.ConvertName(receipt.Event.ToString()), ["at"] = Instant.Text(receipt.At), ["text"] = receipt.Text, ["reason"] = receipt.Reason,
        })]),
    };
}
