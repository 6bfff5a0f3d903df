using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Models;

/// <summary>How the registry writes its ledgers.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    WriteIndented = true, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(ModelLedger))]
[JsonSerializable(typeof(WatchReport))]
public sealed partial class RegistryJson : JsonSerializerContext;

/// <summary>A model's ledger as found.</summary>
/// <param name="Ledger">What was done.</param>
/// <param name="ETag">Of its blob; null where nothing has been done yet.</param>
public readonly record struct FoundLedger(ModelLedger Ledger, ETag? ETag);

/// <summary>
/// Model documents and ledgers in blobs: <c>{tenant}/versions/{model}/{version}.json</c>, never changed,
/// <c>{tenant}/ledgers/{model}.json</c>, changed under its ETag, and <c>{tenant}/watch/{model}.json</c>, what the last watch measured.
/// </summary>
public sealed class ModelRegistry(BlobServiceClient blobs, ProductOptions options)
{
    private const int MaxAttempts = 12;

    private readonly BlobContainerClient _container = blobs.GetBlobContainerClient("models");

    /// <summary>Ids of all models, shipped or the bank's own.</summary>
    public async Task<IReadOnlyList<string>> IdsAsync(CancellationToken cancellation)
    {
        var ids = new SortedSet<string>(ShippedModels.All.Select(document => document.Id), StringComparer.Ordinal);
        foreach (var (id, _) in await ETagsAsync(cancellation))
            ids.Add(id);
        return [.. ids];
    }

    /// <summary>The ETag of each ledger that there is.</summary>
    public async Task<IReadOnlyDictionary<string, ETag>> ETagsAsync(CancellationToken cancellation)
    {
        var tags = new Dictionary<string, ETag>(StringComparer.Ordinal);
        var prefix = $"{options.Tenant}/ledgers/";
        try
        {
            await foreach (var item in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellation))
                tags[item.Name[prefix.Length..^".json".Length]] = item.Properties.ETag!.Value;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            // Nothing has been registered yet, so there is no container.
        }

        return tags;
    }

    /// <summary>The ledger of a model; null where no such model is known.</summary>
    public async Task<FoundLedger?> FindAsync(string id, CancellationToken cancellation)
    {
        try
        {
            var found = await _container.GetBlobClient(LedgerName(id)).DownloadContentAsync(cancellation);
            return new FoundLedger(JsonSerializer.Deserialize(found.Value.Content.ToMemory().Span, RegistryJson.Default.ModelLedger)!, found.Value.Details.ETag);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return ShippedModels.Find(id) is { } shipped ? new FoundLedger(new ModelLedger(id, shipped.Version, []), null) : null;
        }
    }

    /// <summary>Changes a ledger under its ETag; the change is pure and runs again when another was faster.</summary>
    /// <exception cref="LedgerException">The change is not allowed, or others were faster on every attempt.</exception>
    public async Task<ModelLedger> ChangeAsync(string id, Func<ModelLedger, ModelLedger> change, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var found = await FindAsync(id, cancellation) ?? new FoundLedger(new ModelLedger(id, null, []), null);
            var changed = change(found.Ledger);
            if (ReferenceEquals(changed, found.Ledger))
                return changed;

            var content = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(changed, RegistryJson.Default.ModelLedger));
            if (await UploadAsync(LedgerName(id), content, found.ETag, cancellation))
                return changed;
        }

        throw new LedgerException($"the ledger of {id} was changed by others during {MaxAttempts} attempts; try again");
    }

    /// <summary>Keeps a new version and lets it score along.</summary>
    /// <exception cref="LedgerException">The version is there already with other content, or is live.</exception>
    /// <exception cref="ModelFormatException">The document cannot be used.</exception>
    public async Task<ModelLedger> ChallengeAsync(ModelDocument document, DateTimeOffset at, string? by, CancellationToken cancellation)
    {
        _ = LiveModel.Of(document);
        var bytes = ModelDocuments.Write(document);
        if (ShippedModels.Find(document.Id)?.Version == document.Version)
            throw new LedgerException($"version {document.Version} of {document.Id} came with the product; give it a higher one");

        if (!await UploadAsync(VersionName(document.Id, document.Version), BinaryData.FromBytes(bytes), null, cancellation)
            && !ModelDocuments.Write((await DocumentAsync(document.Id, document.Version, cancellation))!).AsSpan().SequenceEqual(bytes))
            throw new LedgerException($"version {document.Version} of {document.Id} is there already and is another model; a version is never changed");

        return await ChangeAsync(document.Id, ledger => ledger.Challenge(document.Version, at, by), cancellation);
    }

    /// <summary>A version's document; null where there is none.</summary>
    public async Task<ModelDocument?> DocumentAsync(string id, int version, CancellationToken cancellation)
    {
        if (ShippedModels.Find(id) is { } shipped && shipped.Version == version)
            return shipped;

        try
        {
            var found = await _container.GetBlobClient(VersionName(id, version)).DownloadContentAsync(cancellation);
            return ModelDocuments.Read(found.Value.Content.ToMemory().Span);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    /// <summary>What the last watch that saw enough predictions measured; null where there was none yet.</summary>
    public async Task<WatchReport?> WatchAsync(string id, CancellationToken cancellation)
    {
        try
        {
            var found = await _container.GetBlobClient(WatchName(id)).DownloadContentAsync(cancellation);
            return JsonSerializer.Deserialize(found.Value.Content.ToMemory().Span, RegistryJson.Default.WatchReport);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Keeps what a watch measured, in place of what the one before it did.</summary>
    public async Task KeepWatchAsync(string id, WatchReport report, CancellationToken cancellation)
    {
        await _container.CreateIfNotExistsAsync(cancellationToken: cancellation);
        await _container.GetBlobClient(WatchName(id)).UploadAsync(
            BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(report, RegistryJson.Default.WatchReport)), overwrite: true, cancellation);
    }

    /// <returns>False where the blob has been changed, or is there already, meanwhile.</returns>
    private async Task<bool> UploadAsync(string name, BinaryData content, ETag? expected, CancellationToken cancellation)
    {
        var conditions = expected is { } tag ? new BlobRequestConditions { IfMatch = tag } : new BlobRequestConditions { IfNoneMatch = ETag.All };
        var upload = new BlobUploadOptions { Conditions = conditions, HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" } };
        for (var created = false; ; created = true)
        {
            try
            {
                await _container.GetBlobClient(name).UploadAsync(content, upload, cancellation);
                return true;
            }
            catch (RequestFailedException conflict) when (conflict.Status is 412 or 409)
            {
                return false;
            }
            catch (RequestFailedException missing) when (missing.Status == 404 && !created)
            {
                await _container.CreateIfNotExistsAsync(cancellationToken: cancellation);
            }
        }
    }

    private string LedgerName(string id) => $"{options.Tenant}/ledgers/{id}.json";

    private string WatchName(string id) => $"{options.Tenant}/watch/{id}.json";

    private string VersionName(string id, int version) =>
        string.Create(CultureInfo.InvariantCulture, $"{options.Tenant}/versions/{id}/{version:D6}.json");
}
