using System.Collections.Concurrent;

namespace ServerlessCLM.Emulator;

/// <summary>The names of the tables, which are case-insensitive, and their numbers, which are never used again.</summary>
sealed class TableCatalogue
{
    volatile ConcurrentDictionary<string, Entry> _tables = new(StringComparer.OrdinalIgnoreCase);

    internal TableCatalogue(SqliteDatabase database) => Load(database);

    /// <summary>Reads the tables anew, as after a transaction that was rolled back.</summary>
    internal void Load(SqliteDatabase database)
    {
        var tables = new ConcurrentDictionary<string, Entry>(StringComparer.OrdinalIgnoreCase);
        using var all = database.Prepare("SELECT id, name FROM tables");
        while (all.Step()) tables[all.Text(1)] = new Entry((int)all.Integer(0), all.Text(1));
        _tables = tables;
    }

    internal IEnumerable<string> Names => _tables.Values.Select(entry => entry.Name);

    /// <exception cref="Azure.RequestFailedException">404 TableNotFound.</exception>
    internal int IdOf(string table) => Find(table) ?? throw TableErrors.TableNotFound(table);

    internal int? Find(string table) => _tables.TryGetValue(table, out var entry) ? entry.Id : null;

    internal void Add(string table, int id) => _tables[table] = new Entry(id, table);

    internal void Remove(string table) => _tables.TryRemove(table, out _);

    sealed record Entry(int Id, string Name);
}
