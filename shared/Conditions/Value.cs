using System.Diagnostics;

namespace ServerlessCLM.Conditions;

/// <summary>What a value is. <see cref="Unknown"/> and <see cref="Error"/> are values that are not there.</summary>
public enum ValueKind : byte { Unknown, Error, Null, Bool, Int, Double, String, Timestamp, Duration, List, Map }

/// <summary>
/// A value of the condition language in 24 bytes: numbers, truths and times without allocation, texts, lists and maps by reference.
/// </summary>
/// <remarks>
/// An unknown value carries the name that is missing, an error its reason; both pass through every operation but <c>&amp;&amp;</c>,
/// <c>||</c>, <c>?:</c> and <c>has()</c>. The default value is unknown.
/// </remarks>
[DebuggerDisplay("{ToString()}")]
public readonly struct Value : IEquatable<Value>
{
    /// <summary>Seconds from 1970 to 0001-01-01T00:00:00Z and to 9999-12-31T23:59:59Z: what a timestamp may be.</summary>
    internal const long MinSeconds = -62135596800, MaxSeconds = 253402300799;

    private readonly object? _reference;
    private readonly long _bits;
    private readonly int _nanos;

    private Value(ValueKind kind, long bits = 0, object? reference = null, int nanos = 0) =>
        (Kind, _bits, _reference, _nanos) = (kind, bits, reference, nanos);

    public ValueKind Kind { get; }

    /// <summary>Neither unknown nor an error.</summary>
    public bool IsKnown => Kind > ValueKind.Error;

    public static readonly Value Null = new(ValueKind.Null);

    /// <summary>A value that is not known.</summary>
    /// <param name="name">What is missing, such as <c>features.balance</c>.</param>
    public static Value Missing(string name) => new(ValueKind.Unknown, reference: name);

    /// <summary>A value that cannot be computed.</summary>
    /// <param name="reason">Such as <c>division by zero</c>.</param>
    public static Value Error(string reason) => new(ValueKind.Error, reference: reason);

    public static Value Of(bool value) => new(ValueKind.Bool, value ? 1 : 0);

    public static Value Of(long value) => new(ValueKind.Int, value);

    public static Value Of(double value) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value));

    public static Value Of(string value) => new(ValueKind.String, reference: value);

    public static Value Of(Truth truth) => truth switch
    {
        Truth.False => Of(value: false),
        Truth.True => Of(value: true),
        Truth.Unknown => default,
        _ => Error("the condition cannot be computed"),
    };

    /// <exception cref="ArgumentOutOfRangeException">Outside the years 1 to 9999.</exception>
    public static Value Timestamp(long seconds, int nanos = 0) => seconds is >= MinSeconds and <= MaxSeconds
        ? new(ValueKind.Timestamp, seconds, nanos: nanos)
        : throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "must be within the years 1 to 9999");

    public static Value Of(DateTimeOffset at)
    {
        var ticks = at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        var seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out var rest);
        if (rest < 0)
            (seconds, rest) = (seconds - 1, rest + TimeSpan.TicksPerSecond);
        return new(ValueKind.Timestamp, seconds, nanos: (int)rest * 100);
    }

    /// <summary>A length of time in nanoseconds, within ±292 years.</summary>
    public static Value Duration(long nanoseconds) => new(ValueKind.Duration, nanoseconds);

    /// <exception cref="OverflowException">Beyond ±292 years.</exception>
    public static Value Of(TimeSpan duration) => new(ValueKind.Duration, checked(duration.Ticks * 100));

    public static Value List(IReadOnlyList<Value> items) => new(ValueKind.List, reference: items);

    public static Value Map(IReadOnlyDictionary<Value, Value> entries) => new(ValueKind.Map, reference: entries);

    /// <exception cref="InvalidOperationException">The value is of another kind; so with every property below.</exception>
    public bool Bool => Kind == ValueKind.Bool ? _bits != 0 : throw NotA(ValueKind.Bool);

    public long Int => Kind == ValueKind.Int ? _bits : throw NotA(ValueKind.Int);

    public double Double => Kind == ValueKind.Double ? BitConverter.Int64BitsToDouble(_bits) : throw NotA(ValueKind.Double);

    public string Text => Kind == ValueKind.String ? (string)_reference! : throw NotA(ValueKind.String);

    /// <summary>Seconds since 1970-01-01T00:00:00Z.</summary>
    public long Seconds => Kind == ValueKind.Timestamp ? _bits : throw NotA(ValueKind.Timestamp);

    /// <summary>Nanoseconds after <see cref="Seconds"/>.</summary>
    public int NanosOfSecond => Kind == ValueKind.Timestamp ? _nanos : throw NotA(ValueKind.Timestamp);

    public long Nanoseconds => Kind == ValueKind.Duration ? _bits : throw NotA(ValueKind.Duration);

    /// <summary>A duration to a tenth of a microsecond.</summary>
    public TimeSpan TimeSpan => new(Nanoseconds / 100);

    public IReadOnlyList<Value> Items => Kind == ValueKind.List ? (IReadOnlyList<Value>)_reference! : throw NotA(ValueKind.List);

    public IReadOnlyDictionary<Value, Value> Entries =>
        Kind == ValueKind.Map ? (IReadOnlyDictionary<Value, Value>)_reference! : throw NotA(ValueKind.Map);

    /// <summary>The name that is missing, or why the value cannot be computed; null for a value that is known.</summary>
    public string? Reason => IsKnown ? null : (string?)_reference;

    /// <summary>The value as the answer to a condition.</summary>
    public Truth Truth => Kind switch
    {
        ValueKind.Bool => _bits != 0 ? Truth.True : Truth.False,
        ValueKind.Unknown => Truth.Unknown,
        _ => Truth.Error,
    };

    /// <summary>The same value, with NaN equal to itself, as a key in a map asks for.</summary>
    public bool Equals(Value other) => Comparison.AreEqual(this, other)
        || (Kind == other.Kind && Kind is ValueKind.Unknown or ValueKind.Error && Equals(_reference, other._reference))
        || (Kind == ValueKind.Double && other.Kind == ValueKind.Double && double.IsNaN(Double) && double.IsNaN(other.Double));

    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    public override int GetHashCode() => Kind switch
    {
        // 1 and 1.0 are one key.
        ValueKind.Int => ((double)_bits).GetHashCode(),
        ValueKind.Double => (Double == 0 ? 0.0 : Double).GetHashCode(),
        ValueKind.String => string.GetHashCode(Text, StringComparison.Ordinal),
        ValueKind.List => Items.Count,
        ValueKind.Map => Entries.Count,
        _ => HashCode.Combine(Kind, _bits, _nanos),
    };

    public static bool operator ==(Value left, Value right) => left.Equals(right);

    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    /// <summary>The value as it would be written in a condition.</summary>
    public override string ToString() => Printer.Literal(this);

    private InvalidOperationException NotA(ValueKind kind) => new($"The value is {Kind}, not {kind}.");
}
