using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>A write of one row as a client asks for it.</summary>
/// <param name="Action">What to do.</param>
/// <param name="PartitionKey">The row's partition.</param>
/// <param name="RowKey">The row inside it.</param>
/// <param name="IfMatch">The version an update or delete requires; default or <see cref="ETag.All"/> for any.</param>
/// <param name="Properties">The properties, encoded by <see cref="EntityCodec"/>; empty for a delete.</param>
sealed record RowWrite(
    TableTransactionActionType Action, string PartitionKey, string RowKey, ETag IfMatch, ReadOnlyMemory<byte> Properties);

/// <summary>A row as read.</summary>
/// <param name="PartitionKey">The row's partition.</param>
/// <param name="RowKey">The row inside it.</param>
/// <param name="Timestamp">When it was last written, UTC.</param>
/// <param name="ETag">Its version.</param>
/// <param name="Properties">Its properties, encoded by <see cref="EntityCodec"/>.</param>
readonly record struct StoredRow(
    string PartitionKey, string RowKey, DateTimeOffset Timestamp, ETag ETag, ReadOnlyMemory<byte> Properties);

/// <summary>Rows in key order and the token that continues after them; null when there are no more.</summary>
readonly record struct RowPage(IReadOnlyList<StoredRow> Rows, string? Continuation);

/// <summary>Names of tables in ordinal order and the token that continues after them; null when there are no more.</summary>
readonly record struct TablePage(IReadOnlyList<string> Names, string? Continuation);

/// <summary>
/// What stands behind the table clients: SQLite in this process, or a service that speaks the storage REST protocol.
/// Limits are the backend's to enforce; errors are <see cref="RequestFailedException"/> with the service's codes.
/// </summary>
interface ITableBackend : IAsyncDisposable
{
    /// <summary>Creates a table; false when it exists already.</summary>
    Task<bool> CreateTableAsync(string table, CancellationToken cancellation);

    /// <summary>Deletes a table with its rows; false when there is none.</summary>
    Task<bool> DeleteTableAsync(string table, CancellationToken cancellation);

    /// <summary>Up to <paramref name="take"/> names of tables that match an OData filter on TableName (null for all).</summary>
    ValueTask<TablePage> ListTablesAsync(string? filter, string? continuation, int take, CancellationToken cancellation);

    /// <summary>One row, of which at least the selected properties (null for all) are needed; null when it does not exist.</summary>
    ValueTask<StoredRow?> ReadAsync(
        string table, string partitionKey, string rowKey, IReadOnlyCollection<string>? select, CancellationToken cancellation);

    /// <summary>Up to <paramref name="take"/> rows that match an OData filter (null for all), in key order; of each at least the selected properties.</summary>
    ValueTask<RowPage> QueryAsync(string table, string? filter, IReadOnlyCollection<string>? select, string? continuation, int take,
        CancellationToken cancellation);

    /// <summary>Writes one row; the answer carries the new ETag.</summary>
    Task<Response> WriteAsync(string table, RowWrite write, CancellationToken cancellation);

    /// <summary>Writes rows of one partition, all or none; the answers are in the order of the writes.</summary>
    /// <exception cref="TableTransactionFailedException">Nothing was written; the index names the write at fault.</exception>
    Task<IReadOnlyList<Response>> WriteGroupAsync(string table, IReadOnlyList<RowWrite> writes, CancellationToken cancellation);
}
