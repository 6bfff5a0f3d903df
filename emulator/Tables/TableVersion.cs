using System.Globalization;
using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>A row's version: the ticks of its timestamp, written as the service writes an ETag, <c>W/"datetime'…'"</c>.</summary>
static class TableVersion
{
    const string Prefix = "W/\"datetime'";
    const string Suffix = "'\"";
    const string Format = "yyyy-MM-dd'T'HH'%3A'mm'%3A'ss.fffffff'Z'";

    internal static string Text(long ticks) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{new DateTime(ticks, DateTimeKind.Utc).ToString(Format, CultureInfo.InvariantCulture)}{Suffix}");

    /// <summary>The ticks that an If-Match asks for; null for any version.</summary>
    /// <exception cref="RequestFailedException">400 InvalidInput for what is no ETag of a table.</exception>
    internal static long? Required(ETag ifMatch)
    {
        if (ifMatch == default || ifMatch == ETag.All) return null;
        var text = ifMatch.ToString();
        if (text.StartsWith(Prefix, StringComparison.Ordinal) && text.EndsWith(Suffix, StringComparison.Ordinal)
            && text.Length > Prefix.Length + Suffix.Length
            && DateTime.TryParseExact(text.AsSpan(Prefix.Length, text.Length - Prefix.Length - Suffix.Length), Format,
                CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
        {
            return instant.Ticks;
        }
        throw TableErrors.InvalidInput($"The ETag {text} is not of the form {Prefix}…{Suffix}.");
    }
}

/// <summary>The answer to a write; most callers never ask for the ETag, so it is written out only then.</summary>
sealed class WrittenResponse(long ticks) : StorageResponse(204, "No Content")
{
    protected override string? ETagText => ticks == 0 ? null : TableVersion.Text(ticks);
}
