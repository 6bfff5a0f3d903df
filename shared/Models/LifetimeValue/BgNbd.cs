using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace ServerlessCLM.Models;

/// <summary>What BG/NBD needs to know of a customer. All times in the same unit, for example weeks.</summary>
/// <param name="Frequency">Repeat purchases: purchases after the first, at most one a day.</param>
/// <param name="Recency">Time from the first to the last purchase; 0 without a repeat.</param>
/// <param name="Age">Time from the first purchase to now.</param>
public readonly record struct PurchaseHistory(int Frequency, double Recency, double Age);

/// <summary>
/// Buying till dropping out unseen: a customer buys at a rate drawn from a gamma distribution (R, Alpha) and drops out after each
/// purchase with a chance drawn from a beta distribution (A, B). Fader, Hardie and Lee, "Counting your customers the easy way",
/// Marketing Science 24 (2005); the equations' numbers are theirs.
/// </summary>
public sealed record BgNbd
{
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not above 0.</exception>
    public BgNbd(double r, double alpha, double a, double b)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(r, 0);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(alpha, 0);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(a, 0);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(b, 0);
        R = r;
        Alpha = alpha;
        A = a;
        B = b;
    }

    public double R { get; }

    public double Alpha { get; }

    public double A { get; }

    public double B { get; }

    /// <summary>Fits by maximum likelihood.</summary>
    /// <param name="histories">At least one with a repeat purchase.</param>
    /// <exception cref="ArgumentException">A history that cannot be, or none with a repeat.</exception>
    public static BgNbd Fit(IReadOnlyCollection<PurchaseHistory> histories)
    {
        foreach (var history in histories)
            Check(history);

        if (histories.All(history => history.Frequency == 0))
            throw new ArgumentException("must hold at least one customer with a repeat purchase", nameof(histories));

        // Customers of the same history count together; times in units of the longest age keep the search well scaled.
        var unit = histories.Max(history => history.Age);
        var counted = histories.GroupBy(history => history)
            .Select(group => (History: new PurchaseHistory(group.Key.Frequency, group.Key.Recency / unit, group.Key.Age / unit), Count: group.Count()))
            .ToArray();
        var found = MaximumLikelihood.Find(logs => counted.Sum(each => each.Count * new BgNbd(logs[0], logs[1], logs[2], logs[3]).LogLikelihood(each.History)), 4);
        return new BgNbd(found[0], found[1] * unit, found[2], found[3]);
    }

    /// <summary>Log-likelihood of a history (equation 6).</summary>
    public double LogLikelihood(PurchaseHistory history)
    {
        var (x, recency, age) = (history.Frequency, history.Recency, history.Age);
        var common = SpecialFunctions.GammaLn(R + x) - SpecialFunctions.GammaLn(R) + (R * Math.Log(Alpha));
        var alive = SpecialFunctions.BetaLn(A, B + x) - SpecialFunctions.BetaLn(A, B) - ((R + x) * Math.Log(Alpha + age));
        if (x == 0)
            return common + alive;

        var dropped = SpecialFunctions.BetaLn(A + 1, B + x - 1) - SpecialFunctions.BetaLn(A, B) - ((R + x) * Math.Log(Alpha + recency));
        var larger = Math.Max(alive, dropped);
        return common + larger + Math.Log(Math.Exp(alive - larger) + Math.Exp(dropped - larger));
    }

    /// <summary>Probability that the customer has not dropped out. A customer without a repeat never could.</summary>
    public double ProbabilityAlive(PurchaseHistory history)
    {
        Check(history);
        var x = history.Frequency;
        if (x == 0)
            return 1;

        var ratio = A / (B + x - 1) * Math.Pow((Alpha + history.Age) / (Alpha + history.Recency), R + x);
        return 1 / (1 + ratio);
    }

    /// <summary>Purchases expected in a time from now (equation 10).</summary>
    /// <param name="history">The customer's.</param>
    /// <param name="time">From now, in the unit of the history.</param>
    public double ExpectedPurchases(PurchaseHistory history, double time)
    {
        Check(history);
        ArgumentOutOfRangeException.ThrowIfNegative(time);
        if (time == 0)
            return 0;

        var x = history.Frequency;
        if (Math.Abs(A - 1) < 1e-6)
        {
            // The equation has a removable gap at A = 1.
            return (new BgNbd(R, Alpha, 1 - 1e-5, B).ExpectedPurchases(history, time) + new BgNbd(R, Alpha, 1 + 1e-5, B).ExpectedPurchases(history, time)) / 2;
        }

        // (1 − z)^(R + x)·₂F₁(R + x, B + x; A + B + x − 1; z) after Euler's transformation, where the powers of busy customers cancel
        // instead of running over.
        var z = time / (Alpha + history.Age + time);
        var stay = Math.Pow(1 - z, A - 1) * Hypergeometric(A + B - R - 1, A - 1, A + B + x - 1, z);
        return (A + B + x - 1) / (A - 1) * (1 - stay) * ProbabilityAlive(history);
    }

    /// <summary>₂F₁(a, b; c; z) for 0 ≤ z &lt; 1 by its series, after Euler's transformation where that converges faster.</summary>
    internal static double Hypergeometric(double a, double b, double c, double z)
    {
        if (c > 0 && c - a - b < 0)
            return Math.Pow(1 - z, c - a - b) * Series(c - a, c - b, c, z);

        return Series(a, b, c, z);
    }

    private static double Series(double a, double b, double c, double z)
    {
        double term = 1, sum = 1;
        for (var n = 0; n < 1_000_000; n++)
        {
            term *= (a + n) * (b + n) / (c + n) * z / (n + 1);
            sum += term;
            if (Math.Abs(term) <= 1e-16 * Math.Abs(sum))
                return sum;
        }

        throw new ArgumentException($"₂F₁({a}, {b}; {c}; {z}) does not converge", nameof(z));
    }

    private static void Check(PurchaseHistory history)
    {
        var (x, recency, age) = (history.Frequency, history.Recency, history.Age);
        if (x < 0 || !double.IsFinite(age) || age <= 0 || !(recency >= 0 && recency <= age) || (x == 0) != (recency == 0))
            throw new ArgumentException($"must have a recency from 0 to the age, and 0 just without a repeat; it is {history}", nameof(history));
    }
}

/// <summary>The maximum of a likelihood over positive parameters.</summary>
internal static class MaximumLikelihood
{
    /// <summary>Nelder and Mead's simplex over the logarithms, from 1 for all, begun anew from what it found until that stays.</summary>
    public static double[] Find(Func<double[], double> logLikelihood, int parameters)
    {
        var objective = ObjectiveFunction.Value(point =>
        {
            var value = -logLikelihood([.. point.Select(log => Math.Exp(Math.Clamp(log, -30, 30)))]);
            return double.IsFinite(value) ? value : double.MaxValue;
        });
        var best = Vector<double>.Build.Dense(parameters);
        var reached = double.PositiveInfinity;
        for (var start = 0; start < 50; start++)
        {
            var found = new NelderMeadSimplex(1e-10, 10_000).FindMinimum(objective, best, Vector<double>.Build.Dense(parameters, 0.3));
            best = found.MinimizingPoint;
            var value = found.FunctionInfoAtMinimum.Value;
            if (reached - value <= 1e-13 * Math.Abs(value))
                break;

            reached = value;
        }

        return [.. best.Select(Math.Exp)];
    }
}
