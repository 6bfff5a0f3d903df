using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace ServerlessCLM.Functions.Http;

/// <summary>
/// Who makes a request: the name in the header <c>x-ms-client-principal-name</c>, which App Service authentication sets, taking away what
/// a caller sent.
/// </summary>
/// <param name="isHeaderOwn">Whether something in front of the host owns the header; without it any caller could give any name.</param>
public sealed class Principals(bool isHeaderOwn)
{
    public const string Header = "x-ms-client-principal-name";

    private const int MaxLength = 200;

    /// <summary>The name a request gives, where it gives one: to be held against somebody else's, never to allow anything.</summary>
    internal static string? NameIn(HttpRequest request) => request.Headers[Header].ToString().Trim() is { Length: > 0 and <= MaxLength } name ? name : null;

    /// <summary>The principal's name, or the problem with it.</summary>
    internal bool TryGet(HttpRequest request, [NotNullWhen(true)] out string? name, [NotNullWhen(false)] out IResult? problem)
    {
        name = request.Headers[Header].ToString().Trim();
        problem = !isHeaderOwn ? Problems.Unauthenticated("App Service authentication is off, so nobody can be told from anybody else; turn it on (docs/azure.md)")
            : name.Length is 0 or > MaxLength || name.Any(char.IsControl) ? Problems.Unauthenticated($"the header {Header} must name who makes the request")
            : null;
        return problem is null;
    }
}
