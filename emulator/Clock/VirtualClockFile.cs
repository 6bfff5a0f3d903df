using System.Globalization;
using System.Text.Json;

namespace ServerlessCLM.Emulator;

/// <summary>Where a virtual clock stands, kept over restarts in <c>clock.json</c>: what is stored must not come to lie in the future.</summary>
internal sealed class VirtualClockFile
{
    readonly string path;

    /// <exception cref="FunctionsStartupException">The file cannot be read.</exception>
    public VirtualClockFile(DataFolder folder)
    {
        path = folder.PathOf("clock.json");
        Kept = folder.ReadJson<Standing>(path, JsonSerializerOptions.Web)?.Now;
    }

    /// <summary>Where the clock stood when it was last kept; null in a new folder.</summary>
    public DateTimeOffset? Kept { get; }

    public void Keep(DateTimeOffset now) => AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(new Standing(now), JsonSerializerOptions.Web));

    /// <summary>An instant as settings and requests give it, UTC when it names no offset.</summary>
    public static bool TryParse(string? text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out instant);

    sealed record Standing(DateTimeOffset Now);
}
