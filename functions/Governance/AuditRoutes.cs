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
    /// <summary>Customers that one request may name.</summary>
    private const int MaxCustomers = 1000;

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
        var (body, problem) = await Bodies.ReadAsync(request, cancellation, 1 << 20);
        if (problem is not null)
            return problem;

        JsonObject members;
        try
        {
            if (body.IsEmpty)
                members = [];
            else if (StrictJson.Parse(body.Span) is JsonObject given)
                members = given;
            else
                return Problems.Invalid("$", "must be a JSON object");
        }
        catch (JsonException error)
        {
            return Bodies.NotJson(error);
        }

        foreach (var (name, _) in members)
        {
            if (name is not ("customers" or "from" or "to"))
                return Problems.Invalid(Rejection.Shorten(name, 64), "is not known here; name customers, or from and to");
        }

        if (members["customers"] is { } listed)
            return await VerifyAsync(listed, members, cancellation);

        if (!TryPrefix(members["from"], 0, out var from))
            return Problems.Invalid("from", "must be two hexadecimal digits, from 00 to ff");

        return TryPrefix(members["to"], byte.MaxValue, out var to) && to >= from
            ? Answer(await verification.VerifyAsync(from, to, cancellation))
            : Problems.Invalid("to", "must be two hexadecimal digits, from that of from to ff");
    }

    internal static JsonObject Describe(AuditEntry entry) => new()
    {
        ["sequence"] = entry.Sequence,
        ["at"] = Instant.Text(entry.At),
        ["kind"] = entry.Kind,
        ["content"] = entry.Content?.DeepClone(),
        ["hash"] = entry.Hash,
    };

    private async Task<IResult> VerifyAsync(JsonNode listed, JsonObject members, CancellationToken cancellation)
    {
        if (members.Count > 1)
            return Problems.Invalid("customers", "go without from and to");

        if (listed is not JsonArray { Count: > 0 and <= MaxCustomers } array)
            return Problems.Invalid("customers", $"must be a list of 1 to {MaxCustomers} customer ids");

        var customers = new List<CustomerId>();
        foreach (var node in array)
        {
            if (node?.GetValueKind() != JsonValueKind.String || !names.TryResolve(node.GetValue<string>(), out var customer))
                return Problems.Invalid($"customers[{customers.Count}]", CustomerId.Rule);

            customers.Add(customer);
        }

        return Answer(await verification.VerifyAsync(customers, cancellation));
    }

    private IResult Answer(AuditReport report)
    {
        if (!report.Intact)
            logger.ChainsBroken(report.Findings.Count);
        return JsonAnswer.Of(Describe(report));
    }

    private static bool TryPrefix(JsonNode? node, byte missing, out byte prefix)
    {
        prefix = missing;
        return node is null || (node.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is { Length: 2 } text
            && byte.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out prefix));
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
