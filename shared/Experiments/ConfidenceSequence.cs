namespace ServerlessCLM.Experiments;

/// <summary>A difference of means with an interval, and the p-value of no difference.</summary>
/// <param name="Difference">Treatment less control.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="P">The p-value; of a sequence, valid at whatever time one looks.</param>
public readonly record struct Comparison(double Difference, double Low, double High, double P)
{
    public static readonly Comparison Unknown = new(double.NaN, double.NegativeInfinity, double.PositiveInfinity, 1);
}

/// <summary>
/// The asymptotic confidence sequence for a difference of means: an interval that holds at all times together, so that one may look after every
/// unit and stop when one likes.
/// </summary>
/// <remarks>
/// Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences" (Annals of Statistics
/// 52(6), 2024), theorem 2.2, the normal-mixture boundary of Robbins (1970) and Howard et al. (2021). With n units in both arms,
/// V = s²₁/n₁ + s²₂/n₂ the variance of the difference, and ρ set beforehand:
/// <code>
/// difference ± √( 2V · (nρ² + 1)/(nρ²) · ln( √(nρ² + 1) / α ) )
/// p = √(nρ² + 1) · exp( −z²/2 · nρ²/(nρ² + 1) ),  z² = difference²/V       at most 1
/// ρ² = ( −2 ln α + ln(1 − 2 ln α) ) / m
/// </code>
/// which makes the interval tightest around m units. With V and the prior variance τ² = ρ²nV of the effect this is the mixture sequential
/// probability ratio test. The level is a limit, as that of any z-test: whoever reads it waits for <see cref="LeastUnits"/> and
/// <see cref="LeastEvents"/>.
/// </remarks>
public sealed class ConfidenceSequence
{
    /// <summary>Units an arm has before the interval is read.</summary>
    public const int LeastUnits = 100;

    /// <summary>Units with the event, and without, that both arms together have before a proportion is read.</summary>
    public const int LeastEvents = 40;

    private readonly double _rhoSquared;

    /// <param name="alpha">Chance that the sequence ever leaves out the true difference, 0 to 1.</param>
    /// <param name="tunedFor">Units in both arms around which the interval is to be tightest, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A figure is out of its range.</exception>
    public ConfidenceSequence(double alpha, double tunedFor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(alpha);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(alpha, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(tunedFor, 1);
        Alpha = alpha;
        _rhoSquared = ((-2 * Math.Log(alpha)) + Math.Log(1 - (2 * Math.Log(alpha)))) / tunedFor;
    }

    public double Alpha { get; }

    /// <summary>The interval for the treatment's mean less the control's.</summary>
    public Comparison Compare(in ArmMean control, in ArmMean treatment)
    {
        if (control.Units < 2 || treatment.Units < 2)
            return Comparison.Unknown;

        var variance = (control.Variance / control.Units) + (treatment.Variance / treatment.Units);
        var difference = treatment.Mean - control.Mean;
        if (!(variance > 0))
            return Comparison.Unknown with { Difference = difference };

        var scale = (control.Units + treatment.Units) * _rhoSquared;
        var radius = Math.Sqrt(variance) * Boundary(scale);
        return new Comparison(difference, difference - radius, difference + radius, PValue(difference * difference / variance, scale));
    }

    /// <summary>Half the width of the interval in standard errors of the difference, after so many units.</summary>
    public double Boundary(long units) => Boundary(units * _rhoSquared);

    private double Boundary(double scale) => Math.Sqrt(2 * (scale + 1) / scale * Math.Log(Math.Sqrt(scale + 1) / Alpha));

    /// <param name="squaredZ">Squared difference in standard errors.</param>
    /// <param name="scale">nρ², the prior variance of the effect over the variance of its estimate.</param>
    internal static double PValue(double squaredZ, double scale) =>
        Math.Min(1, Math.Sqrt(scale + 1) * Math.Exp(-squaredZ / 2 * scale / (scale + 1)));
}
