using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions.AdverseAction;
using ServerlessCLM.Decisions.CreditLines;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;

namespace ServerlessCLM.Functions.Decisions;

/// <summary>The recommended line and its decision, the notices and reviews that follow.</summary>
public sealed class CreditLineRoutes(CreditLineDecisions lines, CreditRights rights, CustomerReference names, Principals principals)
{
    /// <remarks>What would be decided now, with its economics and reasons; changes nothing.</remarks>
    [Function("GetCreditLine")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "customers/{customerId}/credit-line")] HttpRequest request,
        string customerId, CancellationToken cancellation) => OnAsync(customerId, async customer =>
        {
            if (await lines.RecommendAsync(customer, cancellation) is not { } found)
                return CustomerRoutes.Unknown(customer);

            var answer = JsonSerializer.SerializeToNode(found.Recommendation.Decision, CreditJson.Default.LineDecision)!.AsObject();
            answer["models"] = new JsonObject(found.Recommendation.Models.Select(model => KeyValuePair.Create(model.Key, (JsonNode?)model.Value)));
            answer["decisions"] = new JsonArray([.. found.Partition.Of(CustomerRows.CreditPrefix)]);
            answer["notices"] = new JsonArray([.. found.Partition.Of(CustomerRows.NoticePrefix)]);
            answer["reviews"] = new JsonArray([.. found.Partition.Of(CustomerRows.ReviewPrefix)]);
            return JsonAnswer.Of(answer);
        });

    /// <remarks>Takes the decision of the day; a decrease starts the thirty days of its notice.</remarks>
    [Function("DecideCreditLine")]
    public Task<IResult> DecideAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/credit-line")] HttpRequest request,
        string customerId, CancellationToken cancellation) => OnAsync(customerId, async customer =>
            await lines.DecideAsync(customer, cancellation) is { } decided
                ? JsonAnswer.Of(JsonSerializer.SerializeToNode(decided, CreditJson.Default.CreditDecision)!.AsObject())
                : CustomerRoutes.Unknown(customer));

    /// <remarks>The notice has left the house.</remarks>
    [Function("SendNotice")]
    public Task<IResult> SendNoticeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/notices/{notice}/delivery")] HttpRequest request,
        string customerId, string notice, CancellationToken cancellation) => OnAsync(customerId, async customer =>
        {
            var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation);
            if (problem is not null)
                return problem;

            if (Text(body!, "channel") is not { } channel || !Consent.IsChannel(channel))
                return Problems.Invalid("channel", $"must be one of {string.Join(", ", Consent.Channels)}");

            return JsonAnswer.Of(JsonSerializer.SerializeToNode(
                await rights.SentAsync(customer, notice, channel, cancellation), CreditJson.Default.AdverseActionNotice)!.AsObject());
        });

    /// <remarks>The customer asks a person to look at a decision.</remarks>
    [Function("AskForReview")]
    public Task<IResult> AskAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/reviews")] HttpRequest request,
        string customerId, CancellationToken cancellation) => OnAsync(customerId, async customer =>
        {
            var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation);
            if (problem is not null)
                return problem;

            if (Text(body!, "decisionId") is not { Length: > 0 and <= 64 } decision)
                return Problems.Invalid("decisionId", "must be the id of a credit decision");

            if (body!["statement"] is not null && Text(body, "statement") is not { Length: > 0 and <= 4000 })
                return Problems.Invalid("statement", "must be a text of 1 to 4000 characters");

            return Answer(customer, await rights.AskAsync(customer, decision, Text(body, "statement"), cancellation));
        });

    /// <remarks>Reviews that wait for a person, the most urgent first.</remarks>
    [Function("ListReviews")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "reviews")] HttpRequest request, CancellationToken cancellation)
    {
        var most = 50;
        if (request.Query["size"].ToString() is { Length: > 0 } size && (!int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most is < 1 or > 500))
            return Problems.Invalid("size", "must be 1 to 500");

        var open = await rights.OpenReviewsAsync(most, cancellation);
        return JsonAnswer.Of(new JsonObject { ["reviews"] = new JsonArray([.. open.Select(each => (JsonNode)Node(each.Customer, each.Review))]) });
    }

    /// <remarks>A named person upholds or overturns the decision.</remarks>
    [Function("ResolveReview")]
    public Task<IResult> ResolveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/reviews/{review}/resolution")] HttpRequest request,
        string customerId, string review, CancellationToken cancellation) => OnAsync(customerId, async customer =>
        {
            if (!principals.TryGet(request, out var reviewer, out var unknown))
                return unknown;

            var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation);
            if (problem is not null)
                return problem;

            ReviewOutcome? outcome = Text(body!, "outcome") switch { "upheld" => ReviewOutcome.Upheld, "overturned" => ReviewOutcome.Overturned, _ => null };
            if (outcome is null)
                return Problems.Invalid("outcome", "must be upheld or overturned");

            decimal? line = body!["line"]?.GetValueKind() == JsonValueKind.Number && body["line"]!.AsValue().TryGetValue(out decimal given) && given >= 0 ? given : null;
            if (line is null != (outcome == ReviewOutcome.Upheld) || (body["line"] is not null && line is null))
                return Problems.Invalid("line", "must be the line from now on where the decision is overturned, and left out where it is upheld");

            if (Text(body, "note") is not { Length: > 0 and <= 4000 } note)
                return Problems.Invalid("note", "must say why, in 1 to 4000 characters");

            return Answer(customer, await rights.ResolveAsync(customer, review, reviewer, outcome.Value, line, note, cancellation));
        });

    private async Task<IResult> OnAsync(string customerId, Func<CustomerId, Task<IResult>> answer)
    {
        if (!names.TryResolve(customerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);

        try
        {
            return await answer(customer);
        }
        catch (UnknownCreditRecordException unknown)
        {
            return Problems.NotFound(unknown.Message);
        }
        catch (Exception refused) when (refused is NoCreditLineException or CreditRecordConflictException or CustomerErasedException or CustomerConflictException)
        {
            return Problems.Conflict(refused.Message);
        }
    }

    private static IResult Answer(CustomerId customer, CreditReview review) => JsonAnswer.Of(Node(customer, review));

    private static JsonObject Node(CustomerId customer, CreditReview review)
    {
        var node = JsonSerializer.SerializeToNode(review, CreditJson.Default.CreditReview)!.AsObject();
        node["customerId"] = customer.Value;
        return node;
    }

    private static string? Text(JsonObject body, string name) =>
        body[name] is { } node && node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}

/// <summary>Keeps the thirty days of adverse action notices in sight.</summary>
public sealed class RemindNotices(CreditRights rights, ILogger<RemindNotices> logger)
{
    [Function("RemindNotices")]
    public async Task RunAsync([TimerTrigger("0 15 * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        var (reminded, late) = await rights.RemindAsync(cancellation);
        if (reminded > 0)
            logger.NoticesDue(reminded);
        if (late > 0)
            logger.NoticesLate(late);
    }
}
