using System.Security.Cryptography;

namespace ServerlessCLM.Customers;

/// <summary>
/// The institution's keys, by version: they wrap each customer's own key and nothing else. Adding a version and making it
/// current rotates: keys wrapped by an older version are wrapped anew at the customer's next commit.
/// </summary>
public sealed class MasterKeys
{
    public const int KeySize = 32;

    private readonly IReadOnlyDictionary<int, byte[]> _versions;

    /// <exception cref="ArgumentException">A key is not 32 bytes, or the current version is not among them.</exception>
    public MasterKeys(IReadOnlyDictionary<int, byte[]> versions, int current)
    {
        if (!versions.ContainsKey(current))
            throw new ArgumentException($"master key version {current} is missing", nameof(versions));

        foreach (var (version, key) in versions)
        {
            if (key.Length != KeySize)
                throw new ArgumentException($"master key version {version} has {key.Length} bytes; {KeySize} are needed", nameof(versions));
        }

        _versions = versions;
        Current = current;
    }

    public int Current { get; }

    /// <summary>Wraps a customer's key for its partition, with the current version.</summary>
    public byte[] Wrap(ReadOnlySpan<byte> key, string partitionKey) => Sealed.Close(_versions[Current], key, partitionKey, "key");

    /// <exception cref="CryptographicException">The version is unknown, or the wrapped key was changed or moved.</exception>
    public byte[] Unwrap(ReadOnlySpan<byte> wrapped, int version, string partitionKey) =>
        _versions.TryGetValue(version, out var master)
            ? Sealed.Open(master, wrapped, partitionKey, "key")
            : throw new CryptographicException($"master key version {version} is not configured; add it to read what it seals");

    /// <summary>A key derived for one purpose of the institution (HKDF-SHA256, RFC 5869), such as card tokens or dead letters.</summary>
    public byte[] Derive(string purpose) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, _versions[_versions.Keys.Min()], KeySize, info: System.Text.Encoding.UTF8.GetBytes(purpose));
}
