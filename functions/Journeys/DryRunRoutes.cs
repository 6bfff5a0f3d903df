using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Documents;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Journeys;

namespace ServerlessCLM.Functions.Journeys;

/// <summary>Dry runs of journeys over HTTP.</summary>
public sealed class DryRunRoutes(IEnumerable<DocumentKind> kinds, DocumentStore documents, LiveJourneys live, JourneyDryRuns runs)
{
    private const int MaxSize = DocumentStore.MaxSize + (64 << 10);

    private readonly DocumentKind _kind = kinds.Single(kind => kind.Name == JourneyDocument.Kind);

    /// <remarks>
    /// A draft, as it is being written (<c>document</c>) or kept (<c>version</c>, or the last), against the version in force: on customers of a simulated
    /// portfolio or a sample of the real ones, for some days on a virtual clock. Nothing is kept, counted or sent.
    /// </remarks>
    [Function("DryRunJourney")]
    public async Task<IResult> DryRunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "documents/journeys/{id}/dry-run")] HttpRequest request, string id, CancellationToken cancellation)
    {
        var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation, MaxSize);
        if (problem is not null)
            return problem;
        if (DryRunRequest.Read(body!, out var asked) is { } wrong)
            return Problems.Invalid(wrong);

        var (journey, unfit) = asked.Document is { } document ? await OfAsync(id, document, cancellation) : await KeptAsync(id, asked.Version, cancellation);
        if (unfit is not null)
            return unfit;

        var (result, fault) = await runs.RunAsync(journey!, asked, cancellation);
        return fault is { } tooLong ? Problems.Invalid(tooLong, StatusCodes.Status422UnprocessableEntity) : Results.Json(result, DryRunJson.Default.DryRunResult);
    }

    private async Task<(CompiledJourney? Journey, IResult? Problem)> OfAsync(string id, JsonObject document, CancellationToken cancellation)
    {
        var findings = await _kind.CheckAsync(document, cancellation);
        if (findings.Any(finding => !finding.IsWarning))
            return (null, Problems.Invalid(findings));

        return (string)document["id"]! == id ? (CompiledJourney.Of(document), null)
            : (null, Problems.Invalid("document.id", $"must be {Rejection.Shorten(id, 64)}, as the address says"));
    }

    private async Task<(CompiledJourney? Journey, IResult? Problem)> KeptAsync(string id, int? version, CancellationToken cancellation)
    {
        if (await documents.FindAsync(JourneyDocument.Kind, id, cancellation) is not { } record)
        {
            return version is null && (await live.GetAsync(cancellation)).GetValueOrDefault(id) is { } shipped ? (shipped, null)
                : (null, Problems.NotFound($"there is no journey {Rejection.Shorten(id, 64)}"));
        }

        return (version is { } number ? record.Of(number) : record.Versions[^1]) is { } kept
            ? (await live.VersionAsync(id, kept.Digest, cancellation), null)
            : (null, Problems.NotFound(string.Create(CultureInfo.InvariantCulture, $"journey {id} has no version {version}; the last is {record.Versions[^1].Version}")));
    }
}
