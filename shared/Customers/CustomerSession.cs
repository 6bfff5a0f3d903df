using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Customers;

/// <summary>An effect that leaves the customer's commit: a message for a stream, sent after the commit, at least once.</summary>
/// <param name="Id">Derived from its cause, so that receivers can tell a repetition.</param>
/// <param name="Stream">The event hub it goes to.</param>
/// <param name="Body">A CloudEvent as JSON.</param>
/// <param name="Trace">The trace of its cause, as a <c>traceparent</c>; null where none is recorded.</param>
public sealed record Effect(string Id, string Stream, string Body, string? Trace = null)
{
    /// <summary>Tells journeys that something known of the customer has changed; what it is now they read themselves.</summary>
    /// <param name="customer">Whose.</param>
    /// <param name="type">The event's type.</param>
    /// <param name="source">Its source.</param>
    /// <param name="origin">What the id is derived from: the same is the same change.</param>
    /// <param name="at">When.</param>
    internal static Effect News(CustomerId customer, string type, string source, string origin, DateTimeOffset at)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{Digest64.Of(origin):x16}{Digest64.Of(origin, 1):x16}");
        return new Effect(id, EventStreams.SignalsHub, new JsonObject
        {
            ["specversion"] = "1.0", ["id"] = id, ["source"] = source, ["type"] = type, ["subject"] = customer.Value, ["time"] = Instant.Text(at),
        }.ToJsonString());
    }
}

/// <summary>
/// One customer as loaded, and the changes that will be committed together. A change is a pure function over the
/// session; on a conflict the session is loaded again and the function runs again.
/// </summary>
public sealed class CustomerSession
{
    /// <summary>Rows after which a commit takes no further event, which may change up to 36 more, entries on record counted, and models 36: a transaction holds 100 rows.</summary>
    public const int MaxRows = 26;

    /// <summary>Effects after which a commit takes no further event, which may have up to 26 more, and models 32, of 900 bytes and 70 of
    /// their trace: the outbox row holds 64 KiB.</summary>
    public const int MaxEffects = 9;

    private readonly Dictionary<string, byte[]?> _changes = [];
    private readonly List<Effect> _effects = [];
    private readonly List<AuditRecord> _records = [];
    private readonly IReadOnlyDictionary<string, byte[]> _rows;

    internal CustomerSession(CustomerId customer, byte[]? block, long scheduledWake, DateTimeOffset? erased, IReadOnlyDictionary<string, byte[]> rows)
    {
        Customer = customer;
        Block = block ?? [];
        Exists = block is not null;
        ScheduledWake = scheduledWake;
        Erased = erased;
        _rows = rows;
    }

    public CustomerId Customer { get; }

    /// <summary>The state row's block as loaded; empty for a new customer.</summary>
    public ReadOnlyMemory<byte> Block { get; private set; }

    /// <summary>Whether anything is known of the customer yet.</summary>
    public bool Exists { get; }

    /// <summary>When the customer was erased; nothing may be written about an erased customer.</summary>
    public DateTimeOffset? Erased { get; }

    /// <summary>The instant the wake index has for this customer, in unix milliseconds; 0 for none.</summary>
    public long ScheduledWake { get; private set; }

    /// <summary>Whether the commit must write <see cref="ScheduledWake"/> to the index.</summary>
    internal bool Rescheduled { get; private set; }

    /// <summary>The trace that the commit belongs to, as a <c>traceparent</c>; what it emits goes on with it. Null where none is recorded.</summary>
    public string? Trace { get; set; }

    /// <summary>The event that is being applied; what is emitted goes on with its trace, where it has one.</summary>
    public EventData? Cause { get; set; }

    /// <summary>Whether there is something to commit; setting it commits the state as it is.</summary>
    public bool Changed { get; set; }

    /// <summary>Whether another event still fits this commit.</summary>
    public bool HasRoom => _changes.Count + _records.Count < MaxRows && _effects.Count < MaxEffects;

    internal IReadOnlyDictionary<string, byte[]?> Changes => _changes;

    internal IReadOnlyList<Effect> Effects => _effects;

    internal IReadOnlyList<AuditRecord> Records => _records;

    /// <summary>A row asked for when the update began, or put in this session; null where there is none.</summary>
    public T? Get<T>(string row, JsonTypeInfo<T> type) where T : class
    {
        if (!_changes.TryGetValue(row, out var bytes))
            bytes = _rows.GetValueOrDefault(row);

        return bytes is null ? null : JsonSerializer.Deserialize(bytes, type);
    }

    /// <summary>A row as it is stored, opened; empty where there is none.</summary>
    public ReadOnlyMemory<byte> GetBytes(string row) => _changes.TryGetValue(row, out var bytes) ? bytes : _rows.GetValueOrDefault(row);

    /// <summary>The rows whose key starts with a prefix asked for when the update began, in the order of their keys.</summary>
    public IEnumerable<T> All<T>(string prefix, JsonTypeInfo<T> type) where T : class => _rows.Keys.Union(_changes.Keys)
        .Where(row => row.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(row => Get(row, type)).OfType<T>();

    /// <summary>Replaces the state block.</summary>
    public void PutBlock(byte[] block)
    {
        Block = block;
        Changed = true;
    }

    public void Put<T>(string row, T value, JsonTypeInfo<T> type) => Put(row, JsonSerializer.SerializeToUtf8Bytes(value, type));

    public void Put(string row, byte[] plain)
    {
        _changes[row] = plain;
        Changed = true;
    }

    public void Delete(string row)
    {
        if (_rows.ContainsKey(row))
            _changes[row] = null;
        else
            _changes.Remove(row);
        Changed = true;
    }

    /// <summary>
    /// Asks for a look at an instant at which silence may mean something. An earlier look that is already due stays: it finds
    /// nothing and asks again, which saves an index write with every payment.
    /// </summary>
    /// <param name="at">Unix milliseconds; <see cref="long.MaxValue"/> for none.</param>
    public void WakeBy(long at)
    {
        if (at == long.MaxValue || (ScheduledWake != 0 && ScheduledWake <= at))
            return;

        (ScheduledWake, Rescheduled, Changed) = (at, true, true);
    }

    /// <summary>The scheduled look has taken place; the next is to be asked for.</summary>
    public void Woken() => (ScheduledWake, Changed) = (0, true);

    public void Emit(Effect effect)
    {
        _effects.Add(effect with { Trace = (Cause is null ? null : ProductTraces.Of(Cause)) ?? Trace });
        Changed = true;
    }

    /// <summary>Puts something on record, as the next entry of the customer's audit chain.</summary>
    public void Record(AuditRecord record)
    {
        _records.Add(record);
        Changed = true;
    }

    /// <summary>Id of this commit's outbox row: the digest of its effects' ids.</summary>
    internal string OutboxId()
    {
        var ids = new StringBuilder();
        foreach (var effect in _effects)
            ids.Append(effect.Id).Append('\n');

        return Digest64.Of(ids.ToString()).ToString("x16");
    }
}
