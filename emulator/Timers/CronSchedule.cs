using System.Globalization;
using System.Numerics;

namespace ServerlessCLM.Emulator;

/// <summary>
/// An NCRONTAB expression: second, minute, hour, day of month, month, day of week, all of which must match; five
/// fields leave out the seconds, which are then 0. Evaluated in UTC.
/// </summary>
/// <remarks>
/// A field is <c>*</c>, a value, a range <c>a-b</c>, any of them with a step (<c>*/n</c>, <c>a-b/n</c>, <c>a/n</c> from a
/// to the field's end), or a list of these. Months and days have English names, in three letters or in full; Sunday is 0.
/// A range whose end is before its start is refused: the real host swaps the two, other crons wrap around.
/// </remarks>
internal sealed class CronSchedule
{
    static readonly string[] Months = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    static readonly string[] Days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    static readonly Field[] Fields =
    [
        new("second", 0, 59, []),
        new("minute", 0, 59, []),
        new("hour", 0, 23, []),
        new("day of month", 1, 31, []),
        new("month", 1, 12, Months),
        new("day of week", 0, 6, Days),
    ];

    readonly string expression;
    readonly ulong seconds, minutes, hours, days, months, weekdays;

    CronSchedule(string expression, ReadOnlySpan<ulong> sets)
    {
        this.expression = expression;
        (seconds, minutes, hours, days, months, weekdays) = (sets[0], sets[1], sets[2], sets[3], sets[4], sets[5]);
    }

    /// <exception cref="FormatException">The expression is not one; the message names the field and the reason.</exception>
    public static CronSchedule Parse(string expression)
    {
        var texts = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (texts.Length == 5)
            texts = ["0", .. texts];
        if (texts.Length != 6)
            throw new FormatException($"it has {texts.Length} fields, needs six: second minute hour day month day-of-week");

        Span<ulong> sets = stackalloc ulong[6];
        for (var index = 0; index < sets.Length; index++)
            sets[index] = Fields[index].Parse(texts[index]);
        var schedule = new CronSchedule(expression, sets);
        return schedule.Next(new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero)) is null
            ? throw new FormatException("no day ever matches its day of month, month and day of week")
            : schedule;
    }

    /// <summary>The first occurrence strictly after a time; null when there is none in the next 40 years.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var from = new DateTime(after.UtcTicks - (after.UtcTicks % TimeSpan.TicksPerSecond), DateTimeKind.Utc).AddSeconds(1);
        if (Matches(DateOnly.FromDateTime(from)) && FirstTime(from.Hour, from.Minute, from.Second) is { } today)
            return new(from.Date + today, TimeSpan.Zero);

        var midnight = FirstTime(0, 0, 0)!.Value;
        var day = DateOnly.FromDateTime(from).AddDays(1);
        // 40 years hold a 29 February on every weekday, even across a century without one.
        for (var last = day.AddYears(40); day <= last; day = Has(months, day.Month) ? day.AddDays(1) : FirstOfNextMonth(day))
        {
            if (Matches(day))
                return new(day.ToDateTime(TimeOnly.MinValue) + midnight, TimeSpan.Zero);
        }

        return null;
    }

    public override string ToString() => expression;

    static DateOnly FirstOfNextMonth(DateOnly day) => new DateOnly(day.Year, day.Month, 1).AddMonths(1);

    bool Matches(DateOnly day) => Has(months, day.Month) && Has(days, day.Day) && Has(weekdays, (int)day.DayOfWeek);

    /// <summary>The first matching time of day at or after one; null when the day has none left.</summary>
    TimeSpan? FirstTime(int hour, int minute, int second)
    {
        for (var h = First(hours, hour); h < 24; h = First(hours, h + 1))
        {
            for (var m = First(minutes, h == hour ? minute : 0); m < 60; m = First(minutes, m + 1))
            {
                var s = First(seconds, h == hour && m == minute ? second : 0);
                if (s < 60)
                    return new(h, m, s);
            }
        }

        return null;
    }

    static bool Has(ulong set, int value) => (set >> value & 1) != 0;

    /// <summary>The lowest member at or above a value; 64 when there is none.</summary>
    static int First(ulong set, int from) => BitOperations.TrailingZeroCount(set & ulong.MaxValue << from);

    sealed record Field(string Name, int Least, int Most, string[] Names)
    {
        public ulong Parse(string text)
        {
            var set = 0UL;
            foreach (var part in text.Split(','))
                set |= Part(part, text);
            return set;
        }

        ulong Part(string part, string text)
        {
            var slash = part.IndexOf('/', StringComparison.Ordinal);
            var range = slash < 0 ? part : part[..slash];
            var step = slash < 0 ? 1 : Number(part[(slash + 1)..], text);
            if (step < 1)
                throw Wrong(text, "a step must be at least 1");

            int start, end;
            if (range == "*")
            {
                (start, end) = (Least, Most);
            }
            else if (range.IndexOf('-', StringComparison.Ordinal) is > 0 and var dash)
            {
                (start, end) = (Value(range[..dash], text), Value(range[(dash + 1)..], text));
                if (start > end)
                    throw Wrong(text, $"the range {range} ends before it starts; write it as two");
            }
            else
            {
                start = Value(range, text);
                end = slash < 0 ? start : Most;
            }

            var set = 0UL;
            for (var value = start; value <= end; value += step)
                set |= 1UL << value;
            return set;
        }

        int Value(string value, string text)
        {
            var name = value.Length < 3 ? -1 : Array.FindIndex(Names, known => known.Equals(value, StringComparison.OrdinalIgnoreCase) || known.AsSpan(0, 3).Equals(value, StringComparison.OrdinalIgnoreCase));
            var number = name >= 0 ? name + Least : Number(value, text);
            return number >= Least && number <= Most ? number : throw Wrong(text, $"{number} is not from {Least} to {Most}");
        }

        int Number(string number, string text) =>
            int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value < 1000
                ? value
                : throw Wrong(text, $"'{number}' is not a number{(Names.Length > 0 ? " or name" : "")}");

        FormatException Wrong(string text, string reason) => new($"field '{Name}' is '{text}': {reason}");
    }
}
