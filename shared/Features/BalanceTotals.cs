using System.Runtime.CompilerServices;

namespace ServerlessCLM.Features;

/// <summary>Daily closing balances of a window, each held until the next one is known. Built from stretches of days,
/// newest first. Amounts are in ten-thousandths.</summary>
internal struct BalanceTotals
{
    private readonly int _asOf;
    private readonly int _start;

    // Balances are taken from the latest one and days from the newest, so that squares lose nothing.
    private readonly long _origin;
    private double _sum, _squares, _crossed;
    private long _ages, _squaredAges;
    private double _utilisation;

    /// <summary>Days whose closing balance is known.</summary>
    public int Known;

    public int BelowZero;
    public long Lowest = long.MaxValue;

    /// <summary>Days with a credit limit; those of them with more than <see cref="HighUtilisation"/> of it used.</summary>
    public int Limited, High;
    public double LargestUtilisation;

    public const double HighUtilisation = 0.9;

    public BalanceTotals(int asOf, int days, long origin)
    {
        _asOf = asOf;
        _start = asOf - days + 1;
        _origin = origin;
    }

    public readonly double Mean => Known == 0 ? double.NaN : (_sum / Known + _origin);

    public readonly double Volatility =>
        Known == 0 ? double.NaN : Math.Sqrt(Math.Max(0, _squares / Known - _sum / Known * (_sum / Known)));

    /// <summary>Least-squares slope of the closing balance over days.</summary>
    public readonly double Slope
    {
        get
        {
            var spread = (double)(Known * _squaredAges - _ages * _ages);
            return spread == 0 ? double.NaN : (_ages * _sum - Known * _crossed) / spread;
        }
    }

    public readonly double MeanUtilisation => Limited == 0 ? double.NaN : _utilisation / Limited;

    /// <summary>Share of the limit that is used; 0 in credit, above 1 over the limit.</summary>
    public static double Utilisation(long balance, long limit) => balance >= 0 ? 0 : -(double)balance / limit;

    /// <summary>Adds the days from <paramref name="day"/> to <paramref name="until"/> as far as they are in the window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int day, int until, long closing, long lowest, long limit)
    {
        if (until < _start)
            return;

        var from = Math.Max(day, _start);
        var low = day >= _start ? lowest : closing;
        long days = until - from + 1, nearest = _asOf - until, farthest = _asOf - from;
        var ages = (nearest + farthest) * days / 2;
        double balance = closing - _origin;
        Known += (int)days;
        _sum += balance * days;
        _squares += balance * balance * days;
        _crossed += balance * ages;
        _ages += ages;
        _squaredAges += SquaresTo(farthest) - SquaresTo(nearest - 1);
        BelowZero += closing < 0 ? (int)days : 0;
        Lowest = Math.Min(Lowest, low);
        if (limit > 0)
            AddUtilisation(days, closing, low, limit);
    }

    private void AddUtilisation(long days, long closing, long lowest, long limit)
    {
        var used = Utilisation(closing, limit);
        Limited += (int)days;
        _utilisation += used * days;
        High += used > HighUtilisation ? (int)days : 0;
        LargestUtilisation = Math.Max(LargestUtilisation, Utilisation(lowest, limit));
    }

    private static long SquaresTo(long n) => n * (n + 1) * (2 * n + 1) / 6;
}
