using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessCLM.Messages.Channels;

/// <summary>
/// Signatures of Standard Webhooks 1.0: HMAC-SHA256 over <c>id.timestamp.body</c>, in base64 behind <c>v1,</c>; one for each secret in use, so that
/// secrets change without a pause.
/// </summary>
public static class WebhookSignature
{
    public const string IdHeader = "webhook-id", TimestampHeader = "webhook-timestamp", SignatureHeader = "webhook-signature";

    /// <summary>Age of a webhook beyond which it is taken for a replay, and how far a sender's clock may be ahead.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string SecretPrefix = "whsec_", Scheme = "v1,";
    private const int MaxId = 256, MinKey = 24, MaxKey = 64;

    /// <summary>Reads a secret: base64 of 24 to 64 bytes behind <c>whsec_</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static byte[] Secret(string text)
    {
        var key = new byte[MaxKey];
        return text.StartsWith(SecretPrefix, StringComparison.Ordinal) && Convert.TryFromBase64String(text[SecretPrefix.Length..], key, out var length) && length >= MinKey
            ? key[..length]
            : throw new FormatException($"must be {SecretPrefix} and base64 of {MinKey} to {MaxKey} bytes");
    }

    /// <summary>The header for a body that is sent.</summary>
    /// <param name="secrets">Those in use, a new one first.</param>
    /// <param name="id">The same for every attempt at the same message.</param>
    /// <param name="at">Of this attempt.</param>
    /// <param name="body">The bytes as they are sent.</param>
    public static string Sign(IEnumerable<byte[]> secrets, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var content = Content(id, Seconds(at), body);
        return string.Join(' ', secrets.Select(secret => Scheme + Convert.ToBase64String(HMACSHA256.HashData(secret, content))));
    }

    /// <summary>Seconds since 1970, as the header has them.</summary>
    public static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a webhook comes from who knows a secret, and now.</summary>
    /// <returns>Null, or the header and what is wrong with it.</returns>
    public static Rejection? Fault(IReadOnlyList<byte[]> secrets, string id, string timestamp, string signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (id.Length is 0 or > MaxId)
            return new(IdHeader, $"must have 1 to {MaxId} characters");
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > 100_000_000_000)
            return new(TimestampHeader, "must be seconds since 1970");
        if ((now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > Tolerance)
            return new(TimestampHeader, $"is more than {Tolerance.TotalMinutes:0} minutes off: a replay, or a clock that is wrong");

        var content = Content(id, timestamp, body);
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes], own = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var known = false;
        foreach (var signature in signatures.Split(' ', 10, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!signature.StartsWith(Scheme, StringComparison.Ordinal) || !Convert.TryFromBase64String(signature[Scheme.Length..], given, out var length) || length != given.Length)
                continue;

            foreach (var secret in secrets)
            {
                HMACSHA256.HashData(secret, content, own);
                known |= CryptographicOperations.FixedTimeEquals(given, own);
            }
        }

        return known ? null : new(SignatureHeader, "is by none of the secrets in use");
    }

    private static byte[] Content(string id, string timestamp, ReadOnlySpan<byte> body) => [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
}
