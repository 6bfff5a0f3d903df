using System.Buffers;

namespace ServerlessCLM.Transactions;

/// <summary>The texts inside a payment event, read from ASCII: money, times, dates, codes.</summary>
internal static class PaymentText
{
    /// <summary>The largest amount accepted, either sign: 10^12 units of the currency.</summary>
    public const long MaximumAmount = 1_000_000_000_000 * Payment.MoneyScale;

    private static readonly SearchValues<byte> customerBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~:@-"u8);

    private static readonly SearchValues<byte> reasonBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8);

    internal enum Money { Exact, TooManyDecimals, TooLarge }

    /// <summary>1–128 characters of A–Z a–z 0–9 . _ ~ : @ -</summary>
    public static bool IsCustomer(ReadOnlySpan<byte> text) =>
        text.Length is >= 1 and <= 128 && text.IndexOfAnyExcept(customerBytes) < 0;

    /// <summary>Reads a number that follows the JSON grammar as ten-thousandths, exactly or not at all.</summary>
    public static Money ReadMoney(ReadOnlySpan<byte> number, out long tenThousandths)
    {
        tenThousandths = 0;
        var negative = number[0] == '-';
        ulong digits = 0;
        long exponent = 4, trailingZeros = 0;
        var decimals = false;
        var at = negative ? 1 : 0;
        for (; at < number.Length && number[at] is not ((byte)'e' or (byte)'E'); at++)
        {
            if (number[at] == '.')
            {
                decimals = true;
                continue;
            }

            exponent -= decimals ? 1 : 0;
            var digit = (uint)(number[at] - '0');
            if (digit == 0)
            {
                trailingZeros += digits == 0 ? 0 : 1;
                continue;
            }

            // Eighteen significant digits are more than the largest amount has.
            if (!TryScale(ref digits, trailingZeros + 1))
                return exponent + Exponent(number, at) < 0 ? Money.TooManyDecimals : Money.TooLarge;
            digits += digit;
            trailingZeros = 0;
        }

        if (digits == 0)
            return Money.Exact;
        exponent += Exponent(number, at) + trailingZeros;
        if (exponent < 0)
            return Money.TooManyDecimals;
        if (!TryScale(ref digits, exponent) || digits > MaximumAmount)
            return Money.TooLarge;
        tenThousandths = negative ? -(long)digits : (long)digits;
        return Money.Exact;
    }

    private static bool TryScale(ref ulong digits, long places)
    {
        if (digits == 0)
            return true;
        for (; places > 0; places--)
        {
            if (digits > MaximumAmount * 10)
                return false;
            digits *= 10;
        }

        return true;
    }

    private static long Exponent(ReadOnlySpan<byte> number, int from)
    {
        var at = from + number[from..].IndexOfAny((byte)'e', (byte)'E');
        if (at < from)
            return 0;
        at++;
        var negative = number[at] == '-';
        if (number[at] is (byte)'-' or (byte)'+')
            at++;
        long value = 0;
        for (; at < number.Length; at++)
            value = Math.Min((value * 10) + (number[at] - '0'), int.MaxValue);
        return negative ? -value : value;
    }

    /// <summary>RFC 3339 with an offset of at most 14 hours or Z; fractions of a second beyond milliseconds are cut off.</summary>
    public static bool TryReadTime(ReadOnlySpan<byte> text, out long unixMilliseconds, out short offsetMinutes)
    {
        unixMilliseconds = 0;
        offsetMinutes = 0;
        if (text.Length < 20 || (text[10] | 0x20) != 't' || text[13] != ':' || text[16] != ':'
            || !TryReadDay(text[..10], out var day)
            || !TryPair(text, 11, 23, out var hour) || !TryPair(text, 14, 59, out var minute) || !TryPair(text, 17, 59, out var second))
            return false;
        var at = 19;
        var fraction = 0;
        if (text[at] == '.')
        {
            var unit = 100;
            for (at++; at < text.Length && char.IsAsciiDigit((char)text[at]); at++, unit /= 10)
                fraction += (text[at] - '0') * unit;
            if (at == 20 || at == text.Length)
                return false;
        }

        if ((text[at] | 0x20) == 'z')
        {
            if (text.Length != at + 1)
                return false;
        }
        else
        {
            if (text.Length != at + 6 || text[at] is not ((byte)'+' or (byte)'-') || text[at + 3] != ':'
                || !TryPair(text, at + 1, 14, out var hours) || !TryPair(text, at + 4, hours == 14 ? 0 : 59, out var minutes))
                return false;
            offsetMinutes = (short)(((hours * 60) + minutes) * (text[at] == '-' ? -1 : 1));
        }

        var seconds = (day * 86_400L) + (hour * 3_600) + ((minute - offsetMinutes) * 60) + second;
        unixMilliseconds = (seconds * 1_000) + fraction;
        return true;
    }

    /// <summary>YYYY-MM-DD in the proleptic Gregorian calendar, as days since 1970-01-01.</summary>
    public static bool TryReadDay(ReadOnlySpan<byte> text, out int day)
    {
        day = 0;
        if (text.Length != 10 || text[4] != '-' || text[7] != '-'
            || !TryPair(text, 0, 99, out var century) || !TryPair(text, 2, 99, out var year)
            || !TryPair(text, 5, 12, out var month) || !TryPair(text, 8, 31, out var dayOfMonth))
            return false;
        year += century * 100;
        if (year == 0 || month == 0 || dayOfMonth == 0 || dayOfMonth > DateTime.DaysInMonth(year, month))
            return false;
        day = new DateOnly(year, month, dayOfMonth).DayNumber - Epoch;
        return true;
    }

    /// <summary>1970-01-01 as a day number.</summary>
    public static readonly int Epoch = new DateOnly(1970, 1, 1).DayNumber;

    private static bool TryPair(ReadOnlySpan<byte> text, int at, int most, out int value)
    {
        uint tens = (uint)(text[at] - '0'), ones = (uint)(text[at + 1] - '0');
        value = (int)((tens * 10) + ones);
        return tens <= 9 && ones <= 9 && value <= most;
    }

    /// <summary>A fixed number of letters A–Z, first in the low byte.</summary>
    public static bool TryReadLetters(ReadOnlySpan<byte> text, int count, out uint letters)
    {
        var known = text.Length == count && !text.ContainsAnyExceptInRange((byte)'A', (byte)'Z');
        letters = known ? (uint)Pack(text) : 0;
        return known;
    }

    /// <summary>One to eight ASCII letters or digits, first in the low byte.</summary>
    public static bool TryReadReason(ReadOnlySpan<byte> text, out ulong reason)
    {
        var known = text.Length is >= 1 and <= 8 && !text.ContainsAnyExcept(reasonBytes);
        reason = known ? Pack(text) : 0;
        return known;
    }

    private static ulong Pack(ReadOnlySpan<byte> text)
    {
        ulong packed = 0;
        for (var i = text.Length - 1; i >= 0; i--)
            packed = (packed << 8) | text[i];
        return packed;
    }

    /// <summary>Four digits.</summary>
    public static bool TryReadCategory(ReadOnlySpan<byte> text, out ushort category)
    {
        category = 0;
        if (text.Length != 4 || !TryPair(text, 0, 99, out var high) || !TryPair(text, 2, 99, out var low))
            return false;
        category = (ushort)((high * 100) + low);
        return true;
    }

    public static bool TryReadKind(ReadOnlySpan<byte> text, out PaymentKind kind)
    {
        (kind, var known) = text.Length switch
        {
            4 when text.SequenceEqual("card"u8) => (PaymentKind.Card, true),
            8 when text.SequenceEqual("transfer"u8) => (PaymentKind.Transfer, true),
            11 when text.SequenceEqual("directDebit"u8) => (PaymentKind.DirectDebit, true),
            13 when text.SequenceEqual("standingOrder"u8) => (PaymentKind.StandingOrder, true),
            6 when text.SequenceEqual("salary"u8) => (PaymentKind.Salary, true),
            4 when text.SequenceEqual("cash"u8) => (PaymentKind.Cash, true),
            3 when text.SequenceEqual("fee"u8) => (PaymentKind.Fee, true),
            8 when text.SequenceEqual("interest"u8) => (PaymentKind.Interest, true),
            11 when text.SequenceEqual("loanPayment"u8) => (PaymentKind.LoanPayment, true),
            6 when text.SequenceEqual("refund"u8) => (PaymentKind.Refund, true),
            5 when text.SequenceEqual("other"u8) => (PaymentKind.Other, true),
            _ => default,
        };
        return known;
    }

    public static bool TryReadStatus(ReadOnlySpan<byte> text, out PaymentStatus status)
    {
        (status, var known) = text.Length switch
        {
            6 when text.SequenceEqual("booked"u8) => (PaymentStatus.Booked, true),
            7 when text.SequenceEqual("pending"u8) => (PaymentStatus.Pending, true),
            8 when text.SequenceEqual("declined"u8) => (PaymentStatus.Declined, true),
            8 when text.SequenceEqual("returned"u8) => (PaymentStatus.Returned, true),
            _ => default,
        };
        return known;
    }
}
