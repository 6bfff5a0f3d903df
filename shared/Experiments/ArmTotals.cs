using System.Numerics;

namespace ServerlessCLM.Experiments;

/// <summary>
/// What is known of an arm for one metric: sums over units, which add up whatever the order, and say all that means, variances and the
/// regression on a covariate need.
/// </summary>
/// <param name="Units">Number of units.</param>
/// <param name="Sum">Σ y of the metric.</param>
/// <param name="Squares">Σ y².</param>
/// <param name="Covariate">Σ x of the covariate, known before exposure.</param>
/// <param name="CovariateSquares">Σ x².</param>
/// <param name="Products">Σ xy.</param>
public readonly record struct ArmTotals(
    long Units, double Sum, double Squares, double Covariate = 0, double CovariateSquares = 0, double Products = 0)
    : IAdditionOperators<ArmTotals, ArmTotals, ArmTotals>
{
    public double Mean => Units == 0 ? double.NaN : Sum / Units;

    /// <summary>Sample variance of the metric, of n − 1 degrees of freedom.</summary>
    public double Variance => Units < 2 ? double.NaN : Math.Max(0, (Squares - (Sum * Sum / Units)) / (Units - 1));

    public static ArmTotals operator +(ArmTotals a, ArmTotals b) => new(
        a.Units + b.Units, a.Sum + b.Sum, a.Squares + b.Squares, a.Covariate + b.Covariate, a.CovariateSquares + b.CovariateSquares, a.Products + b.Products);

    /// <summary>One unit's part.</summary>
    public static ArmTotals Of(double y, double x = 0) => new(1, y, y * y, x, x * x, x * y);

    /// <summary>What changes when a unit that is counted has another value of the metric now.</summary>
    public static ArmTotals Change(double before, double after, double x = 0) =>
        new(0, after - before, (after * after) - (before * before), 0, 0, x * (after - before));

    /// <summary>So many units of which so many had the event.</summary>
    public static ArmTotals OfProportion(long events, long units) => new(units, events, events);
}

/// <summary>A mean per arm with its variance per unit, the covariate taken out where there is one.</summary>
/// <param name="Units">Number of units.</param>
/// <param name="Mean">Mean.</param>
/// <param name="Variance">Variance of one unit.</param>
public readonly record struct ArmMean(long Units, double Mean, double Variance)
{
    public static ArmMean Of(in ArmTotals totals) => new(totals.Units, totals.Mean, totals.Variance);

    /// <summary>
    /// CUPED (Deng, Xu, Kohavi and Walker 2013): y − θ(x − x̄) with θ = cov(x, y) / var(x) over all arms together and x̄ the mean over all, which
    /// leaves the expected difference as it is and takes out the variance that x explains.
    /// </summary>
    /// <returns>Means by arm, in the order given; θ is 0 where the covariate does not vary.</returns>
    public static (ArmMean[] Means, double Theta) Adjusted(ReadOnlySpan<ArmTotals> arms)
    {
        var all = default(ArmTotals);
        foreach (ref readonly var arm in arms)
            all += arm;

        var means = new ArmMean[arms.Length];
        var spread = all.Units < 2 ? 0 : all.CovariateSquares - (all.Covariate * all.Covariate / all.Units);
        var theta = spread <= 0 ? 0 : (all.Products - (all.Covariate * all.Sum / all.Units)) / spread;
        var centre = all.Units == 0 ? 0 : all.Covariate / all.Units;
        for (var i = 0; i < arms.Length; i++)
        {
            ref readonly var arm = ref arms[i];
            if (theta == 0 || arm.Units < 2)
            {
                means[i] = Of(arm);
                continue;
            }

            double n = arm.Units;
            var varianceOfX = (arm.CovariateSquares - (arm.Covariate * arm.Covariate / n)) / (n - 1);
            var covariance = (arm.Products - (arm.Covariate * arm.Sum / n)) / (n - 1);
            means[i] = new ArmMean(arm.Units, arm.Mean - (theta * ((arm.Covariate / n) - centre)),
                Math.Max(0, arm.Variance - (2 * theta * covariance) + (theta * theta * varianceOfX)));
        }

        return (means, theta);
    }
}
