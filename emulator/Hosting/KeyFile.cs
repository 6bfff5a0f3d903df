using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessCLM.Emulator;

/// <summary><c>keys.json</c>: the master key, the default function key, and further function keys by name.</summary>
internal sealed record KeyFile
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public string? MasterKey { get; init; }

    public string? FunctionKey { get; init; }

    public SortedDictionary<string, string>? FunctionKeys { get; init; }

    /// <summary>The further function keys; their names are told apart without regard to case.</summary>
    [JsonIgnore]
    public SortedDictionary<string, string> Named => new(FunctionKeys ?? [], StringComparer.OrdinalIgnoreCase);

    /// <summary>The file; null when there is none.</summary>
    /// <exception cref="FunctionsStartupException">It is malformed; the message names the key and never holds its value.</exception>
    public static KeyFile? Read(DataFolder folder, string path)
    {
        if (folder.ReadJson<KeyFile>(path, Json) is not { } kept)
            return null;
        try
        {
            // An empty key would let in who brings none.
            foreach (var (name, value) in kept.Named)
            {
                CheckName(name);
                CheckValue(name, value);
            }

            if (kept.FunctionKey is { } function)
                CheckValue("functionKey", function);
            if (kept.MasterKey is { } master)
                CheckValue("masterKey", master);

            return kept.Named.ContainsKey(HostKeys.Default)
                ? throw new FormatException($"the key '{HostKeys.Default}' is functionKey's own")
                : kept;
        }
        catch (FormatException wrong)
        {
            throw new FunctionsStartupException($"{path}: {wrong.Message}.", wrong);
        }
    }

    public void Write(string path) => AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, Json), secret: true);

    /// <exception cref="FormatException">The name cannot be one.</exception>
    public static void CheckName(string name)
    {
        if (name.Length is 0 or > 100 || !char.IsAsciiLetterOrDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            throw new FormatException($"'{name}' is no name for a key: up to 100 letters, digits, '-', '_' and '.', the first a letter or digit");
    }

    /// <exception cref="FormatException">The value cannot be sent in a header, or is too short to be a secret.</exception>
    public static void CheckValue(string name, string? value)
    {
        if (value is not { Length: >= 7 and <= 200 } || !value.All(c => c is > ' ' and <= '~'))
            throw new FormatException($"the value of the key '{name}' needs 7 to 200 visible ASCII characters");
    }
}

/// <summary>The keys that hold now, ready to be compared.</summary>
internal sealed record KeyRing(KeyFile File, IReadOnlyDictionary<string, string> Functions, byte[][] FunctionDigests, byte[] MasterDigest, (DateTime Written, long Length) Stamp)
{
    public static KeyRing Of(KeyFile file, EmulatorOptions options, (DateTime Written, long Length) stamp)
    {
        var functions = file.Named;
        functions[HostKeys.Default] = options.FunctionKey ?? file.FunctionKey!;
        return new(file, functions, [.. functions.Values.Select(Digest)], Digest(options.MasterKey ?? file.MasterKey!), stamp);
    }

    /// <summary>Compares with every key, so that the time tells nothing about them.</summary>
    public bool Opens(AuthorizationLevel level, string key)
    {
        var digest = Digest(key);
        var master = CryptographicOperations.FixedTimeEquals(digest, MasterDigest);
        var function = false;
        foreach (var known in FunctionDigests)
            function |= CryptographicOperations.FixedTimeEquals(digest, known);
        return master | (function & level is AuthorizationLevel.Function or AuthorizationLevel.User);
    }

    // Digests are of one length, whatever the length of the key.
    static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
