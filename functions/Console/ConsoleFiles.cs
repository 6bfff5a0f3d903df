using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace ServerlessCLM.Functions.Console;

/// <summary>A file of the console as it is sent.</summary>
/// <param name="Bytes">The file, compressed when <paramref name="Encoding"/> says so.</param>
/// <param name="Encoding">A content coding such as <c>br</c>; null for none.</param>
/// <param name="Tag">Differs for different bytes.</param>
public sealed record ConsoleFile(byte[] Bytes, string ContentType, string? Encoding, EntityTagHeaderValue Tag);

/// <summary>The files of the built page, by name and content coding.</summary>
public sealed class ConsoleFiles
{
    /// <summary>The page itself, which loads the others.</summary>
    public const string Page = "index.html";

    private const string Prefix = "console/";

    /// <summary>Best first.</summary>
    private static readonly (string? Encoding, string Suffix)[] Codings = [("br", ".br"), ("gzip", ".gz"), (null, "")];

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".woff2"] = "font/woff2",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, ConsoleFile> _files;

    private ConsoleFiles(IEnumerable<KeyValuePair<string, ConsoleFile>> files) => _files = files.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>False when the product was built without Node, which builds the page.</summary>
    public bool ArePresent => _files.ContainsKey(Page);

    /// <summary>The files within the function app's assembly.</summary>
    public static ConsoleFiles Embedded()
    {
        var assembly = typeof(ConsoleFiles).Assembly;
        return new ConsoleFiles(
            from resource in assembly.GetManifestResourceNames()
            where resource.StartsWith(Prefix, StringComparison.Ordinal)
            let name = resource[Prefix.Length..].Replace('\\', '/')
            let coding = Array.Find(Codings, each => name.EndsWith(each.Suffix, StringComparison.Ordinal))
            let bytes = Read(assembly.GetManifestResourceStream(resource)!)
            select KeyValuePair.Create(name, new ConsoleFile(bytes, ContentType(name[..^coding.Suffix.Length]), coding.Encoding, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12))}\""))));
    }

    /// <summary>A file in the best coding that the client takes.</summary>
    /// <param name="accepts">Whether the client takes a coding.</param>
    /// <returns>Null when there is no such file.</returns>
    public ConsoleFile? Find(string name, Func<string, bool> accepts)
    {
        foreach (var (encoding, suffix) in Codings)
        {
            if ((encoding is null || accepts(encoding)) && _files.TryGetValue(name + suffix, out var file) && file.Encoding == encoding)
                return file;
        }

        return null;
    }

    private static string ContentType(string name) => ContentTypes.GetValueOrDefault(Path.GetExtension(name), "application/octet-stream");

    private static byte[] Read(Stream resource)
    {
        using (resource)
        {
            var bytes = new byte[resource.Length];
            resource.ReadExactly(bytes);
            return bytes;
        }
    }
}
