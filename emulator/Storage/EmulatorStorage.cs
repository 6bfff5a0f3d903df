namespace ServerlessCLM.Emulator;

/// <summary>The storage account of the emulator: tables in SQLite and blobs in files, below one folder.</summary>
public sealed class EmulatorStorage : IAsyncDisposable
{
    readonly ITableBackend _tables;

    /// <param name="directory">The data directory; storage lives in its sub-folder <c>storage</c>, created when missing.</param>
    /// <param name="time">Where timestamps come from.</param>
    /// <exception cref="UnauthorizedAccessException">The folder or a file in it cannot be written.</exception>
    /// <exception cref="InvalidDataException">The table file is damaged or no database.</exception>
    public EmulatorStorage(string directory, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(time);
        var root = Path.Combine(Path.GetFullPath(directory), "storage");
        Blobs = new BlobServiceClient(new BlobStore(Path.Combine(root, "blobs"), time));
        _tables = new SqliteTables(Path.Combine(root, "tables.db"), time);
        Tables = new TableServiceClient(_tables);
    }

    /// <summary>The tables.</summary>
    public TableServiceClient Tables { get; }

    /// <summary>The blobs.</summary>
    public BlobServiceClient Blobs { get; }

    /// <summary>Finishes the writes that wait, copies the log into the database and closes it.</summary>
    public ValueTask DisposeAsync() => _tables.DisposeAsync();
}
