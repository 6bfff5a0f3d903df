using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace ServerlessCLM.Functions.Http;

/// <summary>Checks access tokens of one issuer: signature, issuer, audience, time.</summary>
/// <param name="issuer">Its published configuration, which is read again when a token is signed with a key that is not among the known ones.</param>
/// <param name="audience">The application that tokens must be for.</param>
public sealed class TokenCheck(IConfigurationManager<OpenIdConnectConfiguration> issuer, string audience, TimeProvider time)
{
    /// <summary>What the clocks of issuer and product may differ by.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <summary>The caller a token names, or why it is not taken.</summary>
    public async Task<(Caller? Caller, string? Reason)> CheckAsync(string token, CancellationToken cancellation)
    {
        var result = await ValidateAsync(token, cancellation);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The issuer may have begun to sign with a key that was published since.
            issuer.RequestRefresh();
            result = await ValidateAsync(token, cancellation);
        }

        return result.IsValid ? Read(result.ClaimsIdentity) : (null, Reason(result.Exception));
    }

    private async Task<TokenValidationResult> ValidateAsync(string token, CancellationToken cancellation)
    {
        var configuration = await issuer.GetConfigurationAsync(cancellation);
        return await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = configuration.Issuer,
            ValidAudiences = [audience, $"api://{audience}"],
            IssuerSigningKeys = configuration.SigningKeys,
            // Public keys only: with a symmetric algorithm whoever knows the published key could sign.
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = (notBefore, expires, _, _) => IsTimely(notBefore, expires),
        });
    }

    private bool IsTimely(DateTime? notBefore, DateTime? expires)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires > now - Skew && (notBefore is null || notBefore <= now + Skew);
    }

    private static (Caller? Caller, string? Reason) Read(ClaimsIdentity identity)
    {
        // A person's sign-in name; an application's id where no person signed in.
        var name = identity.FindFirst("preferred_username")?.Value ?? identity.FindFirst("azp")?.Value ?? identity.FindFirst("appid")?.Value ?? identity.FindFirst("sub")?.Value;
        return name is not null && Caller.IsName(name)
            ? (new Caller(name, Caller.RolesOf(identity.FindAll("roles").Select(claim => claim.Value))), null)
            : (null, "it names nobody");
    }

    /// <summary>In words that help a caller and tell an attacker nothing: never what the token or the keys hold.</summary>
    private static string Reason(Exception? failure) => failure switch
    {
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNoExpirationException => "it is not valid at this time; get a new one",
        SecurityTokenInvalidAudienceException => "it is for another application",
        SecurityTokenInvalidIssuerException => "it is from another issuer",
        _ => "it is not a token signed by the issuer",
    };
}
