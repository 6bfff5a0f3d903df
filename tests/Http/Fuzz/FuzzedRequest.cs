using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCLM.Tests.Http.Fuzz;

/// <summary>A request made wrong, and what is asked of its answer.</summary>
internal sealed record FuzzedRequest(ApiOperation Operation, string Path, byte[]? Body, bool IsBodyWrong, bool IsRestRight, HttpRequestMessage Message)
{
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public static FuzzedRequest Of(ApiOperation operation, FuzzTarget target, Mutation pick, bool isMutated)
    {
        var (place, isRestRight) = (isMutated ? pick.Pick<string>(operation.MediaTypes.Count > 0 ? ["path", "body", "body", "body", "header"] : ["path", "query", "header"]) : "", true);
        var route = target.Fixture.Route(operation, pick);
        var sample = target.Fixture.Sample(operation, route, pick);
        var names = operation.Path.Trim('/').Split('/');
        if (place == "path" && Enumerable.Range(0, names.Length).Where(at => names[at].StartsWith('{')).ToList() is { Count: > 0 } places)
            (route[pick.Pick(places)], isRestRight) = (pick.Segment(), false);
        var path = $"/api/{string.Join('/', route)}";
        if (place is "query" or "path" && operation.Query.Count > 0)
            (path, isRestRight) = ($"{path}?{pick.Pick(operation.Query)}={pick.Segment()}&{pick.Pick(operation.Query)}={pick.Segment()}", false);

        var body = operation.MediaTypes.Count == 0 ? null : place == "body" ? pick.Body(sample) : Encoding.UTF8.GetBytes(sample?.ToJsonString() ?? "");
        var message = new HttpRequestMessage(operation.Method, new Uri(target.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + path, AsItIs));
        target.Sign(operation, message, body ?? [], pick);
        var mediaType = operation.MediaTypes.Count == 0 ? null : pick.Pick(operation.MediaTypes);
        if (place == "header")
        {
            isRestRight = false;
            var name = pick.Pick<string>([.. operation.Headers, "Accept", "If-None-Match", "Idempotency-Key", "x-ms-client-principal", "traceparent"]);
            if (pick.Pick<bool>([true, false]))
                message.Headers.Remove(name);
            message.Headers.TryAddWithoutValidation(name, pick.Header());
            mediaType = mediaType is null || pick.Pick<bool>([true, false]) ? mediaType : pick.MediaType();
        }

        if (body is not null)
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        }

        return new FuzzedRequest(operation, path, body, place == "body", isRestRight, message);
    }

    /// <summary>The status, and what is wrong with the answer; null when it is as it must be.</summary>
    public async Task<(int Status, string? Fault)> SendAsync(HttpClient client, TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        try
        {
            using var answer = await client.SendAsync(Message, deadline.Token);
            return ((int)answer.StatusCode, FaultOf((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync(deadline.Token)));
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return (0, $"no answer within {within}");
        }
        catch (HttpRequestException broken) when (broken.HttpRequestError == HttpRequestError.Unknown && !IsRestRight)
        {
            // The client itself would not send it.
            return (0, null);
        }
        finally
        {
            Message.Dispose();
        }
    }

    public override string ToString() =>
        $"{Operation.Id}: {Operation.Method} {Shorten(Path)} [{Message.Content?.Headers.ContentType}] {Shorten(Body is null ? "" : Encoding.UTF8.GetString(Body))}";

    private string? FaultOf(int status, string? mediaType, string text)
    {
        if (status >= 500)
            return $"answered {status} {Shorten(text)}";
        if (mediaType is "application/json" or "application/problem+json" && (text.Contains("   at ", StringComparison.Ordinal) || text.Contains("Exception", StringComparison.Ordinal)))
            return $"answered {status} and told of its inside: {Shorten(text)}";
        if (FuzzTarget.Secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal)))
            return $"answered {status} and told a secret";
        if (status < 400 || text.Length == 0)
            return status < 400 || !IsRestRight ? null : $"answered {status} and did not say why";
        if (mediaType != "application/problem+json")
            return $"answered {status} as {mediaType}";

        var problem = JsonNode.Parse(text)!.AsObject();
        return (int?)problem["status"] != status ? $"answered {status} and told {problem["status"]}"
            : IsBodyWrong && (HttpStatusCode)status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity
                && problem["field"]?.GetValueKind() != JsonValueKind.String ? $"refused a body and named no field: {Shorten(text)}"
            : null;
    }

    private static string Shorten(string text) => text.Length <= 700 ? text : $"{text[..700]}… ({text.Length} letters)";
}
