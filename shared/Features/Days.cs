namespace ServerlessCLM.Features;

/// <summary>Whole UTC days since 1970-01-01, and the civil calendar over them.</summary>
internal static class Days
{
    public const long Milliseconds = 86_400_000;

    /// <summary>The days that a state can hold: 1970-01-02 to 2149-06-06, a 16-bit number other than 0.</summary>
    public const int First = 1, Last = ushort.MaxValue;

    /// <summary>The day of an instant.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The instant is outside <see cref="First"/> to <see cref="Last"/>.</exception>
    public static int Of(long time)
    {
        var day = time / Milliseconds;
        return day is >= First and <= Last ? (int)day : throw new ArgumentOutOfRangeException(
            nameof(time), time, "must be milliseconds since 1970 between 1970-01-02 and 2149-06-06");
    }

    public static long Start(int day) => day * Milliseconds;

    /// <summary>0 is Monday.</summary>
    public static int Weekday(int day) => (day + 3) % 7;

    /// <summary>Months since January 1970, and the day of the month from 1.</summary>
    /// <remarks>Hinnant, "chrono-compatible low-level date algorithms", civil_from_days.</remarks>
    public static (int Month, int DayOfMonth) Civil(int day)
    {
        var shifted = (uint)(day + 719_468);
        var era = shifted / 146_097;
        var dayOfEra = shifted - era * 146_097;
        var yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        var dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        var shiftedMonth = (5 * dayOfYear + 2) / 153;
        var dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
        var month = shiftedMonth < 10 ? shiftedMonth + 2 : shiftedMonth - 10;
        var year = yearOfEra + era * 400 + (month <= 1 ? 1u : 0u);
        return ((int)((year - 1970) * 12 + month), (int)dayOfMonth);
    }
}
