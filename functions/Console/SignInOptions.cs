using Microsoft.Extensions.Configuration;

namespace ServerlessCLM.Functions.Console;

/// <summary>How people sign in to the console.</summary>
/// <param name="Authority">The issuer they sign in at; null when they sign in with a function key.</param>
/// <param name="ClientId">The application that the console is to the issuer.</param>
/// <param name="Scope">What the console asks a token for.</param>
/// <param name="ConsoleKey">The function key that the console sends beside the token, because the host asks each caller for one.</param>
public sealed record SignInOptions(Uri? Authority, string? ClientId, string? Scope, string? ConsoleKey)
{
    /// <exception cref="InvalidOperationException">A setting is missing or wrong; the message names it.</exception>
    public static SignInOptions From(IConfiguration clm)
    {
        if (clm["Console:Key"] is not { Length: > 0 } key)
            return new SignInOptions(null, null, null, null);

        if (clm["Identity:Audience"] is not { Length: > 0 } audience)
            throw new InvalidOperationException("the setting Clm:Console:Key asks for Clm:Identity:Authority and Clm:Identity:Audience: the key is for people who sign in there");

        return Uri.TryCreate(clm["Identity:Authority"]?.TrimEnd('/'), UriKind.Absolute, out var authority)
            ? new SignInOptions(authority, clm["Console:ClientId"] ?? audience, clm["Console:Scope"] ?? $"{audience}/.default", key)
            : throw new InvalidOperationException("the setting Clm:Identity:Authority must be an address like https://login.microsoftonline.com/TENANT/v2.0");
    }
}
