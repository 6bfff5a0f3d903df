using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;

namespace ServerlessCLM.Experiments;

/// <summary>How a group-sequential test spreads its error over the looks.</summary>
public enum Spending
{
    /// <summary>Lan and DeMets' approximation to O'Brien and Fleming: little early, nearly all at the end.</summary>
    ObrienFleming,

    /// <summary>Lan and DeMets' approximation to Pocock: about the same at each look.</summary>
    Pocock,
}

/// <summary>
/// Bounds for a few looks at set times: sharper than a confidence sequence, and valid only for the looks that were planned.
/// </summary>
/// <remarks>
/// Two-sided with α/2 on each side, by the recursion of Armitage, McPherson and Rowe (1969) over the density of the score that has crossed no bound
/// yet (Jennison and Turnbull 2000, chapter 19), with Gauss–Legendre quadrature.
/// </remarks>
public static class GroupSequential
{
    private const int Nodes = 96;

    /// <summary>Beyond this many standard deviations nothing is left to integrate.</summary>
    private const double Reach = 9;

    /// <summary>Bounds on |z|, look by look, that spend the error as a function of the information at each look (Lan and DeMets 1983).</summary>
    /// <param name="information">Share of the planned units at each look, rising, at most 1.</param>
    /// <param name="alpha">Two-sided level.</param>
    /// <param name="spending">How the level is spread.</param>
    /// <exception cref="ArgumentException">The information does not rise within 0 to 1.</exception>
    public static double[] Bounds(ReadOnlySpan<double> information, double alpha, Spending spending)
    {
        var bounds = new double[information.Length];
        var walk = new Walk();
        double before = 0, spent = 0;
        for (var look = 0; look < bounds.Length; look++)
        {
            var share = information[look];
            if (!(share > before && share <= 1))
                throw new ArgumentException($"look {look + 1} has {share} of the information after {before}; it must rise to at most 1", nameof(information));

            var reached = Spent(share, alpha / 2, spending);
            bounds[look] = walk.BoundFor(share, reached - spent);
            walk.Advance(share, bounds[look]);
            (before, spent) = (share, reached);
        }

        return bounds;
    }

    /// <summary>Chance of crossing the upper one of symmetric bounds on |z| at some look, when there is no difference.</summary>
    public static double CrossingProbability(ReadOnlySpan<double> information, ReadOnlySpan<double> bounds)
    {
        var walk = new Walk();
        double crossed = 0;
        for (var look = 0; look < bounds.Length; look++)
        {
            crossed += walk.Above(information[look], bounds[look]);
            walk.Advance(information[look], bounds[look]);
        }

        return crossed;
    }

    /// <summary>One side's error spent by a share of the information.</summary>
    private static double Spent(double share, double alpha, Spending spending) => spending switch
    {
        Spending.ObrienFleming => 2 * Normal.CDF(0, 1, Normal.InvCDF(0, 1, alpha / 2) / Math.Sqrt(share)),
        _ => alpha * Math.Log(1 + ((Math.E - 1) * share)),
    };

    /// <summary>The density of the score of tests that have crossed no bound, as weighted points. It starts at 0 with certainty.</summary>
    private sealed class Walk
    {
        private double[] _at = [0], _weight = [1];
        private double _information;

        /// <summary>Chance of being above a bound on z at the next look.</summary>
        public double Above(double information, double bound)
        {
            var (score, step) = (bound * Math.Sqrt(information), Math.Sqrt(information - _information));
            double chance = 0;
            for (var i = 0; i < _at.Length; i++)
                chance += _weight[i] * Normal.CDF(0, 1, (_at[i] - score) / step);

            return chance;
        }

        public double BoundFor(double information, double chance)
        {
            double low = 0, high = Reach;
            for (var i = 0; i < 60; i++)
            {
                var middle = (low + high) / 2;
                (low, high) = Above(information, middle) > chance ? (middle, high) : (low, middle);
            }

            return (low + high) / 2;
        }

        /// <summary>Goes on with those that stay within the bounds.</summary>
        public void Advance(double information, double bound)
        {
            var edge = Math.Min(bound, Reach) * Math.Sqrt(information);
            var step = Math.Sqrt(information - _information);
            var rule = new GaussLegendreRule(-edge, edge, Nodes);
            var (at, weight) = (new double[Nodes], new double[Nodes]);
            for (var i = 0; i < Nodes; i++)
            {
                at[i] = rule.GetAbscissa(i);
                double density = 0;
                for (var j = 0; j < _at.Length; j++)
                    density += _weight[j] * Normal.PDF(0, step, at[i] - _at[j]);

                weight[i] = rule.GetWeight(i) * density;
            }

            (_at, _weight, _information) = (at, weight, information);
        }
    }
}
