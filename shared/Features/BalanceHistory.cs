using System.Numerics;
using System.Runtime.CompilerServices;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Features;

/// <summary>The lowest balance after a payment in each of eight calendar months: the latest with a balance and the seven before
/// it. Minima, so that the order of arrival leaves no trace; what comes for an earlier month is too late.</summary>
internal struct MonthlyLows
{
    /// <summary>Newest month with a balance, since January 1970; 0 for none.</summary>
    public ushort NewestMonth;

    /// <summary>Which entries there are: bit by month modulo eight.</summary>
    public byte Used;

    /// <summary>By month modulo eight.</summary>
    public PerMonth<long> Lowest;

    public void Add(int day, long balance)
    {
        var month = Days.Civil(day).Month;
        if (month <= NewestMonth - 8)
            return;

        if (month > NewestMonth)
        {
            for (var passed = Math.Max(NewestMonth + 1, month - 7); passed <= month; passed++)
                Used &= (byte)~(1 << (passed & 7));

            NewestMonth = (ushort)month;
        }

        var slot = month & 7;
        ref var lowest = ref Lowest[slot];
        lowest = (Used >> slot & 1) != 0 ? Math.Min(lowest, balance) : balance;
        Used |= (byte)(1 << slot);
    }

    /// <summary>Mean of the entries in ten-thousandths; NaN without one.</summary>
    public readonly double Mean()
    {
        double sum = 0;
        for (uint rest = Used; rest != 0; rest &= rest - 1)
            sum += Lowest[BitOperations.TrailingZeroCount(rest)];

        return Used == 0 ? double.NaN : sum / BitOperations.PopCount(Used);
    }
}

/// <summary>How many balances after payments lay in each band, ever. Band 0 is below one unit of currency, band k from
/// 2^(k − 1) units to below 2^k. Counts, so that the order of arrival leaves no trace.</summary>
[InlineArray(Bands)]
internal struct BalanceBands
{
    public const int Bands = 32;

    private uint _first;

    /// <param name="amount">In ten-thousandths.</param>
    public static int BandOf(long amount) =>
        amount < Payment.MoneyScale ? 0 : Math.Min(BitOperations.Log2((ulong)amount / (ulong)Payment.MoneyScale) + 1, Bands - 1);

    /// <summary>Share of the balances in bands below that of an amount; NaN without a balance.</summary>
    public static double ShareBelow(ReadOnlySpan<uint> bands, long amount)
    {
        ulong below = 0, all = 0;
        var band = BandOf(amount);
        for (var i = 0; i < bands.Length; i++)
        {
            all += bands[i];
            below += i < band ? bands[i] : 0;
        }

        return all == 0 ? double.NaN : below / (double)all;
    }
}
