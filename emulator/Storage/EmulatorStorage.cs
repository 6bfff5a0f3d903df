namespace ServerlessCLM.Emulator;

/// <summary>The storage account of the emulator: tables in SQLite and blobs in files, below one folder, or an account over the REST protocol.</summary>
public sealed class EmulatorStorage : IAsyncDisposable
{
    readonly ITableBackend _tables;
    readonly FileStream? _claim;

    /// <param name="directory">The data directory; storage lives in its sub-folder <c>storage</c>, created when missing.</param>
    /// <param name="time">Where timestamps come from.</param>
    /// <exception cref="UnauthorizedAccessException">The folder or a file in it cannot be written.</exception>
    /// <exception cref="InvalidDataException">The table file is damaged or no database.</exception>
    /// <exception cref="IOException">Another process, or another instance in this one, has the folder open.</exception>
    public EmulatorStorage(string directory, TimeProvider time)
        : this(directory, time, unsynced: false, faults: null)
    {
    }

    internal EmulatorStorage(string directory, TimeProvider time, bool unsynced, FaultInjector? faults)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(time);
        var root = Path.Combine(Path.GetFullPath(directory), "storage");
        Directory.CreateDirectory(root);
        _claim = Claim(Path.Combine(root, ".lock"));
        try
        {
            var blobs = new BlobStore(Path.Combine(root, "blobs"), time);
            var tables = Path.Combine(root, "tables.db");
            Blobs = new BlobServiceClient(faults is null ? blobs : new FaultyBlobs(blobs, faults));
            _tables = faults is null
                ? new SqliteTables(tables, time, !unsynced)
                : new FaultyTables(new SqliteTables(tables, time, !unsynced, new(faults, FaultPoint.TableCommit, tables)), faults);
        }
        catch
        {
            _claim.Dispose();
            throw;
        }
        Tables = new TableServiceClient(_tables);
    }

    /// <param name="connectionString"><c>UseDevelopmentStorage=true</c>, or an account's name and key with endpoints or their suffix.</param>
    /// <exception cref="FormatException">A part is missing, unknown or malformed.</exception>
    public EmulatorStorage(string connectionString)
    {
        var account = StorageAccount.Parse(connectionString);
        _tables = new RestTables(account);
        Tables = new TableServiceClient(_tables);
        Blobs = new BlobServiceClient(new RestBlobs(account));
    }

    /// <summary>The tables.</summary>
    public TableServiceClient Tables { get; }

    /// <summary>The blobs.</summary>
    public BlobServiceClient Blobs { get; }

    /// <summary>Finishes the writes that wait, copies the log into the database and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _tables.DisposeAsync();
        if (_claim is not null) await _claim.DisposeAsync();
    }

    /// <summary>Takes the folder for this instance: tables keep their catalogue in memory, so two would not see each other's.</summary>
    static FileStream Claim(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new IOException($"Storage '{Path.GetDirectoryName(path)}' is in use: '{path}' is held by another process.", error);
        }
    }
}
