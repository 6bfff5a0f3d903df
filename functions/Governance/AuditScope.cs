using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;

namespace ServerlessCLM.Functions.Governance;

/// <summary>Which customers an audit looks at: those named, or those whose id has a hash prefix from one to another.</summary>
internal sealed record AuditScope(IReadOnlyList<CustomerId> Customers, byte From, byte To)
{
    /// <summary>Customers that one request may name.</summary>
    private const int MaxCustomers = 1000;

    /// <summary>The scope that a request's body names, or the problem with it; without a body it is all customers.</summary>
    public static async Task<(AuditScope? Scope, IResult? Problem)> ReadAsync(HttpRequest request, CustomerReference names, CancellationToken cancellation)
    {
        var (body, problem) = await Bodies.ReadAsync(request, cancellation, 1 << 20);
        if (problem is not null)
            return (null, problem);

        try
        {
            return body.IsEmpty ? Read([], names)
                : StrictJson.Parse(body.Span) is JsonObject given ? Read(given, names)
                : (null, Problems.Invalid("$", "must be a JSON object"));
        }
        catch (JsonException error)
        {
            return (null, Bodies.NotJson(error));
        }
    }

    private static (AuditScope? Scope, IResult? Problem) Read(JsonObject members, CustomerReference names)
    {
        foreach (var (name, _) in members)
        {
            if (name is not ("customers" or "from" or "to"))
                return (null, Problems.Invalid(Rejection.Shorten(name, 64), "is not known here; name customers, or from and to"));
        }

        if (members["customers"] is { } listed)
            return members.Count > 1 ? (null, Problems.Invalid("customers", "go without from and to")) : Named(listed, names);

        if (!TryPrefix(members["from"], 0, out var from))
            return (null, Problems.Invalid("from", "must be two hexadecimal digits, from 00 to ff"));

        return TryPrefix(members["to"], byte.MaxValue, out var to) && to >= from
            ? (new AuditScope([], from, to), null)
            : (null, Problems.Invalid("to", "must be two hexadecimal digits, from that of from to ff"));
    }

    private static (AuditScope? Scope, IResult? Problem) Named(JsonNode listed, CustomerReference names)
    {
        if (listed is not JsonArray { Count: > 0 and <= MaxCustomers } array)
            return (null, Problems.Invalid("customers", $"must be a list of 1 to {MaxCustomers} customer ids"));

        var customers = new List<CustomerId>();
        foreach (var node in array)
        {
            if (node?.GetValueKind() != JsonValueKind.String || !names.TryResolve(node.GetValue<string>(), out var customer))
                return (null, Problems.Invalid($"customers[{customers.Count}]", CustomerId.Rule));

            customers.Add(customer);
        }

        return (new AuditScope(customers, 0, 0), null);
    }

    private static bool TryPrefix(JsonNode? node, byte missing, out byte prefix)
    {
        prefix = missing;
        return node is null || (node.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is { Length: 2 } text
            && byte.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out prefix));
    }
}
