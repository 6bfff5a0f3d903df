using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Core;

namespace ServerlessCLM.Emulator;

/// <summary>Tables of a storage account over its REST protocol; limits are the service's to enforce.</summary>
sealed class RestTables(StorageAccount account, StorageClientOptions? options = null) : ITableBackend
{
    const string Version = "2019-02-02";
    const string Json = "application/json;odata=minimalmetadata";

    readonly StorageService _service = new(Version, new TableSharedKeyPolicy(account), options);

    public async Task<bool> CreateTableAsync(string table, CancellationToken cancellation)
    {
        using var message = MessageOf(new TableRequest(RequestMethod.Post, AddressOf("Tables"),
            [("Accept", Json), ("DataServiceVersion", "3.0"), ("Prefer", "return-no-content"), ("Content-Type", "application/json")],
            JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["TableName"] = table })));
        try
        {
            await _service.SendAsync(message, $"Table '{table}'", cancellation);
            return true;
        }
        catch (RequestFailedException error) when (error.ErrorCode == "TableAlreadyExists")
        {
            return false;
        }
    }

    public async Task<bool> DeleteTableAsync(string table, CancellationToken cancellation)
    {
        using var message = MessageOf(new TableRequest(RequestMethod.Delete, AddressOf($"Tables('{Uri.EscapeDataString(table)}')"), [("Accept", Json)], []));
        try
        {
            await _service.SendAsync(message, $"Table '{table}'", cancellation);
            return true;
        }
        catch (RequestFailedException error) when (error.Status == 404)
        {
            return false;
        }
    }

    public async ValueTask<TablePage> ListTablesAsync(string? filter, string? continuation, int take, CancellationToken cancellation)
    {
        var (response, document) = await GetAsync("Tables" + StorageService.QueryOf(
            ("$filter", filter), ("$top", Text(take)), ("NextTableName", continuation)), "The tables", cancellation);
        using (document)
        {
            var names = document.RootElement.GetProperty("value").EnumerateArray().Select(table => table.GetProperty("TableName").GetString()!).ToArray();
            return new TablePage(names, HeaderOf(response, "x-ms-continuation-NextTableName"));
        }
    }

    public async ValueTask<StoredRow?> ReadAsync(
        string table, string partitionKey, string rowKey, IReadOnlyCollection<string>? select, CancellationToken cancellation)
    {
        try
        {
            var (response, document) = await GetAsync(
                TableRequest.PathOf(table, partitionKey, rowKey) + StorageService.QueryOf(("$select", SelectOf(select))),
                $"Entity '{partitionKey}', '{rowKey}' of table '{table}'", cancellation);
            using (document) return EntityJson.Read(document.RootElement, response.Headers.ETag ?? default);
        }
        catch (RequestFailedException error) when (error.ErrorCode == "ResourceNotFound")
        {
            return null;
        }
    }

    public async ValueTask<RowPage> QueryAsync(string table, string? filter, IReadOnlyCollection<string>? select, string? continuation, int take,
        CancellationToken cancellation)
    {
        var next = ResumeOf(continuation);
        var (response, document) = await GetAsync($"{table}()" + StorageService.QueryOf(
            ("$filter", filter), ("$select", SelectOf(select)), ("$top", Text(take)),
            ("NextPartitionKey", next?.PartitionKey), ("NextRowKey", next?.RowKey)), $"Query of table '{table}'", cancellation);
        using (document)
        {
            var rows = document.RootElement.GetProperty("value").EnumerateArray().Select(entity => EntityJson.Read(entity)).ToArray();
            return new RowPage(rows, HeaderOf(response, "x-ms-continuation-NextPartitionKey") is { } partition
                ? $"{partition} {HeaderOf(response, "x-ms-continuation-NextRowKey")}"
                : null);
        }
    }

    public async Task<Response> WriteAsync(string table, RowWrite write, CancellationToken cancellation)
    {
        using var message = MessageOf(TableRequest.Of(account.Tables, table, write));
        return await _service.SendAsync(message, $"Entity '{write.PartitionKey}', '{write.RowKey}' of table '{table}'", cancellation);
    }

    public async Task<IReadOnlyList<Response>> WriteGroupAsync(string table, IReadOnlyList<RowWrite> writes, CancellationToken cancellation)
    {
        using var message = MessageOf(new TableRequest(RequestMethod.Post, AddressOf("$batch"),
            [("Accept", Json), ("DataServiceVersion", "3.0"), ("Content-Type", TableBatch.ContentType)],
            TableBatch.Write(writes.Select(write => TableRequest.Of(account.Tables, table, write)))));
        try
        {
            return TableBatch.Read(await _service.SendAsync(message, $"Transaction on table '{table}'", cancellation), writes.Count, table);
        }
        catch (RequestFailedException error) when (error is not TableTransactionFailedException)
        {
            throw new TableTransactionFailedException(error);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    async Task<(Response Response, JsonDocument Document)> GetAsync(string path, string subject, CancellationToken cancellation)
    {
        using var message = MessageOf(new TableRequest(RequestMethod.Get, AddressOf(path), [("Accept", Json), ("DataServiceVersion", "3.0")], []));
        var response = await _service.SendAsync(message, subject, cancellation);
        return (response, JsonDocument.Parse(response.Content.ToMemory()));
    }

    HttpMessage MessageOf(in TableRequest request)
    {
        var message = _service.Message(request.Method, request.Address);
        foreach (var (name, value) in request.Headers) message.Request.Headers.SetValue(name, value);
        if (request.Body.Length > 0) message.Request.Content = RequestContent.Create(request.Body);
        return message;
    }

    Uri AddressOf(string path) => new($"{account.Tables.AbsoluteUri.TrimEnd('/')}/{path}");

    /// <summary>The two keys of a continuation token: as the service gave them, with a space between, which neither can hold.</summary>
    static (string PartitionKey, string? RowKey)? ResumeOf(string? continuation)
    {
        if (string.IsNullOrEmpty(continuation)) return null;
        var space = continuation.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0) throw TableErrors.InvalidInput($"'{continuation}' is not a continuation token.");
        return (continuation[..space], space + 1 < continuation.Length ? continuation[(space + 1)..] : null);
    }

    static string? SelectOf(IReadOnlyCollection<string>? select) => select is null ? null : string.Join(',', select);

    static string? HeaderOf(Response response, string name) => response.Headers.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
