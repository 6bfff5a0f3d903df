using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessCLM.Emulator;

/// <summary>The rules for the names of containers, blobs and metadata, and the file names that blobs are kept under.</summary>
static class BlobNames
{
    const int MaxFileName = 160;

    /// <summary>3 to 63 lower-case letters, digits and single hyphens, with a letter or digit at either end.</summary>
    internal static void CheckContainer(string name)
    {
        if (name.Length is < 3 or > 63)
            throw BlobErrors.BadRequest("OutOfRangeInput", $"Container name '{name}' must have 3 to 63 characters.");
        var valid = name[0] != '-' && name[^1] != '-' && !name.Contains("--", StringComparison.Ordinal)
            && name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-');
        if (!valid)
        {
            throw BlobErrors.BadRequest("InvalidResourceName",
                $"Container name '{name}' must be lower-case letters, digits and single hyphens, a letter or digit at either end.");
        }
    }

    /// <summary>1 to 1,024 characters, at most 254 path segments.</summary>
    internal static void CheckBlob(string name)
    {
        if (name.Length is < 1 or > 1024)
            throw BlobErrors.BadRequest("OutOfRangeInput", $"A blob name must have 1 to 1024 characters, not {name.Length}.");
        if (name.AsSpan().Count('/') > 253)
            throw BlobErrors.BadRequest("InvalidUri", "A blob name must have at most 254 path segments.");
    }

    internal static void CheckMetadata(IDictionary<string, string> metadata)
    {
        var bytes = 0;
        foreach (var (name, value) in metadata)
        {
            if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_'))
                throw BlobErrors.BadRequest("InvalidMetadata", $"Metadata name '{name}' is not an identifier.");
            if (value is null || value.Any(character => char.IsControl(character) || character > 0x7E))
                throw BlobErrors.BadRequest("InvalidMetadata", $"Metadata '{name}' has a value that a header cannot carry.");
            bytes += name.Length + value.Length;
        }
        if (bytes > 8 * 1024) throw BlobErrors.BadRequest("MetadataTooLarge", $"Metadata takes {bytes} bytes; at most 8192 are allowed.");
    }

    /// <summary>
    /// A file name for a blob: lower-case letters, digits, hyphens and underscores stay, every other byte of the UTF-8 is %XX, so
    /// that no name leaves the folder or meets another on a file system that ignores case. A long one is its SHA-256 after a '~'.
    /// </summary>
    internal static string FileOf(string blob)
    {
        var name = new StringBuilder(blob.Length + 16);
        var bytes = Encoding.UTF8.GetBytes(blob);
        foreach (var unit in bytes)
        {
            var character = (char)unit;
            if (char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '_') name.Append(character);
            else name.Append(CultureInfo.InvariantCulture, $"%{unit:X2}");
        }
        return name.Length <= MaxFileName ? name.ToString() : "~" + Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
