using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ServerlessCLM.Emulator;

/// <summary>
/// The hubs below one folder. A hub is created when it is first asked for, with as many partitions as the options say then.
/// One process at a time has the folder.
/// </summary>
public sealed class EventHubsNamespace : IDisposable
{
    /// <summary>The consumer group that every hub has.</summary>
    public const string DefaultConsumerGroup = "$Default";

    /// <summary>The namespace's host name, which no network knows.</summary>
    internal const string FullyQualifiedName = "emulator.servicebus.localhost";

    readonly string _directory;
    readonly TimeProvider _time;
    readonly EventHubsOptions _options;
    readonly ILogger _logger;
    readonly FileStream _lock;
    readonly ConcurrentDictionary<string, Lazy<EventHub>> _hubs = new(StringComparer.OrdinalIgnoreCase);
    volatile bool _disposed;

    /// <summary>Takes possession of the folder, creating it if need be.</summary>
    /// <exception cref="IOException">Another process has the folder.</exception>
    public EventHubsNamespace(string directory, TimeProvider time, EventHubsOptions? options = null, ILogger<EventHubsNamespace>? logger = null)
    {
        _directory = directory;
        _time = time;
        _options = options ?? new EventHubsOptions();
        _logger = logger ?? NullLogger<EventHubsNamespace>.Instance;
        Directory.CreateDirectory(directory);
        try
        {
            _lock = new FileStream(Path.Combine(directory, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new IOException($"{directory}: another process has these hubs.", taken);
        }
    }

    /// <summary>The events of a hub that a consumer group has not dealt with yet.</summary>
    public long GetLag(string eventHubName, string consumerGroup = DefaultConsumerGroup) => GetHub(eventHubName).Group(consumerGroup).Lag();

    /// <summary>Returns once a consumer group has dealt with every event of a hub; for ever waiting if nobody consumes.</summary>
    public Task WaitUntilDrainedAsync(string eventHubName, string consumerGroup = DefaultConsumerGroup, CancellationToken cancellationToken = default) =>
        GetHub(eventHubName).Group(consumerGroup).WaitUntilDrainedAsync(cancellationToken);

    /// <summary>Finishes pending appends and gives the folder back.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        foreach (var hub in _hubs.Values.Where(hub => hub.IsValueCreated))
            hub.Value.Dispose();
        _lock.Dispose();
    }

    internal EventHub GetHub(string name)
    {
        CheckName(name, "hub", 256);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _hubs.GetOrAdd(name, key => new(() =>
            new EventHub(key, Path.Combine(_directory, key.ToLowerInvariant()), _options, _time, _logger))).Value;
    }

    /// <exception cref="ArgumentException">The name is not one; see <see cref="NameFault"/>.</exception>
    internal static void CheckName(string name, string what, int longest)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (NameFault(name, what, longest) is { } fault) throw new ArgumentException(fault, nameof(name));
    }

    /// <summary>
    /// What is wrong with a name; null when nothing. Names as Azure has them, which are also safe as folder names: letters, digits, '.', '-'
    /// and '_', with a letter or digit at both ends.
    /// </summary>
    internal static string? NameFault(string name, string what, int longest)
    {
        if (string.Equals(name, DefaultConsumerGroup, StringComparison.OrdinalIgnoreCase)) return null;
        var allowed = name.Length > 0 && name.Length <= longest && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
        return allowed
            ? null
            : $"'{name}' is not a {what}'s name: at most {longest} letters, digits, '.', '-' and '_', a letter or digit at both ends.";
    }
}
