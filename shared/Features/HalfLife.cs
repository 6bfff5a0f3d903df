namespace ServerlessCLM.Features;

/// <summary>
/// Exponential decay by whole days, updated exactly.
/// </summary>
/// <remarks>
/// A decayed sum as of day D is Σ aᵢ·2^(−(D − dᵢ)/h) over payments of amount aᵢ on day dᵢ, with half-life h. It is
/// kept forward (Cormode et al., "Forward decay", ICDE 2009): S = Σ aᵢ·2^((dᵢ − B)/h) with a landmark day B, and
/// read as S·2^((B − D)/h). An update is one addition whatever the order of arrival, so that orders differ by rounding
/// only (below 1e-12). B is the newest day rounded down to a multiple of <see cref="LandmarkStep"/>, which every
/// half-life divides: moving it multiplies by a power of two, without rounding.
/// </remarks>
internal sealed class HalfLife
{
    public const int LandmarkStep = 420;

    public static readonly HalfLife Fortnight = new(14), Month = new(30), TwoMonths = new(60);

    private readonly int _days;
    private readonly double[] _fractions;

    private HalfLife(int days)
    {
        _days = days;
        _fractions = [.. Enumerable.Range(0, days).Select(day => Math.Pow(2, day / (double)days))];
        PerDay = 1 - Math.Pow(2, -1.0 / days);
    }

    /// <summary>What turns a decayed sum into a rate per day: with x every day for ever the sum is x / PerDay.</summary>
    public double PerDay { get; }

    /// <summary>2^(days/h); 0 where that is below the smallest normal number.</summary>
    public double Weight(int days)
    {
        var whole = days / _days;
        var rest = days - whole * _days;
        if (rest < 0)
        {
            whole--;
            rest += _days;
        }

        if (whole > 1023)
            return double.PositiveInfinity;

        return whole < -1022 ? 0 : _fractions[rest] * BitConverter.Int64BitsToDouble((long)(whole + 1023) << 52);
    }

    /// <summary>The rate per day that a decayed sum over <paramref name="seenDays"/> days stands for, corrected for
    /// the days before the first one, which are not known to be empty.</summary>
    public double Rate(double decayed, int seenDays) => decayed * PerDay / (1 - Weight(-seenDays));
}
