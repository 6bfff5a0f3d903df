using System.Collections.Concurrent;
using SQLitePCL;

namespace ServerlessCLM.Emulator;

/// <summary>
/// The task hub's file: instances, their histories, messages and activities. One thread writes, with one fsync for all that
/// waits; reads see every write whose task has completed.
/// </summary>
internal sealed class TaskStore : IAsyncDisposable
{
    const string Schema = """
        CREATE TABLE IF NOT EXISTS instances (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, execution INTEGER NOT NULL,
            status INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL, ended INTEGER NOT NULL,
            parent INTEGER NOT NULL, start BLOB NOT NULL, result BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS instances_by_parent ON instances (parent) WHERE parent <> 0;
        CREATE TABLE IF NOT EXISTS history (instance INTEGER NOT NULL, turn INTEGER NOT NULL, events BLOB NOT NULL,
            PRIMARY KEY (instance, turn)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS messages (instance INTEGER NOT NULL, due INTEGER NOT NULL, sequence INTEGER NOT NULL,
            body BLOB NOT NULL, PRIMARY KEY (instance, due, sequence)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS activities (sequence INTEGER PRIMARY KEY, body BLOB NOT NULL);
        PRAGMA user_version = 1;
        """;

    const int ReaderCount = 8;
    const long CheckpointBytes = 64 << 20;

    readonly string path;
    readonly SqliteDatabase database;
    readonly TaskStoreWriter writer;
    readonly CommitThread<TaskStoreWork> commits;
    readonly ConcurrentBag<TaskStoreReader> readers = [];
    readonly Action<IReadOnlyList<StoreEffect>> committed;
    readonly ITaskStoreFaults? faults;
    int closed;

    /// <param name="path">The file; made with its folder when missing.</param>
    /// <param name="time">Where times come from.</param>
    /// <param name="committed">Told of each commit's effects, on the writer's thread, before the callers are.</param>
    /// <param name="faults">Breaks commits in tests.</param>
    /// <exception cref="UnauthorizedAccessException">The folder or the file cannot be written.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, no database, or of another version.</exception>
    public TaskStore(string path, TimeProvider time, Action<IReadOnlyList<StoreEffect>> committed, ITaskStoreFaults? faults = null)
    {
        this.path = path;
        this.committed = committed;
        this.faults = faults;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        database = new(path, readOnly: false, "Task hub");
        try
        {
            database.Execute($"PRAGMA journal_mode=WAL; PRAGMA synchronous={(faults is { Syncs: false } ? "OFF" : "FULL")}; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-32768;");
            CheckVersion();
            database.Execute(Schema);
            writer = new(database, time);
        }
        catch
        {
            database.Dispose();
            throw;
        }

        commits = new("Task hub writer", Commit, static (work, error) => work.Fail(error));
    }

    /// <summary>Makes a change durable.</summary>
    /// <exception cref="IOException">The store cannot be written any more.</exception>
    public Task WriteAsync(TaskStoreWork work)
    {
        commits.Enqueue(work);
        return work.Done;
    }

    public T Read<T>(Func<TaskStoreReader, T> read)
    {
        ObjectDisposedException.ThrowIf(closed != 0, this);
        if (!readers.TryTake(out var reader))
            reader = new(new(path, readOnly: true, "Task hub"));
        try
        {
            return read(reader);
        }
        finally
        {
            if (closed == 0 && readers.Count < ReaderCount)
                readers.Add(reader);
            else
                reader.Dispose();
        }
    }

    /// <summary>Everything that waits in the store: messages with their time, then activities.</summary>
    public List<StoreEffect> Waiting()
    {
        using var reading = new SqliteDatabase(path, readOnly: true, "Task hub");
        using var messages = reading.Prepare("SELECT DISTINCT instance, due FROM messages ORDER BY due, sequence");
        using var activities = reading.Prepare("SELECT sequence FROM activities ORDER BY sequence");
        var found = new List<StoreEffect>();
        while (messages.Step())
            found.Add(new(StoreEffectKind.Message, messages.Integer(0), messages.Integer(1)));
        while (activities.Step())
            found.Add(new(StoreEffectKind.Activity, activities.Integer(0)));
        return found;
    }

    /// <summary>Writes what waits, copies the log into the file and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref closed, 1) != 0)
            return;
        await commits.DisposeAsync();
        while (readers.TryTake(out var reader))
            reader.Dispose();
        writer.Dispose();
        database.Dispose();
    }

    void Commit(List<TaskStoreWork> batch)
    {
        try
        {
            writer.Begin();
            foreach (var work in batch)
                work.TryApply(writer);
            faults?.BeforeCommit();
            writer.Commit();
            faults?.AfterCommit();
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // Nothing of the batch is kept; whoever sent it hears so and may try again, once the disk has room for example.
            writer.Rollback();
            foreach (var work in batch)
                work.Fail(error);
            return;
        }
        catch
        {
            writer.Rollback();
            throw;
        }

        committed(writer.Effects);
        foreach (var work in batch)
            work.Complete();
        if (writer.LogBytes < CheckpointBytes)
            return;
        try
        {
            database.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE);
            writer.LogBytes = 0;
        }
        catch (IOException)
        {
            // What is committed is safe in the log, and the next commit tries again.
        }
    }

    void CheckVersion()
    {
        using var statement = database.Prepare("PRAGMA user_version");
        statement.Step();
        var version = statement.Integer(0);
        statement.Reset();
        if (version is not (0 or 1))
            throw new InvalidDataException($"Task hub '{path}' is of format {version}; this version reads format 1. Open it with the version that wrote it.");
    }
}

/// <summary>Stops the store around a commit, as a killed process would: what it throws ends the writer.</summary>
internal interface ITaskStoreFaults
{
    /// <summary>Whether commits go through to the disk; a crash that is only simulated loses nothing without.</summary>
    bool Syncs => true;

    void BeforeCommit();

    void AfterCommit();
}
