using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>
/// One table. Errors are <see cref="RequestFailedException"/> with the service's status and error code: 404 TableNotFound or
/// ResourceNotFound, 409 EntityAlreadyExists, 412 UpdateConditionNotSatisfied, 400 for what breaks a limit. A write is durable
/// when its task completes; a cancellation counts only until the write has been handed over.
/// </summary>
public partial class TableClient
{
    readonly ITableBackend? _backend;

    /// <summary>For test doubles.</summary>
    protected TableClient() { }

    internal TableClient(ITableBackend backend, string name)
    {
        _backend = backend;
        Name = name;
    }

    /// <summary>The table's name.</summary>
    public virtual string Name { get; } = "";

    ITableBackend Backend => _backend ?? throw new NotSupportedException("A test double without a backend must override what it is asked.");

    /// <summary>Creates the table.</summary>
    /// <exception cref="RequestFailedException">409 TableAlreadyExists; 400 for a name against the rules.</exception>
    public virtual async Task<Response<TableItem>> CreateAsync(CancellationToken cancellationToken = default) =>
        await Backend.CreateTableAsync(Name, cancellationToken)
            ? Response.FromValue(new TableItem(Name), new StorageResponse(204, "No Content"))
            : throw TableErrors.TableAlreadyExists(Name);

    /// <summary>Creates the table if there is none; the response's status is 204 when created, 409 when it was there.</summary>
    public virtual async Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default) =>
        Response.FromValue(new TableItem(Name), await Backend.CreateTableAsync(Name, cancellationToken)
            ? new StorageResponse(204, "No Content")
            : new StorageResponse(409, "Conflict"));

    /// <summary>Deletes the table with its rows; the response's status is 204, or 404 when there was none.</summary>
    public virtual async Task<Response> DeleteAsync(CancellationToken cancellationToken = default) =>
        await Backend.DeleteTableAsync(Name, cancellationToken)
            ? new StorageResponse(204, "No Content")
            : new StorageResponse(404, "Not Found");

    /// <summary>Inserts a row.</summary>
    /// <exception cref="RequestFailedException">409 EntityAlreadyExists.</exception>
    public virtual Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default) where T : ITableEntity =>
        Backend.WriteAsync(Name, WriteOf(TableTransactionActionType.Add, entity, default), cancellationToken);

    /// <summary>Inserts a row, or changes or replaces the one that is there, whatever its version.</summary>
    public virtual Task<Response> UpsertEntityAsync<T>(
        T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default) where T : ITableEntity =>
        Backend.WriteAsync(Name, WriteOf(mode == TableUpdateMode.Merge
            ? TableTransactionActionType.UpsertMerge
            : TableTransactionActionType.UpsertReplace, entity, default), cancellationToken);

    /// <summary>Changes or replaces a row that has the given version; <see cref="ETag.All"/> for any.</summary>
    /// <exception cref="RequestFailedException">404 ResourceNotFound; 412 UpdateConditionNotSatisfied.</exception>
    public virtual Task<Response> UpdateEntityAsync<T>(T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge,
        CancellationToken cancellationToken = default) where T : ITableEntity
    {
        if (ifMatch == default) throw new ArgumentException("An update needs the ETag it replaces, or ETag.All.", nameof(ifMatch));
        return Backend.WriteAsync(Name, WriteOf(mode == TableUpdateMode.Merge
            ? TableTransactionActionType.UpdateMerge
            : TableTransactionActionType.UpdateReplace, entity, ifMatch), cancellationToken);
    }

    /// <summary>Deletes a row; default for any version. A row that does not exist is a response of 404, not an exception.</summary>
    /// <exception cref="RequestFailedException">412 UpdateConditionNotSatisfied.</exception>
    public virtual async Task<Response> DeleteEntityAsync(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        var write = new RowWrite(TableTransactionActionType.Delete, partitionKey, rowKey, ifMatch, default);
        try
        {
            return await Backend.WriteAsync(Name, write, cancellationToken);
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return new StorageResponse(404, "Not Found");
        }
    }

    /// <summary>Deletes a row; default for any version. A row that does not exist is a response of 404, not an exception.</summary>
    /// <exception cref="RequestFailedException">412 UpdateConditionNotSatisfied.</exception>
    public virtual Task<Response> DeleteEntityAsync(ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return DeleteEntityAsync(entity.PartitionKey, entity.RowKey, ifMatch, cancellationToken);
    }

    /// <summary>Writes up to 100 rows of one partition, each once, 4 MiB together: all of them or none.</summary>
    /// <returns>A response per action, in order, with the new ETag.</returns>
    /// <exception cref="TableTransactionFailedException">Nothing was written; the index names the action at fault.</exception>
    public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transactionActions);
        var writes = new List<RowWrite>();
        foreach (var action in transactionActions) writes.Add(WriteOf(action.ActionType, action.Entity, action.ETag));
        if (writes.Count == 0) throw new InvalidOperationException("A transaction needs at least one action.");
        return Response.FromValue(await Backend.WriteGroupAsync(Name, writes, cancellationToken), new StorageResponse(202, "Accepted"));
    }

    static RowWrite WriteOf(TableTransactionActionType action, ITableEntity entity, ETag ifMatch)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return new RowWrite(action,
            entity.PartitionKey ?? throw new ArgumentException("The entity has no PartitionKey.", nameof(entity)),
            entity.RowKey ?? throw new ArgumentException("The entity has no RowKey.", nameof(entity)),
            ifMatch,
            action == TableTransactionActionType.Delete ? default(ReadOnlyMemory<byte>) : EntityMapping.Encode(entity));
    }
}
