using System.Security.Cryptography;
using Azure;
using Microsoft.Extensions.Caching.Memory;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Customers;

/// <summary>A committed change, and the outbox row it left, if it has effects.</summary>
public readonly record struct Commit<T>(T Result, OutboxEntry? Outbox);

/// <summary>A row as it is stored: what is in it is known when it is opened.</summary>
public readonly record struct CustomerRow(string Row, Func<byte[]> Open)
{
    /// <exception cref="InvalidDataException">It was damaged or altered.</exception>
    public byte[] Content => Open();
}

/// <summary>Too many others changed the customer at the same time; try again.</summary>
/// <remarks>It names the customer by pseudonym, because logs have it.</remarks>
public sealed class CustomerConflictException(string pseudonym, int attempts)
    : Exception($"customer {pseudonym} was changed by others during {attempts} attempts; try again");

/// <summary>
/// Loads a customer, runs a pure change, commits it as one entity-group transaction conditional on the state row's
/// ETag, and does so again when another worker was faster.
/// </summary>
public sealed partial class CustomerStore(
    CustomerTables tables, MasterKeys keys, IntentIndex intents, WakeIndex wakes, AuditIndex audits, AuditChain chain, ProductOptions options,
    TimeProvider time) : IDisposable
{
    private const int MaxAttempts = 12;
    private const string Block = "Block", Key = "Key", KeyVersion = "KeyVersion", WakeAt = "WakeAt", ErasedAt = "ErasedAt", Data = "Data";

    private readonly CustomerPseudonyms _pseudonyms = new(keys);
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = options.CustomerCacheBytes, CompactionPercentage = 0.1 });

    public void Dispose() => _cache.Dispose();

    /// <summary>Loads, changes and commits one customer. Nothing is written when the change leaves the session unchanged.</summary>
    /// <param name="customer">Whose partition.</param>
    /// <param name="change">Pure: it may run several times.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    /// <param name="rows">Rows the change reads, beside the state; a prefix, which ends in <c>|</c>, for all rows of a kind.</param>
    /// <exception cref="CustomerConflictException">Others were faster on every attempt.</exception>
    public async Task<Commit<T>> UpdateAsync<T>(
        CustomerId customer, Func<CustomerSession, T> change, CancellationToken cancellation, params IReadOnlyList<string> rows)
    {
        var partitionKey = customer.PartitionKey(options.Tenant);
        List<string>? stale = null;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var (loaded, session) = await OpenAsync(customer, partitionKey, rows, cancellation);
            var result = change(session);
            if (!session.Changed)
                return new Commit<T>(result, null);

            var (committed, outbox) = await CommitAsync(customer, partitionKey, loaded, session, cancellation);
            if (committed)
                return new Commit<T>(result, stale is null || outbox is null ? outbox : outbox with { StaleIntents = stale });

            ProductMetrics.Retried(1);
            if (outbox is not null)
                (stale ??= []).Add(outbox.IntentKey);
        }

        throw new CustomerConflictException(_pseudonyms.Of(customer), MaxAttempts);
    }

    private async Task<(Loaded? Loaded, CustomerSession Session)> OpenAsync(
        CustomerId customer, string partitionKey, IReadOnlyList<string> rows, CancellationToken cancellation)
    {
        var loaded = await LoadAsync(customer, partitionKey, cancellation);
        var content = new Dictionary<string, byte[]>();
        if (loaded?.Key is { } key)
        {
            var found = rows.Count == 1
                ? [await FindAsync(customer, partitionKey, rows[0], cancellation)]
                : await Task.WhenAll(rows.Select(row => FindAsync(customer, partitionKey, row, cancellation)));
            foreach (var entity in found.SelectMany(entities => entities))
                content[entity.RowKey] = Open(key, SealedRow.Of(entity), partitionKey, entity.RowKey);
        }

        return (loaded, new CustomerSession(customer, loaded?.Block, loaded?.WakeAt ?? 0, loaded?.ErasedAt, content) { Trace = ProductTraces.Current });
    }

    private async Task<IReadOnlyList<TableEntity>> FindAsync(CustomerId customer, string partitionKey, string row, CancellationToken cancellation)
    {
        if (!row.EndsWith('|'))
        {
            var found = await tables.Of(customer).GetEntityIfExistsAsync<TableEntity>(partitionKey, row, cancellationToken: cancellation);
            return found is { HasValue: true, Value: { } entity } ? [entity] : [];
        }

        var rows = new List<TableEntity>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partitionKey} and RowKey ge {row} and RowKey lt {CustomerRows.Behind(row)}");
        await foreach (var entity in tables.Of(customer).QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
            rows.Add(entity);
        return rows;
    }

    /// <summary>The state row as last seen; null where there is none.</summary>
    private async Task<Loaded?> LoadAsync(CustomerId customer, string partitionKey, CancellationToken cancellation)
    {
        if (_cache.TryGetValue(partitionKey, out Loaded? cached))
            return cached;

        var found = await tables.Of(customer).GetEntityIfExistsAsync<TableEntity>(partitionKey, CustomerRows.State, cancellationToken: cancellation);
        if (found is not { HasValue: true, Value: { } entity })
            return null;

        var loaded = Read(partitionKey, entity);
        Remember(partitionKey, loaded);
        return loaded;
    }

    private Loaded Read(string partitionKey, TableEntity entity)
    {
        if (entity.GetDateTimeOffset(ErasedAt) is { } erased)
            return new Loaded(entity.ETag, null, null, null, 0, 0, AuditHead.Of(entity), erased);

        var version = entity.GetInt32(KeyVersion)
            ?? throw Damaged(partitionKey, CustomerRows.State, $"property {KeyVersion} is missing");
        var wrapped = entity.GetBinary(Key);
        byte[] key;
        try
        {
            key = keys.Unwrap(wrapped, version, partitionKey);
        }
        catch (CryptographicException unreadable)
        {
            throw Damaged(partitionKey, CustomerRows.State, unreadable.Message, unreadable);
        }

        var block = Open(key, entity.GetBinary(Block), partitionKey, CustomerRows.State);
        return new Loaded(entity.ETag, block, key, wrapped, version, entity.GetInt64(WakeAt) ?? 0, AuditHead.Of(entity), null);
    }

    private byte[] Open(byte[] key, byte[]? content, string partitionKey, string row)
    {
        try
        {
            return Sealed.Open(key, content, partitionKey, row);
        }
        catch (CryptographicException changed)
        {
            throw Damaged(partitionKey, row, changed.Message, changed);
        }
    }

    private InvalidDataException Damaged(string partitionKey, string row, string reason, Exception? cause = null) =>
        new($"customer {_pseudonyms.Of(CustomerId.FromPartitionKey(partitionKey))}, row {row}: {reason}", cause);

    private async Task<(bool Committed, OutboxEntry? Outbox)> CommitAsync(
        CustomerId customer, string partitionKey, Loaded? loaded, CustomerSession session, CancellationToken cancellation)
    {
        if (loaded?.ErasedAt is { } erased)
            throw new CustomerErasedException(customer, erased);

        var key = loaded?.Key ?? RandomNumberGenerator.GetBytes(MasterKeys.KeySize);
        var (wrapped, version) = loaded?.KeyVersion == keys.Current
            ? (loaded.Wrapped!, keys.Current)
            : (keys.Wrap(key, partitionKey), keys.Current);

        // What the indexes must know goes in before the commit, all at once.
        var head = loaded?.Audit ?? AuditHead.None;
        var outboxId = session.Effects.Count > 0 ? session.OutboxId() : null;
        var intent = outboxId is null ? Task.FromResult("") : intents.DeclareAsync(partitionKey, outboxId, cancellation);
        await Task.WhenAll(intent,
            loaded is null ? ListAsync(customer, cancellation) : Task.CompletedTask,
            session.Records.Count > 0 ? audits.AnnounceAsync(partitionKey, head.Sequence + session.Records.Count, cancellation) : Task.CompletedTask,
            session.Rescheduled ? wakes.ScheduleAsync(partitionKey, session.ScheduledWake, cancellation) : Task.CompletedTask);
        OutboxEntry? outbox = null;
        if (outboxId is not null)
        {
            outbox = new OutboxEntry(customer, outboxId, session.Effects, await intent, []);
            session.Put(CustomerRows.Outbox(outboxId), [.. session.Effects], CustomersJson.Default.EffectArray);
        }

        var entity = new TableEntity(partitionKey, CustomerRows.State)
        {
            [Block] = Sealed.Close(key, session.Block.Span, partitionKey, CustomerRows.State),
            [Key] = wrapped,
            [KeyVersion] = version,
            [WakeAt] = session.ScheduledWake,
        };
        var actions = new List<TableTransactionAction>(session.Changes.Count + session.Records.Count + 1)
        {
            loaded is null
                ? new TableTransactionAction(TableTransactionActionType.Add, entity)
                : new TableTransactionAction(TableTransactionActionType.UpdateReplace, entity, loaded.ETag),
        };
        foreach (var (row, plain) in session.Changes)
        {
            actions.Add(plain is null
                ? new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(partitionKey, row), ETag.All)
                : new TableTransactionAction(TableTransactionActionType.UpsertReplace,
                    SealedRow.Entity(partitionKey, row, Sealed.Close(key, plain, partitionKey, row))));
        }

        head = chain.Append(head, partitionKey, session.Records, key, actions);
        head.PutInto(entity);
        try
        {
            var response = await tables.Of(customer).SubmitTransactionAsync(actions, cancellation);
            if (response.Value[0].Headers.ETag is { } etag)
                Remember(partitionKey, new Loaded(etag, session.Block.ToArray(), key, wrapped, version, session.ScheduledWake, head, null));
            else
                _cache.Remove(partitionKey);
            return (true, outbox);
        }
        catch (RequestFailedException conflict) when (conflict.Status is 412 or 409 or 404)
        {
            // 412 and 409: another worker changed or created the state first. 404: it was erased in between.
            _cache.Remove(partitionKey);
            return (false, outbox);
        }
        catch
        {
            // The outcome is unknown: the next load must not trust what was remembered.
            _cache.Remove(partitionKey);
            throw;
        }
    }

    private void Remember(string partitionKey, Loaded loaded) => _cache.Set(partitionKey, loaded,
        new MemoryCacheEntryOptions { Size = (loaded.Block?.Length ?? 0) + (2 * partitionKey.Length) + 512 });

    private sealed record Loaded(ETag ETag, byte[]? Block, byte[]? Key, byte[]? Wrapped, int KeyVersion, long WakeAt, AuditHead Audit, DateTimeOffset? ErasedAt);
}
