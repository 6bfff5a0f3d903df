using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Azure;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Telemetry;

/// <summary>What was counted in a minute, an hour or a day.</summary>
/// <param name="LagSeconds">Age of the oldest event of a batch when its function began; the largest.</param>
public sealed record ActivityCount(
    long Payments = 0, long Events = 0, long Rejected = 0, long Signals = 0, long Decisions = 0, long Contacts = 0, long DeadLetters = 0, long Findings = 0, double LagSeconds = 0)
{
    public static ActivityCount operator +(ActivityCount a, ActivityCount b) => new(
        a.Payments + b.Payments, a.Events + b.Events, a.Rejected + b.Rejected, a.Signals + b.Signals, a.Decisions + b.Decisions, a.Contacts + b.Contacts,
        a.DeadLetters + b.DeadLetters, a.Findings + b.Findings, Math.Max(a.LagSeconds, b.LagSeconds));
}

/// <summary>Today's figures and those of the last minutes, of all instances.</summary>
/// <param name="Minutes">By minute, the oldest first; a minute without anything is missing.</param>
public sealed record ActivityReport(ActivityCount Today, IReadOnlyList<KeyValuePair<DateTimeOffset, ActivityCount>> Minutes);

/// <summary>
/// Keeps what this instance counts, so that one page shows all instances: it listens to <see cref="ProductMetrics"/>, sums by minute and hour, and
/// writes its sums when a minute is over. A row is one instance's sum of an hour, written whole each time, so writing again is the same.
/// </summary>
/// <remarks>Figures of a crash's last minute are lost: these are gauges for people, not accounts.</remarks>
public sealed class ActivityLedger : IDisposable
{
    /// <summary>Minutes that are told one by one.</summary>
    public const int RecentMinutes = 30;

    /// <summary>Days that sums are kept.</summary>
    public const int KeptDays = 30;

    private const string Json = "Json", Recent = "now|", Hour = "h|";

    private static readonly HashSet<string> Heard = new(StringComparer.Ordinal)
    {
        ProductMetrics.Payments, ProductMetrics.Events, ProductMetrics.Signals, ProductMetrics.Decisions, ProductMetrics.Contacts,
        ProductMetrics.DeadLetters, ProductMetrics.ModelFindings, ProductMetrics.BatchLag,
    };

    private readonly CustomerTables _tables;
    private readonly ProductOptions _options;
    private readonly TimeProvider _time;
    private readonly string _instance;
    private readonly MeterListener _listener = new();
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _gate = new();
    private readonly SortedDictionary<DateTimeOffset, ActivityCount> _minutes = [];
    private (DateTimeOffset Start, ActivityCount Sum) _hour;
    private readonly Queue<(DateTimeOffset Start, ActivityCount Sum)> _over = [];

    public ActivityLedger(CustomerTables tables, ProductOptions options, TimeProvider time)
    {
        (_tables, _options, _time) = (tables, options, time);
        // A process of this machine that starts again must not write over what its predecessor counted in this hour.
        _instance = string.Create(CultureInfo.InvariantCulture, $"{Digest64.Of(Environment.MachineName):x16}-{Environment.ProcessId}-{time.GetUtcNow().ToUnixTimeMilliseconds()}");
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == ProductMetrics.MeterName && Heard.Contains(instrument.Name))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(Read(instrument.Name, value, tags)));
        _listener.SetMeasurementEventCallback<double>((_, value, _, _) => Add(new ActivityCount(LagSeconds: value)));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>Writes when minutes are over, until it is closed.</summary>
    /// <param name="failed">Told of a write that failed; the next one makes up for it.</param>
    public async Task RunAsync(Action<Exception> failed)
    {
        await foreach (var _ in _due.Reader.ReadAllAsync())
        {
            try
            {
                await WriteAsync(CancellationToken.None);
            }
            catch (RequestFailedException failure)
            {
                failed(failure);
            }
        }
    }

    /// <summary>Ends <see cref="RunAsync"/>.</summary>
    public void Close() => _due.Writer.TryComplete();

    internal void Add(ActivityCount counted)
    {
        var now = _time.GetUtcNow();
        var minute = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        var hour = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerHour), TimeSpan.Zero);
        lock (_gate)
        {
            if (hour != _hour.Start)
            {
                if (_hour.Sum is not null)
                    _over.Enqueue(_hour);
                _hour = (hour, new ActivityCount());
            }

            _hour.Sum += counted;
            var isNew = !_minutes.TryGetValue(minute, out var known);
            _minutes[minute] = (known ?? new ActivityCount()) + counted;
            if (!isNew)
                return;

            while (_minutes.Count > RecentMinutes)
                _minutes.Remove(_minutes.First().Key);
        }

        _due.Writer.TryWrite(true);
    }

    /// <summary>Writes this instance's sums.</summary>
    public async Task WriteAsync(CancellationToken cancellation)
    {
        (DateTimeOffset Start, ActivityCount Sum)[] hours;
        string minutes;
        lock (_gate)
        {
            if (_hour.Sum is null)
                return;

            hours = [.. _over, _hour];
            minutes = JsonSerializer.Serialize(new Dictionary<DateTimeOffset, ActivityCount>(_minutes), ActivityJson.Default.DictionaryDateTimeOffsetActivityCount);
        }

        foreach (var (start, sum) in hours)
        {
            var row = string.Create(CultureInfo.InvariantCulture, $"{Hour}{start:HH}|{_instance}");
            await _tables.Figures.UpsertEntityAsync(
                new TableEntity(Partition(start), row) { [Json] = JsonSerializer.Serialize(sum, ActivityJson.Default.ActivityCount) }, TableUpdateMode.Replace, cancellation);
        }

        await _tables.Figures.UpsertEntityAsync(new TableEntity(Partition(hours[^1].Start), Recent + _instance) { [Json] = minutes }, TableUpdateMode.Replace, cancellation);
        lock (_gate)
        {
            // Another write may have been here first, and an hour that ended meanwhile was not over when it was read.
            while (_over.TryPeek(out var over) && over.Start < hours[^1].Start)
                _over.Dequeue();
        }
    }

    /// <summary>The figures of all instances: others' up to their last minute that was over, this one's up to now.</summary>
    public async Task<ActivityReport> ReadAsync(CancellationToken cancellation)
    {
        await WriteAsync(cancellation);
        var now = _time.GetUtcNow();
        var (today, minutes) = (new ActivityCount(), new SortedDictionary<DateTimeOffset, ActivityCount>());
        await foreach (var entity in _tables.Figures.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Partition(now)}"), cancellationToken: cancellation))
        {
            var json = entity.GetString(Json)!;
            if (entity.RowKey.StartsWith(Hour, StringComparison.Ordinal))
            {
                today += JsonSerializer.Deserialize(json, ActivityJson.Default.ActivityCount)!;
                continue;
            }

            foreach (var (minute, counted) in JsonSerializer.Deserialize(json, ActivityJson.Default.DictionaryDateTimeOffsetActivityCount)!)
            {
                if (now - minute < TimeSpan.FromMinutes(RecentMinutes))
                    minutes[minute] = minutes.GetValueOrDefault(minute, new ActivityCount()) + counted;
            }
        }

        return new ActivityReport(today, [.. minutes]);
    }

    /// <summary>Forgets the sums of days that are older than they are kept.</summary>
    public async Task PurgeAsync(CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {Partition(DateTimeOffset.UnixEpoch)} and PartitionKey lt {Partition(_time.GetUtcNow().AddDays(-KeptDays))}");
        await foreach (var entity in _tables.Figures.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellation))
            await CustomerTables.DeleteAsync(_tables.Figures, entity.PartitionKey, entity.RowKey, cancellation);
    }

    private string Partition(DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"{_options.Tenant}|activity|{at.UtcDateTime:yyyyMMdd}");

    private static ActivityCount Read(string instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => instrument switch
    {
        ProductMetrics.Payments when IsTaken(tags) => new ActivityCount(Payments: value),
        ProductMetrics.Events when IsTaken(tags) => new ActivityCount(Events: value),
        ProductMetrics.Payments or ProductMetrics.Events => Has(tags, "outcome", "rejected") ? new ActivityCount(Rejected: value) : new ActivityCount(),
        ProductMetrics.Signals => new ActivityCount(Signals: value),
        ProductMetrics.Decisions => new ActivityCount(Decisions: value),
        ProductMetrics.Contacts => Has(tags, "step", "send") && Has(tags, "verdict", "Allow") ? new ActivityCount(Contacts: value) : new ActivityCount(),
        ProductMetrics.DeadLetters => new ActivityCount(DeadLetters: value),
        _ => new ActivityCount(Findings: value),
    };

    private static bool IsTaken(ReadOnlySpan<KeyValuePair<string, object?>> tags) => Has(tags, "outcome", "counted") || Has(tags, "outcome", "too_late");

    private static bool Has(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name, string value)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == name)
                return tag.Value is string text && text == value;
        }

        return false;
    }
}

/// <summary>How sums of activity are kept.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ActivityCount))]
[JsonSerializable(typeof(Dictionary<DateTimeOffset, ActivityCount>))]
internal sealed partial class ActivityJson : JsonSerializerContext;
