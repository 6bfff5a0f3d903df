using System.Globalization;

namespace ServerlessCLM.Documents;

/// <summary>Writes JSON paths (RFC 9535).</summary>
public static class JsonPath
{
    public const string Root = "$";

    public static string Member(string path, string name) => name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
        ? $"{path}.{name}"
        : $"{path}[{Quoted(Rejection.Shorten(name, 64))}]";

    public static string Item(string path, int place) => string.Create(CultureInfo.InvariantCulture, $"{path}[{place}]");

    /// <summary>The item of an array whose member <c>id</c> has this value, wherever it stands.</summary>
    public static string ItemById(string path, string id) => $"{path}[?@.id=={Quoted(id)}]";

    private static string Quoted(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
