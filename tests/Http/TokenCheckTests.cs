using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions.Http;

namespace ServerlessCLM.Tests.Http;

public sealed class TokenCheckTests : IDisposable
{
    private const string Issuer = "https://login.example/tenant/v2.0";
    private const string Audience = "5b1f8f0a-0000-4000-8000-000000000001";

    private static readonly DateTimeOffset Now = Product.Now;

    private readonly RSA _rsa = RSA.Create(2048);
    private readonly RSA _stranger = RSA.Create(2048);
    private readonly FakeIssuer _issuer;
    private readonly TokenCheck _check;

    public TokenCheckTests()
    {
        _issuer = new FakeIssuer(Key(_rsa, "key-1"));
        _check = new TokenCheck(_issuer, Audience, new VirtualClock(Now));
    }

    public void Dispose()
    {
        _rsa.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    public async Task A_token_of_the_issuer_names_the_caller_and_their_roles()
    {
        var (caller, reason) = await _check.CheckAsync(Token(), TestContext.Current.CancellationToken);
        Assert.Null(reason);
        Assert.Equal(new Caller("ada@bank.example", Roles.Analyst | Roles.Approver), caller);
    }

    [Fact]
    public async Task Ten_thousand_bad_tokens_are_refused()
    {
        var good = Token();
        var random = new Random(20261124);
        for (var i = 0; i < 10_000; i++)
        {
            var (name, bad) = Spoil(good, random);
            var (caller, reason) = await _check.CheckAsync(bad, TestContext.Current.CancellationToken);
            Assert.True(caller is null && reason is { Length: > 0 }, $"{name} was taken: {bad}");
            Assert.DoesNotContain(bad.Length > 20 ? bad[..20] : "\0", reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_is_good_from_its_beginning_to_its_end_with_two_minutes_for_the_clocks()
    {
        foreach (var (from, to, isGood) in new[]
        {
            (TimeSpan.FromMinutes(-60), TimeSpan.FromMinutes(-3), false), (TimeSpan.FromMinutes(-60), TimeSpan.FromMinutes(-1), true),
            (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(60), true), (TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(60), false),
        })
        {
            var (caller, reason) = await _check.CheckAsync(Token(from: Now + from, to: Now + to), TestContext.Current.CancellationToken);
            Assert.Equal(isGood, caller is not null);
            Assert.Equal(isGood ? null : "it is not valid at this time; get a new one", reason);
        }
    }

    [Fact]
    public async Task A_key_published_after_the_start_is_read_without_a_restart_and_the_old_one_holds_until_it_is_withdrawn()
    {
        using var next = RSA.Create(2048);
        Assert.NotNull((await _check.CheckAsync(Token(), TestContext.Current.CancellationToken)).Caller);

        _issuer.PublishLater(Key(_rsa, "key-1"), Key(next, "key-2"));
        var many = Enumerable.Range(0, 200).Select(i => _check.CheckAsync(i % 2 == 0 ? Token() : Token(next, "key-2"), TestContext.Current.CancellationToken));
        Assert.All(await Task.WhenAll(many), found => Assert.Equal("ada@bank.example", found.Caller?.Name));

        _issuer.PublishLater(Key(next, "key-2"));
        _issuer.RequestRefresh();
        Assert.Null((await _check.CheckAsync(Token(), TestContext.Current.CancellationToken)).Caller);
        Assert.NotNull((await _check.CheckAsync(Token(next, "key-2"), TestContext.Current.CancellationToken)).Caller);
    }

    [Fact]
    public async Task A_bearer_token_comes_before_a_header_that_anybody_may_send()
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Authorization = $"Bearer {Token()}";
        http.Request.Headers[Principals.Header] = "someone.else@bank.example";
        var (caller, problem) = await new Principals(isHeaderOwn: true, Roles.All, _check).FindAsync(http.Request);
        Assert.Null(problem);
        Assert.Equal("ada@bank.example", caller!.Name);

        http.Request.Headers.Authorization = $"Bearer {Token(_stranger)}";
        (caller, problem) = await new Principals(isHeaderOwn: true, Roles.All, _check).FindAsync(http.Request);
        Assert.Null(caller);
        Assert.NotNull(problem);
    }

    private (string Name, string Token) Spoil(string good, Random random)
    {
        var parts = good.Split('.');
        switch (random.Next(12))
        {
            case 0: return ("another signer", Token(_stranger));
            case 1: return ("another signer under a key id of its own", Token(_stranger, "key-9"));
            case 2: return ("another audience", Token(audience: Guid.CreateVersion7().ToString()));
            case 3: return ("another issuer", Token(issuer: "https://login.example/other/v2.0"));
            case 4: return ("a time past", Token(from: Now.AddDays(-2), to: Now.AddDays(-1).AddMinutes(-random.Next(1000))));
            case 5: return ("no signature", $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.");
            case 6: return ("the public key as a shared secret", Symmetric(parts[1]));
            case 7: return ("a byte of the content changed", $"{parts[0]}.{Change(parts[1], random)}.{parts[2]}");
            case 8: return ("a byte of the signature changed", $"{parts[0]}.{parts[1]}.{Change(parts[2], random)}");
            case 9: return ("a part missing", $"{parts[0]}.{parts[1]}");
            case 10: return ("cut off", good[..random.Next(1, good.Length - 10)]);
            default: return ("noise", Convert.ToBase64String(RandomBytes(random)));
        }
    }

    private string Symmetric(string content)
    {
        var signed = $"{Encode("""{"alg":"HS256","typ":"JWT","kid":"key-1"}""")}.{content}";
        return $"{signed}.{Base64UrlEncoder.Encode(HMACSHA256.HashData(_rsa.ExportRSAPublicKey(), Encoding.UTF8.GetBytes(signed)))}";
    }

    private string Token(RSA? signer = null, string keyId = "key-1", string issuer = Issuer, string audience = Audience, DateTimeOffset? from = null, DateTimeOffset? to = null) =>
        new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            NotBefore = (from ?? Now.AddMinutes(-5)).UtcDateTime,
            IssuedAt = (from ?? Now.AddMinutes(-5)).UtcDateTime,
            Expires = (to ?? Now.AddMinutes(55)).UtcDateTime,
            Subject = new ClaimsIdentity([
                new Claim("preferred_username", "ada@bank.example"), new Claim("roles", "analyst"), new Claim("roles", "Approver"), new Claim("roles", "some.other.app")]),
            SigningCredentials = new SigningCredentials(Key(signer ?? _rsa, keyId), SecurityAlgorithms.RsaSha256),
        });

    private static RsaSecurityKey Key(RSA rsa, string id) => new(rsa) { KeyId = id };

    private static string Encode(string json) => Base64UrlEncoder.Encode(json);

    /// <summary>Another letter in the middle, where none of its bits are padding.</summary>
    private static string Change(string part, Random random)
    {
        var place = random.Next(part.Length - 4);
        return string.Concat(part.AsSpan(0, place), part[place] == 'A' ? "B" : "A", part.AsSpan(place + 1));
    }

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(1, 200)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>An issuer whose keys change, read again when asked to.</summary>
    private sealed class FakeIssuer(params SecurityKey[] keys) : IConfigurationManager<OpenIdConnectConfiguration>
    {
        private volatile OpenIdConnectConfiguration _read = Configuration(keys);
        private volatile OpenIdConnectConfiguration _published = Configuration(keys);

        public void PublishLater(params SecurityKey[] keys) => _published = Configuration(keys);

        public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel) => Task.FromResult(_read);

        public void RequestRefresh() => _read = _published;

        private static OpenIdConnectConfiguration Configuration(SecurityKey[] keys)
        {
            var configuration = new OpenIdConnectConfiguration { Issuer = Issuer };
            foreach (var key in keys)
                configuration.SigningKeys.Add(key);
            return configuration;
        }
    }
}
