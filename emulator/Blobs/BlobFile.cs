using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>What the folder keeps of a blob beside its content: the file <c>NAME.json</c>.</summary>
/// <param name="Name">The blob's name.</param>
/// <param name="Ticks">When it was last changed, UTC ticks; also its version.</param>
/// <param name="CreatedTicks">When it was first written, UTC ticks.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Content">What follows the file's name in the name of the file with the content.</param>
/// <param name="Headers">The headers it is served with.</param>
/// <param name="Metadata">Names and values.</param>
sealed record BlobFile(string Name, long Ticks, long CreatedTicks, long Length, string Content,
    BlobHttpHeaders Headers, Dictionary<string, string> Metadata)
{
    internal ETag ETag => new($"0x{Ticks:X}");

    internal DateTimeOffset LastModified => new(Ticks, TimeSpan.Zero);

    internal BlobRecord ToRecord() => new(Name, ETag, LastModified, new DateTimeOffset(CreatedTicks, TimeSpan.Zero), Length, Headers, Metadata);
}
