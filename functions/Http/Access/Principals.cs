using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ServerlessCLM.Functions.Http;

/// <summary>Finds out who makes a request.</summary>
/// <param name="isHeaderOwn">Whether something in front of the host owns the headers <c>x-ms-client-principal…</c>; without it any caller could give any name.</param>
/// <param name="keyRoles">What a caller is who brings no more than a function key.</param>
/// <param name="tokens">Checks bearer tokens; null where none are taken.</param>
/// <param name="consoleKey">The function key that the console has of the product, which opens the host and makes nobody a caller; null where it has none.</param>
/// <remarks>App Service authentication sets the headers, and takes away what a caller sent of them.</remarks>
public sealed class Principals(bool isHeaderOwn, Roles keyRoles, TokenCheck? tokens, string? consoleKey = null)
{
    /// <summary>The name, from App Service authentication.</summary>
    public const string Header = "x-ms-client-principal-name";

    /// <summary>The claims, from App Service authentication: base64 of JSON.</summary>
    public const string ClaimsHeader = "x-ms-client-principal";

    private const string Scheme = "Bearer ";

    private const string KeyHeader = "x-functions-key";

    /// <summary>The caller, or the problem with what they brought.</summary>
    internal async Task<(Caller? Caller, IResult? Problem)> FindAsync(HttpRequest request)
    {
        if (await FindByTokenAsync(request) is { } found)
            return found;

        var name = request.Headers[Header].ToString().Trim();
        if (!isHeaderOwn || name.Length == 0)
        {
            return IsConsoles(request)
                ? (null, Problems.Unauthenticated("the console's key names nobody; sign in and send the access token"))
                : (new Caller(null, keyRoles), null);
        }

        if (!Caller.IsName(name))
            return (null, Problems.Unauthenticated($"the header {Header} must be a name of at most {Caller.MaxName} letters"));

        return request.Headers[ClaimsHeader].ToString() is not { Length: > 0 } claims ? (new Caller(name, keyRoles), null)
            : RolesOf(claims) is { } roles ? (new Caller(name, roles), null)
            : (null, Problems.Unauthenticated($"the header {ClaimsHeader} cannot be read"));
    }

    /// <summary>The caller that a bearer token names, or the problem with it; null when there is none or none are taken.</summary>
    internal async Task<(Caller? Caller, IResult? Problem)?> FindByTokenAsync(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (tokens is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;

        var (caller, reason) = await tokens.CheckAsync(authorization[Scheme.Length..].Trim(), request.HttpContext.RequestAborted);
        return caller is null ? (null, Problems.Unauthenticated($"the bearer token is not taken: {reason}")) : (caller, null);
    }

    /// <summary>Whether a request came by the console's key, or by none that can be seen: the host has let it through by one.</summary>
    private bool IsConsoles(HttpRequest request)
    {
        if (consoleKey is null)
            return false;

        var given = KeyIn(request);
        return given.Length == 0 || CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(consoleKey));
    }

    /// <summary>The function key of a request, as it came to the host; empty where it is not told.</summary>
    internal static string KeyIn(HttpRequest request) =>
        request.Headers[KeyHeader].ToString() is { Length: > 0 } header ? header : request.Query["code"].ToString();

    /// <summary>The name of who makes a request, where one is known: to be held against somebody else's, never to allow anything.</summary>
    internal static string? NameIn(HttpRequest request) => Caller.Of(request.HttpContext)?.Name;

    /// <summary>The name of who makes a request, for what must be signed by a person; or the problem with it.</summary>
    internal bool TryGet(HttpRequest request, [NotNullWhen(true)] out string? name, [NotNullWhen(false)] out IResult? problem)
    {
        name = Caller.Of(request.HttpContext)?.Name;
        problem = name is not null ? null
            : Problems.Unauthenticated(isHeaderOwn
                ? $"the header {Header} must name who makes the request"
                : "a function key names nobody; send an access token, or turn on App Service authentication (docs/azure.md)");
        return problem is null;
    }

    /// <summary>The roles among the claims; null when they cannot be read.</summary>
    private static Roles? RolesOf(string header)
    {
        try
        {
            return JsonNode.Parse(Convert.FromBase64String(header))?["claims"] is JsonArray claims
                ? Caller.RolesOf(claims.OfType<JsonObject>().Where(claim => (string?)claim["typ"] == "roles").Select(claim => (string?)claim["val"] ?? ""))
                : null;
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
