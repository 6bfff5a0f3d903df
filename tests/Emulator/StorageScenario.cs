using System.Globalization;
using System.Text.Json.Nodes;
using Azure;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>Runs tests/storage/scenarios.json through the emulator's clients, as scenarios.mjs does through those for JavaScript.</summary>
internal sealed class StorageScenario(TableServiceClient tables, BlobServiceClient blobs)
{
    readonly TableClient _table = tables.GetTableClient("Scenario");
    readonly BlobContainerClient _container = blobs.GetBlobContainerClient("scenario");
    readonly Dictionary<string, ETag> _kept = [];

    public static JsonNode Steps { get; } = JsonNode.Parse(File.ReadAllText(TestData.Sample("storage", "scenarios.json")))!;

    /// <summary>What each step was answered, after its name.</summary>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        var answers = new List<string>();
        foreach (var step in Steps["tables"]!.AsArray()) answers.Add(await RunAsync(step!, TableAsync));
        foreach (var step in Steps["blobs"]!.AsArray()) answers.Add(await RunAsync(step!, BlobAsync));
        return answers;
    }

    async Task<string> RunAsync(JsonNode step, Func<JsonNode, Task<(string Text, ETag? ETag)>> operation)
    {
        string text;
        try
        {
            (text, var etag) = await operation(step);
            if ((string?)step["keep"] is { } name) _kept[name] = etag!.Value;
        }
        catch (RequestFailedException error)
        {
            var index = (error as TableTransactionFailedException)?.FailedTransactionActionIndex;
            text = $"{error.Status} {error.ErrorCode}{(index is null ? "" : $" at {index}")}";
        }
        return $"{step["name"]}: {text}";
    }

    async Task<(string, ETag?)> TableAsync(JsonNode step)
    {
        switch ((string?)step["do"])
        {
            case "createTable":
                // JavaScript's client asks for the table back and is answered 201, this one does not and is answered 204.
                var created = (await _table.CreateIfNotExistsAsync()).GetRawResponse().Status;
                return (created == 204 ? "201" : $"{created}", null);
            case "deleteTable": return Of(await _table.DeleteAsync());
            case "insert": return Of(await _table.AddEntityAsync(EntityOf(step["entity"])));
            case "merge": return Of(await _table.UpdateEntityAsync(EntityOf(step["entity"]), ETagOf(step, "etag")!.Value));
            case "replace": return Of(await _table.UpdateEntityAsync(EntityOf(step["entity"]), ETagOf(step, "etag")!.Value, TableUpdateMode.Replace));
            case "upsertMerge": return Of(await _table.UpsertEntityAsync(EntityOf(step["entity"])));
            case "upsertReplace": return Of(await _table.UpsertEntityAsync(EntityOf(step["entity"]), TableUpdateMode.Replace));
            case "delete":
                // This client answers 404 where JavaScript's throws it, and the code is lost.
                var deleted = await _table.DeleteEntityAsync(Key(step, 0), Key(step, 1), ETagOf(step, "etag")!.Value);
                return (deleted.Status == 404 ? "404 ResourceNotFound" : $"{deleted.Status}", null);
            case "get":
                var row = await _table.GetEntityAsync<TableEntity>(Key(step, 0), Key(step, 1), step["select"]?.AsArray().Select(name => (string)name!));
                return ("200" + TextOf(row.Value), row.Value.ETag);
            case "query":
                var found = "200";
                await foreach (var match in _table.QueryAsync<TableEntity>((string?)step["filter"])) found += $" {match.PartitionKey}/{match.RowKey}";
                return (found, null);
            case "pages": return await PagesAsync(_table.QueryAsync<TableEntity>().AsPages(pageSizeHint: (int)step["size"]!));
            case "transaction":
                var answer = await _table.SubmitTransactionAsync(step["actions"]!.AsArray().Select(action => ActionOf(action!)));
                return ($"{answer.GetRawResponse().Status} {string.Join(' ', answer.Value.Select(part => part.Status))}", null);
            case var other: throw new InvalidDataException($"scenarios.json has the unknown table step '{other}'");
        }
    }

    async Task<(string, ETag?)> BlobAsync(JsonNode step)
    {
        var blob = step["blob"] is { } name ? _container.GetBlobClient((string)name!) : null;
        var conditions = new BlobRequestConditions { IfMatch = ETagOf(step, "ifMatch"), IfNoneMatch = ETagOf(step, "ifNoneMatch") };
        switch ((string?)step["do"])
        {
            case "createContainer": return Of((await _container.CreateAsync()).GetRawResponse());
            case "deleteContainer": return Of(await _container.DeleteAsync());
            case "put":
                var options = new BlobUploadOptions
                {
                    Conditions = conditions,
                    Metadata = MetadataOf(step),
                    HttpHeaders = step["type"] is { } type ? new BlobHttpHeaders { ContentType = (string)type! } : null,
                };
                return Of((await blob!.UploadAsync(BinaryData.FromString((string)step["text"]!), options)).GetRawResponse());
            case "setMetadata": return Of((await blob!.SetMetadataAsync(MetadataOf(step)!, conditions)).GetRawResponse());
            case "delete": return Of(await blob!.DeleteAsync(conditions: conditions));
            case "get":
                var read = (await blob!.DownloadContentAsync(new BlobDownloadOptions { Conditions = conditions })).Value;
                return ($"200 {read.Content} {Described(read.Details.ContentType, read.Details.Metadata)}", read.Details.ETag);
            case "head":
                var known = (await blob!.GetPropertiesAsync(conditions)).Value;
                return ($"200 {known.ContentLength} {Described(known.ContentType, known.Metadata)}", known.ETag);
            case "list":
                var names = "200";
                await foreach (var item in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, (string?)step["prefix"], CancellationToken.None)) names += $" {item.Name}";
                return (names, null);
            case "pages": return await PagesAsync(_container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix: null, CancellationToken.None).AsPages(pageSizeHint: (int)step["size"]!));
            case var other: throw new InvalidDataException($"scenarios.json has the unknown blob step '{other}'");
        }
    }

    static (string, ETag?) Of(Response response) => ($"{response.Status}", response.Headers.ETag);

    static async Task<(string, ETag?)> PagesAsync<T>(IAsyncEnumerable<Page<T>> pages)
    {
        var sizes = "200";
        await foreach (var page in pages) sizes += $" {page.Values.Count}";
        return (sizes, null);
    }

    static string Key(JsonNode step, int part) => (string)step["key"]![part]!;

    ETag? ETagOf(JsonNode step, string name) => (string?)step[name] switch
    {
        null => null,
        "*" => ETag.All,
        var kept => _kept[kept],
    };

    static Dictionary<string, string>? MetadataOf(JsonNode step) =>
        step["metadata"]?.AsObject().ToDictionary(entry => entry.Key, entry => (string)entry.Value!);

    static string Described(string? type, IDictionary<string, string> metadata) =>
        string.Join(' ', metadata.Select(entry => $"{entry.Key}={entry.Value}").Prepend(type));

    static TableTransactionAction ActionOf(JsonNode action) => new((string?)action[0] switch
    {
        "create" => TableTransactionActionType.Add,
        "upsertMerge" => TableTransactionActionType.UpsertMerge,
        "deleteEntity" => TableTransactionActionType.Delete,
        var other => throw new InvalidDataException($"scenarios.json has the unknown action '{other}'"),
    }, EntityOf(action[1]));

    static TableEntity EntityOf(JsonNode? json)
    {
        var entity = new TableEntity((string)json!["partitionKey"]!, (string)json["rowKey"]!);
        foreach (var (name, value) in json.AsObject().Where(entry => entry.Key is not ("partitionKey" or "rowKey"))) entity[name] = ValueOf(value!);
        return entity;
    }

    static object ValueOf(JsonNode value)
    {
        if (value is JsonObject typed)
        {
            var (type, literal) = typed.Single();
            return type switch
            {
                "double" => (double)literal!,
                "int64" => long.Parse((string)literal!, CultureInfo.InvariantCulture),
                "instant" => DateTimeOffset.Parse((string)literal!, CultureInfo.InvariantCulture),
                "guid" => Guid.Parse((string)literal!),
                "binary" => Convert.FromBase64String((string)literal!),
                _ => throw new InvalidDataException($"scenarios.json has the unknown type '{type}'"),
            };
        }
        return value.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.Number => (int)value,
            System.Text.Json.JsonValueKind.String => (string)value!,
            _ => (object)(bool)value,
        };
    }

    static string TextOf(TableEntity entity) => string.Concat(entity.Keys
        .Where(name => name is not ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag")).Order(StringComparer.Ordinal)
        .Select(name => $" {name}=" + entity[name] switch
        {
            byte[] bytes => Convert.ToBase64String(bytes),
            bool flag => flag ? "true" : "false",
            DateTimeOffset instant => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            var value => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        }));
}
