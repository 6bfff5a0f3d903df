using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Functions.Governance;

/// <summary>The audit chain over HTTP: what was recorded of a customer, and whether it is whole.</summary>
public sealed class AuditRoutes(AuditVerification verification, CustomerStore store, CustomerReference names, ILogger<AuditRoutes> logger)
{
    [Function("GetAudit")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "audit/customers/{customerId}")] HttpRequest request,
        string customerId, CancellationToken cancellation)
    {
        if (!names.TryResolve(customerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);

        var report = await verification.VerifyAsync([customer], cancellation);
        IReadOnlyList<AuditEntry>? entries = [];
        try
        {
            entries = await store.ReadAuditAsync(customer, cancellation);
        }
        catch (Exception altered) when (!report.Intact && altered is InvalidDataException or CryptographicException)
        {
            // What cannot be opened is among the findings below.
        }

        if (entries is null && report.Intact)
            return CustomerRoutes.Unknown(customer);

        var answer = Describe(report);
        answer["customerId"] = customer.Value;
        answer["trail"] = new JsonArray([.. (entries ?? []).Select(entry => (JsonNode)Describe(entry))]);
        return JsonAnswer.Of(answer);
    }

    /// <remarks>The body names customers, or a range of hash prefixes (00 to ff) to share the work out; without either, all are verified.</remarks>
    [Function("VerifyAudit")]
    public async Task<IResult> VerifyAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "audit/verification")] HttpRequest request, CancellationToken cancellation)
    {
        var (scope, problem) = await AuditScope.ReadAsync(request, names, cancellation);
        return problem ?? Answer(scope!.Customers.Count > 0
            ? await verification.VerifyAsync(scope.Customers, cancellation)
            : await verification.VerifyAsync(scope.From, scope.To, cancellation));
    }

    internal static JsonObject Describe(AuditEntry entry) => new()
    {
        ["sequence"] = entry.Sequence,
        ["at"] = Instant.Text(entry.At),
        ["kind"] = entry.Kind,
        ["content"] = entry.Content?.DeepClone(),
        ["hash"] = entry.Hash,
    };

    private IResult Answer(AuditReport report)
    {
        if (!report.Intact)
            logger.ChainsBroken(report.Findings.Count);
        return JsonAnswer.Of(Describe(report));
    }

    /// <summary>A report as JSON, for people and machines.</summary>
    public static JsonObject Describe(AuditReport report) => new()
    {
        ["intact"] = report.Intact,
        ["customers"] = report.Customers,
        ["erased"] = report.Erased,
        ["entries"] = report.Entries,
        ["unanchored"] = report.Unanchored,
        ["anchors"] = report.Anchors,
        ["lastAnchorAt"] = report.LastAnchorAt is { } at ? Instant.Text(at) : null,
        ["findings"] = new JsonArray([.. report.Findings.Select(finding => (JsonNode)new JsonObject
        {
            ["chain"] = finding.Chain,
            ["sequence"] = finding.Sequence,
            ["fault"] = JsonNamingPolicy.CamelCase.ConvertName(finding.Fault.ToString()),
            ["detail"] = finding.Detail,
        })]),
    };
}
