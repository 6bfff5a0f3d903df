using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Decisions.Authorizations;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Models;

namespace ServerlessCLM.Functions.Models;

/// <summary>Models over HTTP: what is live and why, challengers, promotion, rollback.</summary>
public sealed class ModelRoutes(ModelRegistry registry, ModelCare care, LiveModels live, TimeProvider time)
{
    [Function("ListModels")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "models")] HttpRequest request, CancellationToken cancellation)
    {
        var models = new JsonArray();
        foreach (var id in await registry.IdsAsync(cancellation))
        {
            if (await registry.FindAsync(id, cancellation) is not { Ledger: var ledger })
                continue;

            var document = ledger.Champion is { } champion ? await registry.DocumentAsync(id, champion, cancellation) : null;
            models.Add(new JsonObject
            {
                ["id"] = id,
                ["champion"] = ledger.Champion,
                ["challengers"] = new JsonArray([.. ledger.Challengers.Select(version => (JsonNode)version)]),
                ["kind"] = document?.Kind,
                ["purpose"] = document?.Purpose,
                ["label"] = document?.Label,
                ["signal"] = document?.Alert?.Signal,
            });
        }

        return JsonAnswer.Of(new JsonObject { ["models"] = models });
    }

    /// <remarks>The whole document, of the champion or of the version in <c>?version=</c>.</remarks>
    [Function("GetModel")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "models/{modelId}")] HttpRequest request, string modelId, CancellationToken cancellation)
    {
        var (document, _, problem) = await FindAsync(request, modelId, cancellation);
        return problem ?? Results.Text(System.Text.Encoding.UTF8.GetString(ModelDocuments.Write(document!)), "application/json");
    }

    /// <remarks>As a page for people where the request asks for HTML, else as JSON.</remarks>
    [Function("GetModelCard")]
    public async Task<IResult> CardAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "models/{modelId}/card")] HttpRequest request, string modelId, CancellationToken cancellation)
    {
        var (document, ledger, problem) = await FindAsync(request, modelId, cancellation);
        if (problem is not null)
            return problem;

        return request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            ? Results.Text(ModelCardPage.Of(document!, ledger!), "text/html; charset=utf-8")
            : JsonAnswer.Of(ModelCardPage.ToJson(document!, ledger!));
    }

    /// <remarks>With <c>?at=</c> the version that was live at that instant as well.</remarks>
    [Function("GetModelHistory")]
    public async Task<IResult> HistoryAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "models/{modelId}/history")] HttpRequest request, string modelId, CancellationToken cancellation)
    {
        if (await LedgerAsync(modelId, cancellation) is not { } ledger)
            return Unknown(modelId);

        var answer = ToJson(ledger);
        if (request.Query["at"].ToString() is { Length: > 0 } text)
        {
            if (!Instant.TryParse(text, out var at))
                return Problems.Invalid("at", "must be an instant like 2026-11-21T12:00:00Z");
            (answer["at"], answer["live"]) = (Instant.Text(at), ledger.LiveAt(at));
        }

        return JsonAnswer.Of(answer);
    }

    /// <remarks>Drift, fairness and findings of the last watch that saw enough predictions; <c>last</c> is null where there was none yet.</remarks>
    [Function("GetModelWatch")]
    public async Task<IResult> WatchAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "models/{modelId}/watch")] HttpRequest request, string modelId, CancellationToken cancellation)
    {
        if (await LedgerAsync(modelId, cancellation) is null)
            return Unknown(modelId);

        var last = await registry.WatchAsync(modelId, cancellation);
        return JsonAnswer.Of(new JsonObject
        {
            ["model"] = modelId,
            ["last"] = last is null ? null : JsonSerializer.SerializeToNode(last, RegistryJson.Default.WatchReport),
        });
    }

    [Function("PostChallenger")]
    public Task<IResult> ChallengeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "models/{modelId}/challengers")] HttpRequest request, string modelId, CancellationToken cancellation) =>
        GuardAsync(async () =>
        {
            var (body, problem) = await Bodies.ReadAsync(request, cancellation, ModelDocuments.MaxSize);
            if (problem is not null)
                return problem;

            var document = ModelDocuments.Read(body.Span);
            if (document.Id != modelId)
                return Problems.Invalid("id", $"must be {modelId}, as in the address");
            if (modelId == FraudModel.ModelId || document.Kind == ModelKinds.Fraud)
                _ = new FraudModel(document);

            var ledger = await registry.ChallengeAsync(document, time.GetUtcNow(), By(request), cancellation);
            live.Refresh();
            return Answer(ledger, StatusCodes.Status201Created);
        });

    /// <remarks>Takes a challenger back; <c>?reason=</c> goes into the ledger.</remarks>
    [Function("WithdrawChallenger")]
    public Task<IResult> WithdrawAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "models/{modelId}/challengers/{version}")] HttpRequest request,
        string modelId, string version, CancellationToken cancellation) =>
        GuardAsync(async () =>
        {
            if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return Problems.Invalid("version", "must be the whole number of a challenger");

            return await LedgerAsync(modelId, cancellation) is null
                ? Unknown(modelId)
                : Answer(await care.WithdrawAsync(modelId, number, By(request), request.Query["reason"].ToString() is { Length: > 0 } reason ? reason : null, cancellation));
        });

    /// <remarks>Body: <c>version</c>; with <c>override</c> and a <c>reason</c> a named person promotes against the gates.</remarks>
    [Function("PromoteModel")]
    public Task<IResult> PromoteAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "models/{modelId}/promotion")] HttpRequest request, string modelId, CancellationToken cancellation) =>
        GuardAsync(async () =>
        {
            var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation);
            if (problem is not null)
                return problem;
            if (await LedgerAsync(modelId, cancellation) is null)
                return Unknown(modelId);
            if (body!["version"] is not JsonValue given || !given.TryGetValue(out int version))
                return Problems.Invalid("version", "must be the whole number of a challenger");

            var (by, reason) = (By(request), Text(body, "reason"));
            var isOverride = body["override"] is JsonValue flag && flag.TryGetValue(out bool set) && set;
            if (isOverride && (reason is null || by is null))
                return Problems.Invalid("override", "needs a reason, and a caller who is known by name");

            return Answer(await care.PromoteAsync(modelId, version, by, reason, isOverride, cancellation));
        });

    [Function("RollBackModel")]
    public Task<IResult> RollBackAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "models/{modelId}/rollback")] HttpRequest request, string modelId, CancellationToken cancellation) =>
        GuardAsync(async () =>
        {
            var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation);
            if (problem is not null)
                return problem;

            return await LedgerAsync(modelId, cancellation) is null
                ? Unknown(modelId)
                : Answer(await care.RollBackAsync(modelId, By(request), Text(body!, "reason"), cancellation));
        });

    private static async Task<IResult> GuardAsync(Func<Task<IResult>> action)
    {
        try
        {
            return await action();
        }
        catch (ModelFormatException unusable)
        {
            return Problems.Invalid(unusable.Path, unusable.Reason);
        }
        catch (GatesFailedException held)
        {
            return Results.Problem(held.Message, statusCode: StatusCodes.Status409Conflict, title: "The gates hold the model back",
                extensions: new Dictionary<string, object?> { ["gates"] = held.Results.Select(gate => new { gate.Name, gate.Passed, gate.Words, gate.Value?.Value, gate.Bound }) });
        }
        catch (LedgerException refused)
        {
            return Problems.Conflict(refused.Message);
        }
    }

    private async Task<ModelLedger?> LedgerAsync(string id, CancellationToken cancellation) =>
        ModelDocuments.IsName(id) ? (await registry.FindAsync(id, cancellation))?.Ledger : null;

    private async Task<(ModelDocument?, ModelLedger?, IResult?)> FindAsync(HttpRequest request, string id, CancellationToken cancellation)
    {
        if (await LedgerAsync(id, cancellation) is not { } ledger)
            return (null, null, Unknown(id));

        var version = ledger.Champion ?? 0;
        if (request.Query["version"].ToString() is { Length: > 0 } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out version) || version < 1))
            return (null, null, Problems.Invalid("version", "must be a whole number from 1"));

        return await registry.DocumentAsync(id, version, cancellation) is { } document
            ? (document, ledger, null)
            : (null, null, Problems.NotFound($"model {id} has no version {version}"));
    }

    private static IResult Answer(ModelLedger ledger, int status = StatusCodes.Status200OK) =>
        Results.Text(ToJson(ledger).ToJsonString(), "application/json", statusCode: status);

    private static JsonObject ToJson(ModelLedger ledger) => new()
    {
        ["model"] = ledger.Model,
        ["shipped"] = ledger.Shipped,
        ["champion"] = ledger.Champion,
        ["previous"] = ledger.Previous,
        ["challengers"] = new JsonArray([.. ledger.Challengers.Select(version => (JsonNode)version)]),
        ["entries"] = ModelCardPage.Entries(ledger),
    };

    /// <summary>The name that came with the request, for the record; nothing is decided by it.</summary>
    private static string? By(HttpRequest request) => Caller.Of(request.HttpContext)?.Name;

    private static string? Text(JsonObject body, string name) =>
        body[name] is JsonValue value && value.TryGetValue(out string? text) && text.Length is > 0 and <= 500 ? text : null;

    private static IResult Unknown(string id) => Problems.NotFound($"no model is called {id}");
}
