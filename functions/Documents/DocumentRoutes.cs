using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Documents;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Models;

namespace ServerlessCLM.Functions.Documents;

/// <summary>Behaviour as data over HTTP: strategies and the other documents, their versions, and their approval by somebody else.</summary>
public sealed class DocumentRoutes(IEnumerable<DocumentKind> kinds, DocumentStore store, DocumentWorkflow workflow, Principals principals, TimeProvider time)
{
    private const string IdRule = "must be 1 to 64 lower-case letters, digits and hyphens";

    private readonly DocumentKind[] _kinds = [.. kinds];

    /// <summary>By file name. Models are documents too, kept in a registry of their own.</summary>
    private readonly SortedDictionary<string, DocumentSchema> _schemas = new(kinds.ToDictionary(kind => $"{kind.Name}.json", kind => kind.Schema), StringComparer.Ordinal)
    {
        ["model.json"] = ModelDocuments.Schema,
    };

    [Function("GetSchema")]
    public IResult GetSchema(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "schemas/{file}")] HttpRequest request, string file) =>
        _schemas.TryGetValue(file, out var schema)
            ? Results.Text(schema.Json.ToJsonString(), "application/schema+json")
            : Problems.NotFound($"no schema {file}; there are {string.Join(", ", _schemas.Keys)}");

    [Function("ListDocuments")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "documents/{collection}")] HttpRequest request,
        string collection, CancellationToken cancellation) => OnAsync(collection, id: null, async kind =>
        {
            var now = time.GetUtcNow();
            var records = await store.ListAsync(kind.Name, cancellation);
            return JsonAnswer.Of(new JsonObject
            {
                [kind.Collection] = new JsonArray([.. records.Select(record => (JsonNode)new JsonObject
                {
                    ["id"] = record.Id, ["inForce"] = record.InForce(now)?.Version, ["last"] = record.Versions[^1].Version, ["status"] = record.Versions[^1].Status.ToString(),
                })]),
            });
        });

    /// <remarks>The version in force now, at <c>?at=</c> an instant, or <c>?version=</c> any. The ETag is the content's digest.</remarks>
    [Function("GetDocument")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "documents/{collection}/{id}")] HttpRequest request,
        string collection, string id, CancellationToken cancellation) => OnAsync(collection, id, async kind =>
        {
            var at = time.GetUtcNow();
            if (request.Query["at"].ToString() is { Length: > 0 } instant && !Instant.TryParse(instant, out at))
                return Problems.Invalid("at", "must be an instant like 2027-01-01T00:00:00Z");

            if (!TryGetVersion(request, "version", out var asked))
                return Problems.Invalid("version", "must be a whole number");

            if (await store.FindAsync(kind.Name, id, cancellation) is not { } record)
                return Unknown(kind, id);

            if ((asked is { } number ? record.Of(number) : record.InForce(at)) is not { } version)
                return Problems.NotFound($"no version of {kind.Name} {id} is in force at {Instant.Text(at)}; the last is {record.Versions[^1].Version}, {record.Versions[^1].Status}");

            request.HttpContext.Response.Headers.ETag = $"\"{version.Digest}\"";
            return JsonAnswer.Of(await store.ContentAsync(kind.Name, id, version.Digest, cancellation));
        });

    /// <remarks>Every version and every step: who, when and why.</remarks>
    [Function("GetDocumentHistory")]
    public Task<IResult> GetHistoryAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "documents/{collection}/{id}/history")] HttpRequest request,
        string collection, string id, CancellationToken cancellation) => OnAsync(collection, id, async kind =>
            await store.FindAsync(kind.Name, id, cancellation) is { } record ? Answer(record) : Unknown(kind, id));

    /// <remarks>
    /// Saves a draft. The body is the document; <c>?why=</c> goes into the history. An open draft is replaced only with its ETag in <c>If-Match</c>.
    /// </remarks>
    [Function("PutDocument")]
    public Task<IResult> PutAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "documents/{collection}/{id}")] HttpRequest request,
        string collection, string id, CancellationToken cancellation) => OnAsync(collection, id, async kind =>
        {
            if (!principals.TryGet(request, out var by, out var problem))
                return problem;

            var (content, wrong) = await Bodies.ReadObjectAsync(request, cancellation, DocumentStore.MaxSize);
            if (wrong is not null)
                return wrong;

            var (record, warnings) = await workflow.SaveAsync(kind, id, content!, Seen(request), by, Why(request.Query["why"]), cancellation);
            request.HttpContext.Response.Headers.ETag = $"\"{record.Versions[^1].Digest}\"";
            return Answer(record, warnings);
        });

    /// <remarks>Checks a document and keeps nothing.</remarks>
    [Function("ValidateDocument")]
    public Task<IResult> ValidateAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "documents/{collection}/{id}/validation")] HttpRequest request,
        string collection, string id, CancellationToken cancellation) => OnAsync(collection, id, async kind =>
        {
            var (content, wrong) = await Bodies.ReadObjectAsync(request, cancellation, DocumentStore.MaxSize);
            if (wrong is not null)
                return wrong;

            var findings = await kind.CheckAsync(content, cancellation);
            return JsonAnswer.Of(new JsonObject
            {
                ["valid"] = findings.All(finding => finding.IsWarning),
                ["findings"] = JsonSerializer.SerializeToNode(findings, DocumentsJson.Default.IReadOnlyListFinding),
            });
        });

    /// <remarks>What a version changes, <c>?version=</c> or the last, against the last approved before it or <c>?against=</c> another.</remarks>
    [Function("GetDocumentDifference")]
    public Task<IResult> GetDifferenceAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "documents/{collection}/{id}/difference")] HttpRequest request,
        string collection, string id, CancellationToken cancellation) => OnAsync(collection, id, async kind =>
        {
            if (!TryGetVersion(request, "version", out var asked) || !TryGetVersion(request, "against", out var against))
                return Problems.Invalid("version", "must be a whole number, and so must against");

            var (version, other, changes) = await workflow.DifferenceAsync(kind, id, asked, against, cancellation);
            request.HttpContext.Response.Headers.ETag = $"\"{version.Digest}\"";
            return JsonAnswer.Of(new JsonObject
            {
                ["version"] = version.Version, ["against"] = other?.Version,
                ["changes"] = JsonSerializer.SerializeToNode(changes, DocumentsJson.Default.IReadOnlyListJsonChange),
            });
        });

    /// <remarks>Hands a draft over: <c>{"version": 3, "why": "…"}</c>.</remarks>
    [Function("SubmitDocument")]
    public Task<IResult> SubmitAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "documents/{collection}/{id}/submission")] HttpRequest request,
        string collection, string id, CancellationToken cancellation) => OnAsync(collection, id, async kind =>
        {
            var (by, body, problem) = await StepAsync(request, cancellation);
            return problem ?? (Version(body!) is not { } version
                ? Problems.Invalid("version", "must be a whole number")
                : Answer(await workflow.SubmitAsync(kind, id, version, by!, Why(body!), cancellation)));
        });

    /// <remarks>
    /// Decides on what was submitted: <c>{"version": 3, "approve": true, "why": "…"}</c>, with the ETag of the difference that was looked at in
    /// <c>If-Match</c>. The principal must be another than who wrote or submitted it.
    /// </remarks>
    [Function("ApproveDocument")]
    public Task<IResult> ApproveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "documents/{collection}/{id}/approval")] HttpRequest request,
        string collection, string id, CancellationToken cancellation) => OnAsync(collection, id, async kind =>
        {
            var (by, body, problem) = await StepAsync(request, cancellation);
            if (problem is not null)
                return problem;

            if (Version(body!) is not { } version)
                return Problems.Invalid("version", "must be a whole number");

            if (body!["approve"]?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
                return Problems.Invalid("approve", "must be true or false");

            return Seen(request) is { } seen
                ? Answer(await workflow.DecideAsync(kind, id, version, (bool)body["approve"]!, seen, by!, Why(body), cancellation))
                : Problems.Invalid("If-Match", "must be the ETag of the difference that was looked at", StatusCodes.Status428PreconditionRequired);
        });

    private async Task<IResult> OnAsync(string collection, string? id, Func<DocumentKind, Task<IResult>> answer)
    {
        if (Array.Find(_kinds, kind => kind.Collection == collection) is not { } found)
            return Problems.NotFound($"no documents are called {collection}; there are {string.Join(", ", _kinds.Select(kind => kind.Collection))}");

        if (id is not null && !DocumentStore.IsId(id))
            return Problems.Invalid("id", IdRule);

        try
        {
            return await answer(found);
        }
        catch (DocumentRefusedException refused)
        {
            return Problems.Refused(refused);
        }
        catch (DocumentInvalidException invalid)
        {
            return Problems.Invalid(invalid.Findings);
        }
    }

    private async Task<(string? By, JsonObject? Body, IResult? Problem)> StepAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!principals.TryGet(request, out var by, out var problem))
            return (null, null, problem);

        var (body, wrong) = await Bodies.ReadObjectAsync(request, cancellation);
        return (by, body, wrong);
    }

    private static IResult Answer(DocumentRecord record, IReadOnlyList<Finding>? warnings = null)
    {
        var answer = JsonSerializer.SerializeToNode(record, DocumentsJson.Default.DocumentRecord)!.AsObject();
        if (warnings is not null)
            answer["findings"] = JsonSerializer.SerializeToNode(warnings, DocumentsJson.Default.IReadOnlyListFinding);
        return JsonAnswer.Of(answer);
    }

    private static IResult Unknown(DocumentKind kind, string id) => Problems.NotFound($"there is no {kind.Name} {id}");

    private static string? Seen(HttpRequest request) => request.Headers.IfMatch.ToString().Trim('"') is { Length: > 0 } seen ? seen : null;

    private static string? Why(string? text) => string.IsNullOrWhiteSpace(text) ? null : Rejection.Shorten(text, 1000);

    private static string? Why(JsonObject body) => body["why"]?.GetValueKind() == JsonValueKind.String ? Why((string)body["why"]!) : null;

    private static int? Version(JsonObject body) =>
        body["version"] is JsonValue number && number.GetValueKind() == JsonValueKind.Number && number.TryGetValue(out int version) ? version : null;

    private static bool TryGetVersion(HttpRequest request, string name, out int? version)
    {
        version = null;
        if (request.Query[name].ToString() is not { Length: > 0 } text)
            return true;

        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        version = isNumber ? number : null;
        return isNumber;
    }
}
