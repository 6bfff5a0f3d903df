using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>A read-only connection with its statements, used by one caller at a time.</summary>
sealed class TableReader : IDisposable
{
    readonly SqliteDatabase _database;
    readonly SqliteStatement _one;
    readonly SqliteStatement _range;

    internal TableReader(string path)
    {
        _database = new SqliteDatabase(path, readOnly: true);
        try
        {
            _database.Execute("PRAGMA cache_size=-4096;");
            _one = _database.Prepare("SELECT ticks, properties FROM rows WHERE key = ?1");
            _range = _database.Prepare("SELECT key, ticks, properties FROM rows WHERE key >= ?1 AND key < ?2 ORDER BY key");
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    internal StoredRow? Read(ReadOnlySpan<byte> key, string partitionKey, string rowKey)
    {
        _one.Bind(1, key);
        if (!_one.Step()) return null;
        try
        {
            return RowOf(partitionKey, rowKey, _one.Integer(0), _one.Blob(1));
        }
        finally
        {
            _one.Reset();
        }
    }

    internal RowPage Query(in KeyRange range, TableFilter? filter, int take, CancellationToken cancellation)
    {
        var rows = new List<StoredRow>();
        _range.Bind(1, range.From);
        _range.Bind(2, range.Before);
        try
        {
            while (_range.Step())
            {
                cancellation.ThrowIfCancellationRequested();
                var (partitionKey, rowKey) = EntityKey.Read(_range.Blob(0));
                var ticks = _range.Integer(1);
                if (filter is not null && !filter.Matches(new FilterRow(partitionKey, rowKey, ticks, _range.Blob(2)))) continue;
                if (rows.Count == take) return new RowPage(rows, KeyRange.TokenOf(_range.Blob(0)));
                rows.Add(RowOf(partitionKey, rowKey, ticks, _range.Blob(2)));
            }
        }
        finally
        {
            _range.Reset();
        }
        return new RowPage(rows, null);
    }

    public void Dispose()
    {
        _one.Dispose();
        _range.Dispose();
        _database.Dispose();
    }

    static StoredRow RowOf(string partitionKey, string rowKey, long ticks, ReadOnlySpan<byte> properties) => new(
        partitionKey, rowKey, new DateTimeOffset(ticks, TimeSpan.Zero), new ETag(TableVersion.Text(ticks)), properties.ToArray());
}
