using Azure;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Faults;

/// <summary>
/// Tables with a bug in what is asked of them, as if the product asked for that: writes that are left out, conditions that are left out, a transaction
/// that is not one.
/// </summary>
/// <param name="tables">The tables; faults are around them.</param>
/// <param name="ask">What becomes of a write; null where it is left out.</param>
/// <param name="torn">Whether the writes of a group go one by one.</param>
internal sealed class PlantedTables(ITableBackend tables, Func<string, RowWrite, RowWrite?> ask, bool torn = false) : ITableBackend
{
    public Task<bool> CreateTableAsync(string table, CancellationToken cancellation) => tables.CreateTableAsync(table, cancellation);

    public Task<bool> DeleteTableAsync(string table, CancellationToken cancellation) => tables.DeleteTableAsync(table, cancellation);

    public ValueTask<TablePage> ListTablesAsync(string? filter, string? continuation, int take, CancellationToken cancellation) =>
        tables.ListTablesAsync(filter, continuation, take, cancellation);

    public ValueTask<StoredRow?> ReadAsync(string table, string partitionKey, string rowKey, IReadOnlyCollection<string>? select, CancellationToken cancellation) =>
        tables.ReadAsync(table, partitionKey, rowKey, select, cancellation);

    public ValueTask<RowPage> QueryAsync(string table, string? filter, IReadOnlyCollection<string>? select, string? continuation, int take, CancellationToken cancellation) =>
        tables.QueryAsync(table, filter, select, continuation, take, cancellation);

    public async Task<Response> WriteAsync(string table, RowWrite write, CancellationToken cancellation) => ask(table, write) is { } asked
        ? await tables.WriteAsync(table, asked, cancellation)
        : new LeftOut();

    public async Task<IReadOnlyList<Response>> WriteGroupAsync(string table, IReadOnlyList<RowWrite> writes, CancellationToken cancellation)
    {
        var asked = writes.Select(write => ask(table, write)).OfType<RowWrite>().ToList();
        var answers = new Queue<Response>();
        if (torn)
        {
            foreach (var write in asked)
                answers.Enqueue(await tables.WriteAsync(table, write, cancellation));
        }
        else if (asked.Count > 0)
        {
            foreach (var answer in await tables.WriteGroupAsync(table, asked, cancellation))
                answers.Enqueue(answer);
        }

        return [.. writes.Select(write => ask(table, write) is null ? new LeftOut() : answers.Dequeue())];
    }

    public ValueTask DisposeAsync() => tables.DisposeAsync();

    /// <summary>The answer to what was never done.</summary>
    private sealed class LeftOut() : StorageResponse(204, "No Content");
}
