using Azure;
using SQLitePCL;

namespace ServerlessCLM.Emulator;

/// <summary>
/// The one thread that writes. It takes everything that waits, applies it in order inside one SQLite transaction, commits with
/// one fsync and then completes the callers, each with its own result or error. A piece of work checks all its conditions
/// before it writes anything, so one that is refused leaves nothing behind and needs no savepoint.
/// </summary>
sealed class TableWriter : IAsyncDisposable
{
    const int PageBytes = 4096;

    readonly SqliteDatabase _database;
    readonly TableCatalogue _catalogue;
    readonly TimeProvider _time;
    readonly CommitFaults? _faults;
    readonly LogCopier _log;
    readonly SqliteStatement _begin;
    readonly SqliteStatement _commit;
    readonly SqliteStatement _find;
    readonly SqliteStatement _findAll;
    readonly SqliteStatement _insert;
    readonly SqliteStatement _update;
    readonly SqliteStatement _delete;
    readonly Lock _gate = new();
    readonly SemaphoreSlim _arrived = new(0);
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    List<PendingWrite> _waiting = [];
    bool _signalled;
    bool _closing;
    Exception? _failure;
    long _lastTicks;
    long _logBytes;

    internal TableWriter(SqliteDatabase database, TableCatalogue catalogue, TimeProvider time, bool syncs = true, CommitFaults? faults = null, long longLog = LogCopier.LongBytes)
    {
        _faults = faults;
        _database = database;
        _log = new LogCopier(database, syncs, longLog);
        _catalogue = catalogue;
        _time = time;
        _begin = database.Prepare("BEGIN IMMEDIATE");
        _commit = database.Prepare("COMMIT");
        _find = database.Prepare("SELECT id, ticks FROM rows WHERE key = ?1");
        _findAll = database.Prepare("SELECT id, ticks, properties FROM rows WHERE key = ?1");
        _insert = database.Prepare("INSERT INTO rows (key, ticks, properties) VALUES (?1, ?2, ?3)");
        _update = database.Prepare("UPDATE rows SET ticks = ?2, properties = ?3 WHERE id = ?1");
        _delete = database.Prepare("DELETE FROM rows WHERE id = ?1");
        new Thread(Run) { IsBackground = true, Name = "Table writer" }.Start();
    }

    /// <summary>Hands over a piece of work; the task completes when it is durable or refused.</summary>
    internal Task<T> Enqueue<T>(PendingWrite<T> work)
    {
        lock (_gate)
        {
            if (_failure is not null) throw new IOException($"Table storage has stopped: {_failure.Message}", _failure);
            ObjectDisposedException.ThrowIf(_closing, this);
            _waiting.Add(work);
            if (_signalled) return work.Task;
            _signalled = true;
        }
        _arrived.Release();
        return work.Task;
    }

    /// <summary>Writes what waits, copies the log into the file and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (!_closing) _arrived.Release();
            _closing = true;
        }
        await _ended.Task;
        _arrived.Dispose();
    }

    internal int? TableId(string table) => _catalogue.Find(table);

    internal bool CreateTable(string table)
    {
        if (_catalogue.Find(table) is not null) return false;
        using var insert = _database.Prepare("INSERT INTO tables (name) VALUES (?1) RETURNING id");
        insert.Bind(1, table);
        insert.Step();
        _catalogue.Add(table, (int)insert.Integer(0));
        return true;
    }

    internal bool DeleteTable(string table)
    {
        if (_catalogue.Find(table) is not { } id) return false;
        using var rows = _database.Prepare("DELETE FROM rows WHERE key >= ?1 AND key < ?2");
        rows.Bind(1, EntityKey.Bound(id, ""));
        rows.Bind(2, EntityKey.Bound(id + 1, ""));
        rows.Run();
        using var delete = _database.Prepare("DELETE FROM tables WHERE id = ?1");
        delete.Bind(1, id);
        delete.Run();
        _catalogue.Remove(table);
        return true;
    }

    /// <summary>What a write does, once its conditions are known to hold.</summary>
    internal PlannedWrite Plan(in KeyedWrite keyed)
    {
        var write = keyed.Write;
        var merges = write.Action is TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpsertMerge;
        var find = merges ? _findAll : _find;
        find.Bind(1, keyed.Key);
        if (!find.Step()) return PlanAbsent(write);
        try
        {
            var ticks = find.Integer(1);
            if (write.Action == TableTransactionActionType.Add) throw TableErrors.EntityAlreadyExists(write.PartitionKey, write.RowKey);
            if (keyed.Required is { } required && required != ticks)
                throw TableErrors.UpdateConditionNotSatisfied(write.PartitionKey, write.RowKey);
            var properties = write.Properties;
            if (merges)
            {
                properties = EntityCodec.Merge(find.Blob(2), properties.Span);
                EntityLimits.CheckProperties(write, properties.Span);
            }
            return new PlannedWrite(find.Integer(0), ticks, properties);
        }
        finally
        {
            find.Reset();
        }
    }

    /// <summary>Writes the row; its new ticks, 0 when it was deleted.</summary>
    internal long Apply(in KeyedWrite keyed, in PlannedWrite plan)
    {
        _logBytes += PageBytes + plan.Properties.Length;
        if (keyed.Write.Action == TableTransactionActionType.Delete)
        {
            _delete.Bind(1, plan.RowId);
            _delete.Run();
            return 0;
        }
        _lastTicks = Math.Max(Math.Max(_time.GetUtcNow().UtcTicks, _lastTicks + 1), plan.OldTicks + 1);
        if (plan.RowId == 0)
        {
            _insert.Bind(1, keyed.Key);
            _insert.Bind(2, _lastTicks);
            _insert.Bind(3, plan.Properties.Span);
            _insert.Run();
        }
        else
        {
            _update.Bind(1, plan.RowId);
            _update.Bind(2, _lastTicks);
            _update.Bind(3, plan.Properties.Span);
            _update.Run();
        }
        return _lastTicks;
    }

    static PlannedWrite PlanAbsent(RowWrite write) => write.Action is TableTransactionActionType.Add
        or TableTransactionActionType.UpsertMerge or TableTransactionActionType.UpsertReplace
        ? new PlannedWrite(0, 0, write.Properties)
        : throw TableErrors.ResourceNotFound(write.PartitionKey, write.RowKey);

    void Run()
    {
        var batch = new List<PendingWrite>();
        try
        {
            while (true)
            {
                _arrived.Wait();
                lock (_gate)
                {
                    (batch, _waiting) = (_waiting, batch);
                    _signalled = false;
                    if (batch.Count == 0 && _closing) break;
                }
                Commit(batch);
                batch.Clear();
            }
            Close();
            _ended.SetResult();
        }
        catch (Exception error)
        {
            lock (_gate)
            {
                _failure = error;
                batch.AddRange(_waiting);
            }
            foreach (var work in batch) work.Fail(error);
            _ended.SetException(error);
        }
    }

    void Commit(List<PendingWrite> batch)
    {
        try
        {
            _begin.Run();
            foreach (var work in batch) work.TryApply(this);
            _faults?.BeforeCommit();
            _commit.Run();
            _faults?.AfterCommit();
        }
        catch (Exception error)
        {
            if (_database.InTransaction) _database.Execute("ROLLBACK");
            _catalogue.Load(_database);
            foreach (var work in batch) work.Fail(error);
            return;
        }
        foreach (var work in batch) work.Complete();
        _log.Committed(_logBytes);
        _logBytes = 0;
    }

    void Close()
    {
        foreach (var statement in new[] { _begin, _commit, _find, _findAll, _insert, _update, _delete }) statement.Dispose();
        _log.Stop();
        _database.Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE);
        _database.Dispose();
    }
}
