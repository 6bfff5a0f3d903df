using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.Text;

namespace ServerlessCLM.Conditions;

/// <summary>Instants and lengths of time: RFC 3339 and Go's durations, to a nanosecond, with the calendar of any IANA zone.</summary>
internal static class Times
{
    private const long NanosPerSecond = 1_000_000_000;

    private const string OutsideYears = "the timestamp is outside the years 1 to 9999", TooLong = "the duration is longer than 292 years";

    private static readonly (string Name, long Nanoseconds)[] Units =
        [("ns", 1), ("us", 1_000), ("µs", 1_000), ("ms", 1_000_000), ("h", 3600 * NanosPerSecond), ("m", 60 * NanosPerSecond), ("s", NanosPerSecond)];

    public static Value Timestamp(string text)
    {
        if (!OffsetDateTimePattern.Rfc3339.Parse(text).TryGetValue(default, out var at))
            return Value.Error($"'{Rejection.Shorten(text, 40)}' is not a timestamp like 2027-01-31T08:00:00Z");

        var sinceEpoch = at.ToInstant() - NodaConstants.UnixEpoch;
        return Shift(Value.Timestamp(0), ((Int128)sinceEpoch.Days * 86400 * NanosPerSecond) + sinceEpoch.NanosecondOfDay);
    }

    public static Value Timestamp(long seconds, int nanos = 0) =>
        seconds is >= Value.MinSeconds and <= Value.MaxSeconds ? Value.Timestamp(seconds, nanos) : Value.Error(OutsideYears);

    /// <summary>A sign, then numbers with units: <c>168h</c>, <c>1h30m</c>, <c>-1.5s</c>; hours are the longest unit.</summary>
    public static Value Duration(string text)
    {
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+"))
            rest = rest[1..];
        if (rest is "0")
            return Value.Duration(0);

        Int128 total = 0;
        do
        {
            var length = rest.IndexOfAnyExcept("0123456789.");
            if (length <= 0 || !decimal.TryParse(rest[..length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return NotADuration(text);

            rest = rest[length..];
            var unit = 0L;
            foreach (var (name, nanoseconds) in Units)
            {
                if (!rest.StartsWith(name, StringComparison.Ordinal))
                    continue;
                rest = rest[name.Length..];
                unit = nanoseconds;
                break;
            }

            if (unit == 0)
                return NotADuration(text);
            if (number > long.MaxValue)
                return Value.Error(TooLong);
            total += (Int128)((Int128)decimal.Truncate(number) * unit) + (Int128)(decimal.Remainder(number, 1) * unit);
        }
        while (!rest.IsEmpty);

        return total <= long.MaxValue ? Value.Duration(negative ? -(long)total : (long)total) : Value.Error(TooLong);
    }

    public static string Text(Value value)
    {
        if (value.Kind == ValueKind.Duration)
        {
            var size = Int128.Abs(value.Nanoseconds);
            return $"{(value.Nanoseconds < 0 ? "-" : "")}{size / NanosPerSecond}{Fraction((int)(size % NanosPerSecond))}s";
        }

        var at = DateTimeOffset.FromUnixTimeSeconds(value.Seconds);
        return $"{at.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)}{Fraction(value.NanosOfSecond)}Z";
    }

    public static Value Add(in Value left, in Value right) => (left.Kind, right.Kind) switch
    {
        (ValueKind.Timestamp, ValueKind.Duration) => Shift(left, right.Nanoseconds),
        (ValueKind.Duration, ValueKind.Timestamp) => Shift(right, left.Nanoseconds),
        _ => Lasting((Int128)left.Nanoseconds + right.Nanoseconds),
    };

    public static Value Subtract(in Value left, in Value right) => (left.Kind, right.Kind) switch
    {
        (ValueKind.Timestamp, ValueKind.Duration) => Shift(left, -(Int128)right.Nanoseconds),
        (ValueKind.Timestamp, ValueKind.Timestamp) =>
            Lasting(((Int128)(left.Seconds - right.Seconds) * NanosPerSecond) + left.NanosOfSecond - right.NanosOfSecond),
        _ => Lasting((Int128)left.Nanoseconds - right.Nanoseconds),
    };

    /// <summary>What a timestamp's accessor reads in a zone; of <c>UTC</c> where none is given.</summary>
    public static LocalDateTime Local(in Value timestamp, DateTimeZone zone) => NodaConstants.UnixEpoch
        .Plus(NodaTime.Duration.FromSeconds(timestamp.Seconds))
        .PlusNanoseconds(timestamp.NanosOfSecond)
        .InZone(zone).LocalDateTime;

    /// <summary>An IANA zone, or an offset like <c>+05:30</c>; null where it is neither.</summary>
    public static DateTimeZone? Zone(string name)
    {
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is { } zone)
            return zone;

        var negative = name.StartsWith('-');
        var digits = negative || name.StartsWith('+') ? name.AsSpan(1) : name;
        return digits.Length == 5 && TimeSpan.TryParseExact(digits, "hh':'mm", CultureInfo.InvariantCulture, out var offset) && offset.TotalHours <= 18
            ? DateTimeZone.ForOffset(Offset.FromTimeSpan(negative ? -offset : offset))
            : null;
    }

    private static Value Shift(in Value timestamp, Int128 nanoseconds)
    {
        var total = ((Int128)timestamp.Seconds * NanosPerSecond) + timestamp.NanosOfSecond + nanoseconds;
        var (seconds, nanos) = Int128.DivRem(total, NanosPerSecond);
        return nanos < 0 ? Timestamp((long)seconds - 1, (int)(nanos + NanosPerSecond)) : Timestamp((long)seconds, (int)nanos);
    }

    private static Value Lasting(Int128 nanoseconds) =>
        nanoseconds >= long.MinValue && nanoseconds <= long.MaxValue ? Value.Duration((long)nanoseconds) : Value.Error(TooLong);

    private static string Fraction(int nanos) =>
        nanos == 0 ? "" : new StringBuilder(".").Append(nanos.ToString("d9", CultureInfo.InvariantCulture)).ToString().TrimEnd('0');

    private static Value NotADuration(string text) =>
        Value.Error($"'{Rejection.Shorten(text, 40)}' is not a duration like 168h or 1h30m; units are h, m, s, ms, us and ns");
}
