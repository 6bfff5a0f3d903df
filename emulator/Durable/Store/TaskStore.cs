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
        CREATE TABLE IF NOT EXISTS numbers (last INTEGER NOT NULL);
        """;

    const int ReaderCount = 8;

    readonly string path;
    readonly SqliteDatabase database;
    readonly TaskStoreWriter writer;
    readonly LogCopier log;
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
        var syncs = faults is not { Syncs: false };
        database = new(path, readOnly: false, "Task hub");
        try
        {
            database.Execute($"PRAGMA journal_mode=WAL; PRAGMA synchronous={(syncs ? "FULL" : "OFF")}; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-32768;");
            var isNew = CheckVersion();
            database.Execute(Schema);
            if (isNew)
                database.Execute("PRAGMA user_version = 1");
            writer = new(database, time);
            log = new(database, syncs);
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

    /// <summary>Writes what waits, copies the log into the file and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref closed, 1) != 0)
            return;
        await commits.DisposeAsync();
        log.Stop();
        while (readers.TryTake(out var reader))
            reader.Dispose();
        writer.Dispose();
        database.Dispose();
    }

    void Commit(List<TaskStoreWork> batch)
    {
        if (TryCommit(batch) is not { } failure)
            return;
        if (batch.Count == 1)
        {
            batch[0].Fail(failure);
            return;
        }

        // One of them may be to blame: each for itself, so that it keeps back no other.
        foreach (var work in batch)
        {
            if (TryCommit([work]) is { } its)
                work.Fail(its);
        }
    }

    /// <summary>Makes a batch durable as a whole and tells whoever sent it; or keeps nothing of it and says why.</summary>
    Exception? TryCommit(List<TaskStoreWork> batch)
    {
        try
        {
            writer.Begin();
            foreach (var work in batch)
                work.TryApply(writer);
            faults?.BeforeCommit();
            writer.Commit();
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // Whoever sent it may try again, once the disk has room for example.
            writer.Rollback();
            return error;
        }
        catch
        {
            writer.Rollback();
            throw;
        }

        faults?.AfterCommit();
        committed(writer.Effects);
        foreach (var work in batch)
            work.Complete();
        log.Committed(writer.LogBytes);
        writer.LogBytes = 0;
        return null;
    }

    bool CheckVersion()
    {
        using var statement = database.Prepare("PRAGMA user_version");
        statement.Step();
        var version = statement.Integer(0);
        statement.Reset();
        if (version is not (0 or 1))
            throw new InvalidDataException($"Task hub '{path}' is of format {version}; this version reads format 1. Open it with the version that wrote it.");
        return version == 0;
    }
}

/// <summary>
/// Breaks commits. What it throws ends the writer, as a killed process would; save the exceptions of a disk
/// (<see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>) before a commit, which then fails.
/// </summary>
internal interface ITaskStoreFaults
{
    /// <summary>Whether commits go through to the disk; a crash that is only simulated loses nothing without.</summary>
    bool Syncs => true;

    void BeforeCommit();

    void AfterCommit();
}
