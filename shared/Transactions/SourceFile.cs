using System.IO.Compression;

namespace ServerlessCLM.Transactions;

/// <summary>A file to read from the start, through gzip when its name ends in .gz, that knows how far it got.</summary>
internal sealed class SourceFile
{
    private readonly FileInfo file;
    private FileStream? open;
    private long read;

    public SourceFile(string path)
    {
        file = new FileInfo(path);
        if (!file.Exists)
            throw new SourceFormatException(path, 0, Directory.Exists(path) ? "is a folder, a file is expected" : "no such file");
    }

    /// <summary>Finds NAME or NAME.gz in a folder.</summary>
    public static SourceFile In(string folder, string name)
    {
        if (!Directory.Exists(folder))
            throw new SourceFormatException(folder, 0, "no such folder");
        var path = System.IO.Path.Combine(folder, name);
        return new SourceFile(File.Exists(path) ? path : path + ".gz");
    }

    public string Path => file.FullName;

    public long Length => file.Length;

    /// <summary>Bytes taken from the file by the last reading.</summary>
    public long BytesRead => open is { CanRead: true } stream ? stream.Position : read;

    /// <summary>Opens the file and hands its content to the reader, naming it in whatever goes wrong.</summary>
    public IEnumerable<T> Read<T>(Func<Stream, IEnumerable<T>> reader)
    {
        using var entries = Guard(() =>
        {
            read = 0;
            open = file.OpenRead();
            Stream content = IsCompressed ? new GZipStream(open, CompressionMode.Decompress) : open;
            return reader(content).GetEnumerator();
        });
        try
        {
            while (Guard(entries.MoveNext))
                yield return entries.Current;
            read = Length;
        }
        finally
        {
            open?.Dispose();
        }
    }

    private bool IsCompressed => file.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    private T Guard<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new SourceFormatException(Path, 0, cause.Message, cause);
        }
    }
}
