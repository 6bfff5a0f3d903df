using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>One hub in its folder: partitions, and the checkpoints of its consumer groups.</summary>
sealed class EventHub : IDisposable
{
    /// <summary>What one send may have at most, overhead included: the limit of Azure's Standard tier.</summary>
    public const int MaximumBatchBytes = 1024 * 1024;

    readonly string _directory;
    readonly ILogger _logger;
    readonly HubFaults? _faults;
    readonly ConcurrentDictionary<string, Lazy<ConsumerGroup>> _groups = new(StringComparer.OrdinalIgnoreCase);
    uint _turn;

    public EventHub(string name, string directory, EventHubsOptions options, TimeProvider time, ILogger logger)
    {
        (Name, _directory, _logger, _faults) = (name, directory, logger, options.Faults);
        var description = Describe(directory, options, time);
        CreatedOn = description.CreatedOn;
        var partitions = new List<PartitionLog>();
        try
        {
            for (var i = 0; i < description.Partitions; i++)
            {
                var id = i.ToString(CultureInfo.InvariantCulture);
                partitions.Add(new PartitionLog(name, id, Path.Combine(directory, "partitions", id), options, time, logger));
            }
            foreach (var folder in new[] { Path.Combine(directory, "partitions"), directory, Path.GetDirectoryName(directory)! })
                options.FlushFolder(folder);
        }
        catch
        {
            partitions.ForEach(partition => partition.Dispose());
            throw;
        }
        Partitions = [.. partitions];
    }

    public string Name { get; }

    public DateTimeOffset CreatedOn { get; }

    public PartitionLog[] Partitions { get; }

    public string[] PartitionIds() => Array.ConvertAll(Partitions, partition => partition.Id);

    /// <summary>Stores a batch in the partition that the options choose.</summary>
    public Task AppendAsync(BatchWriter batch, SendEventOptions options)
    {
        var partition = Choose(options);
        if (batch.Count == 0) return Task.CompletedTask;
        return _faults is null ? partition.AppendAsync(batch) : _faults.SendAsync(Name, partition.Id, () => partition.AppendAsync(batch));
    }

    /// <summary>The partition of a key, the same for ever.</summary>
    public int PartitionOf(string partitionKey)
    {
        var hash = Crc32C.Append(uint.MaxValue, Encoding.UTF8.GetBytes(partitionKey));
        // MurmurHash3's finalizer: a checksum alone is linear, and keys that count up would not spread evenly.
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        hash ^= hash >> 16;
        return (int)(((ulong)hash * (ulong)Partitions.Length) >> 32);
    }

    public ConsumerGroup Group(string name)
    {
        EventHubsNamespace.CheckName(name, "consumer group", 50);
        return _groups.GetOrAdd(name, key => new(() =>
            new ConsumerGroup(Path.Combine(_directory, "checkpoints", key.ToLowerInvariant()), Partitions, _logger, _faults))).Value;
    }

    public void Dispose()
    {
        foreach (var partition in Partitions)
            partition.Dispose();
        foreach (var group in _groups.Values.Where(group => group.IsValueCreated))
            group.Value.Dispose();
    }

    PartitionLog Choose(SendEventOptions options)
    {
        if (!string.IsNullOrEmpty(options.PartitionKey)) return Partitions[PartitionOf(options.PartitionKey)];
        if (string.IsNullOrEmpty(options.PartitionId)) return Partitions[Interlocked.Increment(ref _turn) % (uint)Partitions.Length];
        return Array.Find(Partitions, partition => string.Equals(partition.Id, options.PartitionId, StringComparison.Ordinal))
            ?? throw new EventHubsException(Name, $"There is no partition '{options.PartitionId}'; the hub has 0 to {Partitions.Length - 1}.",
                EventHubsException.FailureReason.ResourceNotFound);
    }

    // The number of partitions is the hub's for ever: another one would send keys to other partitions and lose their order.
    static Description Describe(string directory, EventHubsOptions options, TimeProvider time)
    {
        var path = Path.Combine(directory, "hub.json");
        if (File.Exists(path))
        {
            try
            {
                var stored = JsonSerializer.Deserialize<Description>(File.ReadAllBytes(path), JsonSerializerOptions.Web);
                return stored is { Partitions: > 0 } ? stored : throw new InvalidDataException($"{path}: partitions must be a positive number.");
            }
            catch (JsonException malformed)
            {
                throw new InvalidDataException($"{path}: {malformed.Message}", malformed);
            }
        }

        if (options.PartitionCount is < 1 or > 32)
            throw new ArgumentException($"A hub has 1 to 32 partitions, not {options.PartitionCount}.", nameof(options));
        Directory.CreateDirectory(directory);
        var fresh = new Description(options.PartitionCount, time.GetUtcNow());
        AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(fresh, JsonSerializerOptions.Web));
        return fresh;
    }

    sealed record Description(int Partitions, DateTimeOffset CreatedOn);
}
