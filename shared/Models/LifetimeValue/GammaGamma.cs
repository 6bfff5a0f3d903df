using System.Text.Json.Serialization;
using MathNet.Numerics;

namespace ServerlessCLM.Models;

/// <summary>What a customer spends a purchase.</summary>
/// <param name="Purchases">Repeat purchases that the mean is of.</param>
/// <param name="Mean">Mean amount of a purchase, above 0.</param>
public readonly record struct Spending(int Purchases, double Mean);

/// <summary>
/// Amounts of purchases vary around a customer's mean by a gamma distribution of shape P, whose rate varies between customers by a gamma
/// distribution (Q, V): Fader and Hardie, "The gamma-gamma model of monetary value" (2013). It supposes that how much and how often are unrelated.
/// </summary>
public sealed record GammaGamma
{
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not above 0.</exception>
    public GammaGamma(double p, double q, double v)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(p, 0);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(q, 0);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(v, 0);
        P = p;
        Q = q;
        V = v;
    }

    public double P { get; }

    public double Q { get; }

    public double V { get; }

    /// <summary>Mean amount over all customers; infinite where Q is at most 1.</summary>
    [JsonIgnore]
    public double PopulationMean => Q > 1 ? P * V / (Q - 1) : double.PositiveInfinity;

    /// <summary>Fits by maximum likelihood.</summary>
    /// <param name="spendings">Of customers with at least one repeat purchase.</param>
    /// <exception cref="ArgumentException">Fewer than two customers, or one without purchases or amount.</exception>
    public static GammaGamma Fit(IReadOnlyCollection<Spending> spendings)
    {
        if (spendings.Count < 2)
            throw new ArgumentException($"must be at least two, there are {spendings.Count}", nameof(spendings));

        foreach (var spending in spendings)
            Check(spending);

        // Amounts in units of their mean keep the search well scaled.
        var unit = spendings.Average(spending => spending.Mean);
        Spending[] scaled = [.. spendings.Select(spending => spending with { Mean = spending.Mean / unit })];
        var found = MaximumLikelihood.Find(parameters =>
        {
            var model = new GammaGamma(parameters[0], parameters[1], parameters[2]);
            return scaled.Sum(model.LogLikelihood);
        }, 3);
        return new GammaGamma(found[0], found[1], found[2] * unit);
    }

    /// <summary>Log-likelihood of a customer's mean (equation 1a).</summary>
    public double LogLikelihood(Spending spending)
    {
        var px = P * spending.Purchases;
        var sum = spending.Purchases * spending.Mean;
        return SpecialFunctions.GammaLn(px + Q) - SpecialFunctions.GammaLn(px) - SpecialFunctions.GammaLn(Q)
            + (Q * Math.Log(V)) + ((px - 1) * Math.Log(spending.Mean)) + (px * Math.Log(spending.Purchases)) - ((px + Q) * Math.Log(V + sum));
    }

    /// <summary>Mean amount expected of a customer's later purchases: between the customer's own mean and everybody's (equation 5).</summary>
    /// <param name="spending">Of 0 purchases for a customer of whom nothing is known.</param>
    public double ExpectedMean(Spending spending)
    {
        if (spending.Purchases == 0)
            return PopulationMean;

        Check(spending);
        return P * (V + (spending.Purchases * spending.Mean)) / ((P * spending.Purchases) + Q - 1);
    }

    private static void Check(Spending spending)
    {
        if (spending.Purchases < 1 || !(spending.Mean > 0) || !double.IsFinite(spending.Mean))
            throw new ArgumentException($"must have purchases and a mean above 0, it is {spending}", nameof(spending));
    }
}
