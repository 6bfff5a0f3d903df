using System.Security.Cryptography;
using System.Text;

namespace ServerlessCLM.Emulator;

/// <summary>A storage account as a connection string gives it: its name, its key and where its services listen.</summary>
/// <param name="Name">The account's name.</param>
/// <param name="Key">The account's key, decoded.</param>
/// <param name="Tables">The address of the table service, without a slash at the end.</param>
/// <param name="Blobs">The address of the blob service, without a slash at the end.</param>
sealed record StorageAccount(string Name, byte[] Key, Uri Tables, Uri Blobs)
{
    /// <summary>The account of the local storage emulator, whose key is public (learn.microsoft.com, "Use the Azurite emulator").</summary>
    const string Development = """
        AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;
        BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;TableEndpoint=http://127.0.0.1:10002/devstoreaccount1
        """;

    static readonly string[] Known =
    [
        "UseDevelopmentStorage", "DefaultEndpointsProtocol", "AccountName", "AccountKey", "EndpointSuffix",
        "BlobEndpoint", "TableEndpoint", "QueueEndpoint", "FileEndpoint",
    ];

    /// <summary>Reads <c>UseDevelopmentStorage=true</c>, or an account's name and key with endpoints or their suffix.</summary>
    /// <exception cref="FormatException">A part is missing, unknown or malformed; the message names it, and never shows the key.</exception>
    internal static StorageAccount Parse(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var parts = PartsOf(connectionString);
        if (parts.TryGetValue("UseDevelopmentStorage", out var development))
        {
            if (!development.Equals("true", StringComparison.OrdinalIgnoreCase) || parts.Count > 1)
                throw Fault("UseDevelopmentStorage must be 'true' and stand alone");
            parts = PartsOf(Development);
        }
        var name = parts.GetValueOrDefault("AccountName") ?? throw Fault("AccountName is missing");
        var key = new byte[64 + (parts.GetValueOrDefault("AccountKey") ?? throw Fault("AccountKey is missing")).Length];
        if (!Convert.TryFromBase64String(parts["AccountKey"], key, out var length) || length == 0) throw Fault("AccountKey is not base64");
        return new StorageAccount(name, key[..length], EndpointOf(parts, name, "Table"), EndpointOf(parts, name, "Blob"));
    }

    /// <summary>The signature of a text: HMAC-SHA256 with the account's key, in base64.</summary>
    internal string Sign(string text) => Convert.ToBase64String(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(text)));

    /// <summary>The name alone: a record's own text would show the key.</summary>
    public override string ToString() => Name;

    static Dictionary<string, string> PartsOf(string text)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var name = part.Split('=', 2)[0];
            if (!Known.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw Fault($"'{name}' is not one of {string.Join(", ", Known)}");
            if (name.Length == part.Length || !parts.TryAdd(name, part[(name.Length + 1)..])) throw Fault($"{name} needs one value");
        }
        return parts;
    }

    static Uri EndpointOf(Dictionary<string, string> parts, string account, string service)
    {
        var text = parts.GetValueOrDefault(service + "Endpoint")
            ?? $"{parts.GetValueOrDefault("DefaultEndpointsProtocol") ?? "https"}://{account}.{service.ToLowerInvariant()}." +
               $"{parts.GetValueOrDefault("EndpointSuffix") ?? "core.windows.net"}";
        return Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw Fault($"'{text}' is not the address of a {service.ToLowerInvariant()} service");
    }

    static FormatException Fault(string reason) => new($"The storage connection string cannot be used: {reason}.");
}
