using System.Runtime.CompilerServices;

namespace ServerlessCLM.Simulation;

/// <summary>What a stream of draws is for; each purpose has its own stream, so that changing one disturbs no other.</summary>
internal enum DrawPurpose : byte { Person, Start, Life, Obligations, Spending, Trip, Card, Workout, Offer, Fraud, Presentment }

/// <summary>
/// A stream of random numbers addressed by (seed, customer, purpose, period): SplitMix64 (Steele, Lea and Flood, 2014) from a
/// state mixed out of the address.
/// </summary>
/// <remarks>
/// Only integer arithmetic and IEEE 754's exactly rounded operations (+ − × ÷ and rounding) are used, no function of a maths
/// library, so that every machine draws the same numbers to the last bit.
/// </remarks>
internal struct Draws(ulong seed, int customer, DrawPurpose purpose, int period = 0)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>Standard deviation of the sum of four uniform numbers is 1/√3; this makes it 1.</summary>
    private const double SquareRootOfThree = 1.7320508075688772;

    /// <summary>1/13! down to 1/0!.</summary>
    private static readonly double[] taylor =
    [
        1 / 6227020800.0, 1 / 479001600.0, 1 / 39916800.0, 1 / 3628800.0, 1 / 362880.0, 1 / 40320.0, 1 / 5040.0, 1 / 720.0, 1 / 120.0,
        1 / 24.0, 1 / 6.0, 0.5, 1, 1,
    ];

    private ulong _state = Mix(Mix(Mix(seed + Golden) + (uint)customer) + ((ulong)purpose << 32) + (uint)period);

    public ulong Next() => Mix(_state += Golden);

    /// <summary>0 ≤ u &lt; 1.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Between(double low, double high) => low + ((high - low) * Uniform());

    /// <summary>Both ends included.</summary>
    public int Between(int low, int high) => low + (int)(((Next() >> 32) * (ulong)(high - low + 1)) >> 32);

    public bool Chance(double probability) => Uniform() < probability;

    /// <summary>Nearly normal, mean 0, deviation 1: four uniform numbers added (Irwin–Hall), hence never beyond ±3.47.</summary>
    public double Normal()
    {
        var word = Next();
        var sum = (word & 0xFFFF) + ((word >> 16) & 0xFFFF) + ((word >> 32) & 0xFFFF) + (word >> 48);
        return ((sum / 65536.0) - 1.99996948242) * SquareRootOfThree;
    }

    public double LogNormal(double median, double sigma) => median * Exp(sigma * Normal());

    /// <summary>Poisson by Knuth's product of uniform numbers; fit for means below about 20.</summary>
    /// <param name="expOfMinusMean">e to the power of minus the mean.</param>
    public int Poisson(double expOfMinusMean)
    {
        var count = 0;
        for (var product = Uniform(); product > expOfMinusMean; product *= Uniform())
            count++;
        return count;
    }

    public T Pick<T>(ReadOnlySpan<T> from) => from[Between(0, from.Length - 1)];

    /// <summary>Place in ascending cumulative weights, in proportion to the weights.</summary>
    public int Pick(ReadOnlySpan<double> cumulative)
    {
        var at = Uniform() * cumulative[^1];
        var index = 0;
        while (index < cumulative.Length - 1 && cumulative[index] <= at)
            index++;
        return index;
    }

    /// <summary>e^x for |x| ≤ 700, within a few units in the last place: reduced to |r| ≤ ln 2 / 2, then Taylor's series.</summary>
    public static double Exp(double x)
    {
        const double log2E = 1.4426950408889634, ln2High = 0.693147180369123816490, ln2Low = 1.90821492927058770002e-10;
        var power = Math.Round(x * log2E);
        var r = x - (power * ln2High) - (power * ln2Low);
        var sum = 0.0;
        foreach (var coefficient in taylor)
            sum = (sum * r) + coefficient;
        return sum * BitConverter.Int64BitsToDouble((1023 + (long)power) << 52);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
