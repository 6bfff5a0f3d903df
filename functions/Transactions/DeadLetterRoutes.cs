using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Azure;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Scoring;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Functions.Transactions;

/// <summary>Events that could not be taken: look at them, correct them, send them again.</summary>
public sealed class DeadLetterRoutes(DeadLetters letters, EventIntake intake)
{
    private const int MaxPage = 1000;

    private static readonly string[] Hubs = [EventStreams.TransactionsHub, EventStreams.EventsHub];

    [Function("ListDeadLetters")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "dead-letters/{hub}")] HttpRequest request, string hub, CancellationToken cancellation)
    {
        if (!Hubs.Contains(hub))
            return UnknownHub(hub);

        var size = 100;
        if (request.Query["size"].ToString() is { Length: > 0 } given
            && (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size is < 1 or > MaxPage))
            return Problems.Invalid("size", $"must be a whole number from 1 to {MaxPage}");

        var status = request.Query["status"].ToString();
        if (status is not ("" or "open" or "all"))
            return Problems.Invalid("status", "must be open or all");

        var continuation = request.Query["continuation"].ToString();
        try
        {
            var (found, next) = await letters.ListAsync(hub, status != "all", size, continuation.Length == 0 ? null : continuation, cancellation);
            return JsonAnswer.Of(new JsonObject
            {
                ["deadLetters"] = new JsonArray([.. found.Select(letter => (JsonNode)Describe(letter))]),
                ["continuation"] = next,
            });
        }
        catch (RequestFailedException refused) when (refused.Status == 400 && continuation.Length > 0)
        {
            return Problems.Invalid("continuation", "must be that of an earlier answer");
        }
    }

    [Function("GetDeadLetter")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "dead-letters/{hub}/{id}")] HttpRequest request,
        string hub, string id, CancellationToken cancellation)
    {
        if (!Hubs.Contains(hub))
            return UnknownHub(hub);

        if (!DeadLetter.IsId(id) || await letters.FindAsync(hub, id, cancellation) is not { } letter)
            return Unknown(hub, id);

        var description = Describe(letter);
        description["body"] = Encoding.UTF8.GetString(letter.Body.Span);
        return JsonAnswer.Of(description);
    }

    /// <remarks>A body in the request takes the place of the event; without one the event is sent as it is.</remarks>
    [Function("ResendDeadLetter")]
    public async Task<IResult> ResendAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "dead-letters/{hub}/{id}/resend")] HttpRequest request,
        string hub, string id, CancellationToken cancellation)
    {
        if (!Hubs.Contains(hub))
            return UnknownHub(hub);

        if (!DeadLetter.IsId(id) || await letters.FindAsync(hub, id, cancellation) is not { } letter)
            return Unknown(hub, id);

        if (letter.ResentAt is { } before)
            return Problems.Conflict($"dead letter {id} was sent again at {before:O}");

        var (corrected, problem) = await Bodies.ReadAsync(request, cancellation, EventIntake.MaxEventSize);
        if (problem is not null)
            return problem;

        if (await intake.ResendAsync(hub, corrected.IsEmpty ? letter.Body : corrected, cancellation) is { } rejection)
            return Problems.Invalid(rejection);

        // Sent, then marked: a crash in between lets it be sent once more, and the event's id tells.
        await letters.MarkResentAsync(hub, id, cancellation);
        return Results.Accepted();
    }

    private static JsonObject Describe(DeadLetter letter) => new()
    {
        ["id"] = letter.Id,
        ["hub"] = letter.Hub,
        ["enqueuedAt"] = Instant.Text(letter.EnqueuedAt),
        ["field"] = letter.Rejection.Field,
        ["reason"] = letter.Rejection.Reason,
        ["resentAt"] = letter.ResentAt is { } at ? Instant.Text(at) : null,
    };

    private static IResult UnknownHub(string hub) => Problems.NotFound($"no event hub '{hub}' takes events; there are {string.Join(" and ", Hubs)}");

    private static IResult Unknown(string hub, string id) => Problems.NotFound($"no dead letter {id} of {hub}");
}
