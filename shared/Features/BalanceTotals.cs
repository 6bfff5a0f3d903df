using System.Runtime.CompilerServices;

namespace ServerlessCLM.Features;

/// <summary>Daily closing balances from a day back, each held until the next one is known. Built from stretches of days
/// that follow upon each other, newest first; a copy is the total of the days so far. Amounts are in ten-thousandths.</summary>
internal struct BalanceTotals(int asOf, long origin)
{
    // Balances are taken from the latest one and days from the newest, so that squares lose nothing.
    private readonly long _origin = origin;
    private double _sum, _squares, _crossed;
    private double _utilisation;

    /// <summary>Days whose closing balance is known.</summary>
    public int Known;

    public int BelowZero;
    public long Lowest = long.MaxValue;

    /// <summary>Days with a credit limit; those of them with more than <see cref="HighUtilisation"/> of it used.</summary>
    public int Limited, High;
    public double LargestUtilisation;

    public const double HighUtilisation = 0.9;

    /// <summary>The day before those added.</summary>
    public readonly int Next => asOf - Known;

    public readonly double Mean => Known == 0 ? double.NaN : (_sum / Known + _origin);

    public readonly double Volatility =>
        Known == 0 ? double.NaN : Math.Sqrt(Math.Max(0, _squares / Known - _sum / Known * (_sum / Known)));

    /// <summary>Least-squares slope of the closing balance over days; the ages of the days are 0 to <see cref="Known"/> − 1.</summary>
    public readonly double Slope
    {
        get
        {
            double days = Known, ages = days * (days - 1) / 2, squaredAges = ages * (2 * days - 1) / 3;
            var spread = days * squaredAges - ages * ages;
            return Known < 2 ? double.NaN : (ages * _sum - days * _crossed) / spread;
        }
    }

    public readonly double MeanUtilisation => Limited == 0 ? double.NaN : _utilisation / Limited;

    /// <summary>Share of the limit that is used; 0 in credit, above 1 over the limit.</summary>
    public static double Utilisation(long balance, long limit) => balance >= 0 ? 0 : -(double)balance / limit;

    /// <summary>Adds the days back to <paramref name="from"/>, as far as they are not added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddTo(int from, long closing, long lowest, long limit)
    {
        int nearest = Known, farthest = asOf - from;
        var days = farthest - nearest + 1;
        if (days <= 0)
            return;

        double balance = closing - _origin, over = balance * days;
        Known = farthest + 1;
        _sum += over;
        _squares += balance * over;
        _crossed += over * (nearest + farthest) / 2;
        BelowZero += closing < 0 ? days : 0;
        Lowest = Math.Min(Lowest, lowest);
        if (limit > 0)
            AddUtilisation(days, closing, lowest, limit);
    }

    private void AddUtilisation(int days, long closing, long lowest, long limit)
    {
        var used = Utilisation(closing, limit);
        Limited += days;
        _utilisation += used * days;
        High += used > HighUtilisation ? days : 0;
        LargestUtilisation = Math.Max(LargestUtilisation, Utilisation(lowest, limit));
    }
}
