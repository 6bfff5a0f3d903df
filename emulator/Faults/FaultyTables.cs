using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>Tables whose operations meet faults. Making and dropping tables does not: apps do so while they start.</summary>
sealed class FaultyTables(ITableBackend tables, FaultInjector faults) : ITableBackend
{
    public Task<bool> CreateTableAsync(string table, CancellationToken cancellation)
    {
        faults.ThrowIfKilled();
        return tables.CreateTableAsync(table, cancellation);
    }

    public Task<bool> DeleteTableAsync(string table, CancellationToken cancellation)
    {
        faults.ThrowIfKilled();
        return tables.DeleteTableAsync(table, cancellation);
    }

    public async ValueTask<TablePage> ListTablesAsync(string? filter, string? continuation, int take, CancellationToken cancellation) =>
        await faults.ReadAsync(FaultPoint.TableRead, "tables", () => tables.ListTablesAsync(filter, continuation, take, cancellation).AsTask(), cancellation);

    public async ValueTask<StoredRow?> ReadAsync(
        string table, string partitionKey, string rowKey, IReadOnlyCollection<string>? select, CancellationToken cancellation) =>
        await faults.ReadAsync(FaultPoint.TableRead, $"{table}/{partitionKey}",
            () => tables.ReadAsync(table, partitionKey, rowKey, select, cancellation).AsTask(), cancellation);

    public async ValueTask<RowPage> QueryAsync(string table, string? filter, IReadOnlyCollection<string>? select, string? continuation, int take,
        CancellationToken cancellation) =>
        await faults.ReadAsync(FaultPoint.TableRead, table,
            () => tables.QueryAsync(table, filter, select, continuation, take, cancellation).AsTask(), cancellation);

    public Task<Response> WriteAsync(string table, RowWrite write, CancellationToken cancellation) =>
        faults.WriteAsync(FaultPoint.TableWrite, $"{table}/{write.PartitionKey}", () => tables.WriteAsync(table, write, cancellation), cancellation);

    public async Task<IReadOnlyList<Response>> WriteGroupAsync(string table, IReadOnlyList<RowWrite> writes, CancellationToken cancellation)
    {
        await faults.InterleaveAsync(writes[0].PartitionKey);
        return await faults.WriteAsync(FaultPoint.TableWrite, $"{table}/{writes[0].PartitionKey}", () => tables.WriteGroupAsync(table, writes, cancellation), cancellation);
    }

    public ValueTask DisposeAsync() => tables.DisposeAsync();
}
