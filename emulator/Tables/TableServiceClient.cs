using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>The tables of an account.</summary>
public class TableServiceClient
{
    readonly ITableBackend? _backend;

    /// <summary>For test doubles.</summary>
    protected TableServiceClient() { }

    /// <summary>The tables of a storage account, over its REST protocol.</summary>
    /// <param name="connectionString"><c>UseDevelopmentStorage=true</c>, or an account's name and key with endpoints or their suffix.</param>
    /// <exception cref="FormatException">A part is missing, unknown or malformed.</exception>
    public TableServiceClient(string connectionString) : this(new RestTables(StorageAccount.Parse(connectionString))) { }

    internal TableServiceClient(ITableBackend backend) => _backend = backend;

    internal ITableBackend Backend => _backend ?? throw new NotSupportedException("A test double without a backend must override what it is asked.");

    /// <summary>A client for one table, which need not exist yet.</summary>
    public virtual TableClient GetTableClient(string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        return new TableClient(Backend, tableName);
    }

    /// <summary>Creates a table.</summary>
    /// <exception cref="RequestFailedException">409 TableAlreadyExists; 400 for a name against the rules.</exception>
    public virtual Task<Response<TableItem>> CreateTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        GetTableClient(tableName).CreateAsync(cancellationToken);

    /// <summary>Creates a table if there is none; the response's status is 204 when created, 409 when it was there.</summary>
    public virtual Task<Response<TableItem>> CreateTableIfNotExistsAsync(string tableName, CancellationToken cancellationToken = default) =>
        GetTableClient(tableName).CreateIfNotExistsAsync(cancellationToken);

    /// <summary>Deletes a table with its rows; the response's status is 204, or 404 when there was none.</summary>
    public virtual Task<Response> DeleteTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        GetTableClient(tableName).DeleteAsync(cancellationToken);

    /// <summary>The account's tables in order of their names, by an OData filter on TableName (null for all).</summary>
    public virtual AsyncPageable<TableItem> QueryAsync(string? filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        new StoragePageable<TableItem>(async (continuation, hint, cancellation) =>
        {
            var size = TableClient.PageSize(hint ?? maxPerPage);
            var page = await Backend.ListTablesAsync(filter, continuation, size, cancellation);
            return Page<TableItem>.FromValues(page.Names.Select(name => new TableItem(name)).ToArray(),
                page.Continuation, new StorageResponse(200, "OK"));
        }, cancellationToken);

    /// <summary>The account's tables, by a filter whose arguments are quoted as OData literals.</summary>
    public virtual AsyncPageable<TableItem> QueryAsync(FormattableString filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        QueryAsync(CreateQueryFilter(filter), maxPerPage, cancellationToken);

    /// <summary>An OData filter with the arguments of an interpolated string quoted and escaped as literals.</summary>
    public static string CreateQueryFilter(FormattableString filter) => TableClient.CreateQueryFilter(filter);
}
