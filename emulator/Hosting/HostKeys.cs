using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>The keys that HTTP callers show, generated at the first start and kept in <c>keys.json</c>, unless settings name them.</summary>
internal sealed class HostKeys
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    readonly byte[] functionDigest;
    readonly byte[] masterDigest;

    public HostKeys(DataFolder folder, EmulatorOptions options, ILogger<HostKeys> log)
    {
        var path = folder.PathOf("keys.json");
        var kept = folder.ReadJson<Kept>(path, Json);
        if (kept is not { FunctionKey.Length: > 0, MasterKey.Length: > 0 })
        {
            kept = new(Generate(), Generate());
            AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(kept, Json), secret: true);
            if (options.FunctionKey is null)
                log.GeneratedKey(kept.FunctionKey, path);
        }

        FunctionKey = options.FunctionKey ?? kept.FunctionKey;
        functionDigest = Digest(FunctionKey);
        masterDigest = Digest(options.MasterKey ?? kept.MasterKey);
    }

    public string FunctionKey { get; }

    /// <summary>Whether a key opens a function of that level; takes as long for every wrong key.</summary>
    public bool Allows(AuthorizationLevel level, string? key)
    {
        if (level == AuthorizationLevel.Anonymous)
            return true;
        var digest = Digest(key ?? "");
        var master = CryptographicOperations.FixedTimeEquals(digest, masterDigest);
        var function = CryptographicOperations.FixedTimeEquals(digest, functionDigest);
        return master | (function & level is AuthorizationLevel.Function or AuthorizationLevel.User);
    }

    static string Generate() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(30));

    // Digests are of one length, whatever the length of the key.
    static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    sealed record Kept(string FunctionKey, string MasterKey);
}
