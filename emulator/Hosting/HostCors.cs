using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Configuration;

namespace ServerlessCLM.Emulator;

/// <summary>
/// Which web pages may call the functions from a browser: the setting <c>Host:CORS</c>, as in <c>local.settings.json</c>, has their origins with
/// commas between them or <c>*</c>; <c>Host:CORSCredentials</c> lets them send cookies. None without it.
/// </summary>
internal static class HostCors
{
    public const string OriginsSetting = "Host:CORS";
    public const string CredentialsSetting = "Host:CORSCredentials";

    /// <summary>The policy; null when the setting is not there.</summary>
    /// <exception cref="FunctionsStartupException">A setting cannot be read.</exception>
    public static CorsPolicy? PolicyOf(IConfiguration configuration)
    {
        if (configuration[OriginsSetting] is not { Length: > 0 } text)
            return null;
        var credentials = configuration[CredentialsSetting] switch
        {
            null or "" => false,
            var flag when bool.TryParse(flag, out var value) => value,
            var other => throw new FunctionsStartupException($"{CredentialsSetting} is '{other}', needs true or false."),
        };
        var origins = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (origins.Contains("*", StringComparer.Ordinal))
        {
            return !credentials && origins.Length == 1
                ? new CorsPolicyBuilder().AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod().Build()
                : throw new FunctionsStartupException($"{OriginsSetting} is '{text}': * stands alone, and browsers refuse it together with {CredentialsSetting}.");
        }

        if (Array.Find(origins, origin => !IsOrigin(origin)) is { } wrong)
            throw new FunctionsStartupException($"{OriginsSetting}: '{wrong}' is no origin such as https://crm.bank.example.");
        var policy = new CorsPolicyBuilder(origins).AllowAnyHeader().AllowAnyMethod();
        return (credentials ? policy.AllowCredentials() : policy).Build();
    }

    static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase);
}
