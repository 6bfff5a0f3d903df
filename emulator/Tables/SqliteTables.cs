using System.Collections.Concurrent;
using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>
/// Tables in one SQLite file (docs/decisions/0003). Rows are found by <see cref="EntityKey"/>. Writes go through
/// <see cref="TableWriter"/>, which commits many callers at once; reads run on the caller's thread over a pool of read-only
/// connections, and see every write whose task has completed.
/// </summary>
sealed class SqliteTables : ITableBackend
{
    internal const string Schema = """
        CREATE TABLE IF NOT EXISTS tables (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE COLLATE NOCASE);
        CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, key BLOB NOT NULL, ticks INTEGER NOT NULL, properties BLOB NOT NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS rows_by_key ON rows (key);
        """;

    const int ReaderCount = 8;

    readonly string _path;
    readonly TableWriter _writer;
    readonly TableCatalogue _catalogue;
    readonly ConcurrentBag<TableReader> _readers = [];
    int _closed;

    /// <param name="path">The file; created with its folder when missing.</param>
    /// <param name="time">Where timestamps come from.</param>
    /// <param name="syncs">Whether a write is on the disk when it is answered; otherwise it is with the system.</param>
    /// <param name="faults">What happens to commits; null for nothing.</param>
    /// <exception cref="UnauthorizedAccessException">The folder or the file cannot be written.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or no database.</exception>
    internal SqliteTables(string path, TimeProvider time, bool syncs = true, CommitFaults? faults = null)
    {
        _path = path;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var database = new SqliteDatabase(path, readOnly: false);
        try
        {
            database.Execute($"PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous={(syncs ? "FULL" : "OFF")}; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-32768;");
            database.Execute(Schema);
            _catalogue = new TableCatalogue(database);
            _writer = new TableWriter(database, _catalogue, time, syncs, faults);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public Task<bool> CreateTableAsync(string table, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        EntityLimits.CheckTableName(table);
        return _writer.Enqueue(new TableChange(table, create: true));
    }

    public Task<bool> DeleteTableAsync(string table, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return _writer.Enqueue(new TableChange(table, create: false));
    }

    public ValueTask<TablePage> ListTablesAsync(string? filter, string? continuation, int take, CancellationToken cancellation)
    {
        var condition = filter is null ? null : TableFilter.Parse(filter);
        var names = _catalogue.Names
            .Where(name => continuation is null || string.CompareOrdinal(name, continuation) > 0)
            .Where(name => condition is null || condition.Matches(FilterRow.OfTable(name)))
            .Order(StringComparer.Ordinal).Take(take + 1).ToArray();
        return ValueTask.FromResult(names.Length > take ? new TablePage(names[..take], names[take - 1]) : new TablePage(names, null));
    }

    public ValueTask<StoredRow?> ReadAsync(
        string table, string partitionKey, string rowKey, IReadOnlyCollection<string>? select, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var key = EntityKey.Of(_catalogue.IdOf(table), partitionKey, rowKey);
        var reader = Rent();
        try
        {
            return ValueTask.FromResult(reader.Read(key, partitionKey, rowKey));
        }
        finally
        {
            Return(reader);
        }
    }

    public ValueTask<RowPage> QueryAsync(string table, string? filter, IReadOnlyCollection<string>? select, string? continuation, int take,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var condition = filter is null ? null : TableFilter.Parse(filter);
        var range = KeyRange.Of(_catalogue.IdOf(table), condition, continuation);
        var reader = Rent();
        try
        {
            return ValueTask.FromResult(reader.Query(range, condition, take, cancellation));
        }
        finally
        {
            Return(reader);
        }
    }

    public Task<Response> WriteAsync(string table, RowWrite write, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        EntityLimits.Check(write);
        return _writer.Enqueue(new SingleWrite(table, new KeyedWrite(_catalogue.IdOf(table), write)));
    }

    public Task<IReadOnlyList<Response>> WriteGroupAsync(string table, IReadOnlyList<RowWrite> writes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        TransactionLimits.Check(writes);
        var id = _catalogue.IdOf(table);
        var keyed = new KeyedWrite[writes.Count];
        for (var i = 0; i < keyed.Length; i++) keyed[i] = new KeyedWrite(id, writes[i]);
        return _writer.Enqueue(new GroupWrite(table, keyed));
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        while (_readers.TryTake(out var reader)) reader.Dispose();
        await _writer.DisposeAsync();
    }

    TableReader Rent()
    {
        ObjectDisposedException.ThrowIf(_closed != 0, this);
        return _readers.TryTake(out var reader) ? reader : new TableReader(_path);
    }

    void Return(TableReader reader)
    {
        if (_closed == 0 && _readers.Count < ReaderCount) _readers.Add(reader);
        else reader.Dispose();
    }
}
