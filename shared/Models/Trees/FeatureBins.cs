namespace ServerlessCLM.Models;

/// <summary>How the values of one feature fall into bins of about equally many rows.</summary>
internal sealed class FeatureBins
{
    /// <summary>Ascending: bin b holds what is below <c>Cuts[b]</c> and not below the cut before it. The last cut is beyond every value.</summary>
    public float[] Cuts { get; }

    /// <summary>Missing values, where there are any, have the bin after the last.</summary>
    public bool HasMissing { get; }

    public int ValueBins => Cuts.Length;

    public int Bins => Cuts.Length + (HasMissing ? 1 : 0);

    private FeatureBins(float[] cuts, bool hasMissing) => (Cuts, HasMissing) = (cuts, hasMissing);

    /// <summary>Bins of a column; null where no split could tell its rows apart.</summary>
    public static FeatureBins? Of(ReadOnlySpan<float> column, int bins)
    {
        var values = new float[column.Length];
        var count = 0;
        foreach (var value in column)
        {
            if (float.IsFinite(value))
                values[count++] = value;
        }

        var present = values.AsSpan(0, count);
        RadixSort.Sort(present);
        var cuts = CutsOf(present, bins);
        var hasMissing = count < column.Length;
        return count == 0 || (cuts.Count == 1 && !hasMissing) ? null : new FeatureBins([.. cuts], hasMissing);
    }

    public int BinOf(float value)
    {
        if (!float.IsFinite(value))
            return Cuts.Length;

        // The first cut above the value, by halving without a branch to mispredict.
        var at = 0;
        for (var length = Cuts.Length - 1; length > 0;)
        {
            var half = (length + 1) >> 1;
            at += value >= Cuts[at + half - 1] ? half : 0;
            length -= half;
        }

        return at;
    }

    /// <summary>A run of equal values is never divided; one that fills a bin alone leaves the rows after it to the bins that remain.</summary>
    private static List<float> CutsOf(ReadOnlySpan<float> sorted, int bins)
    {
        var distinct = 0;
        for (var i = 0; i < sorted.Length; i++)
            distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;

        var cuts = new List<float>(Math.Min(bins, distinct + 1));
        var taken = 0;
        for (var i = 1; i < sorted.Length && cuts.Count < bins - 1; i++)
        {
            if (sorted[i] == sorted[i - 1])
                continue;
            if (distinct > bins && (long)(i - taken) * (bins - cuts.Count) < sorted.Length - taken)
                continue;

            cuts.Add(Between(sorted[i - 1], sorted[i]));
            taken = i;
        }

        cuts.Add(float.MaxValue);
        return cuts;
    }

    /// <summary>A threshold with <paramref name="low"/> on its left and <paramref name="high"/> on its right.</summary>
    private static float Between(float low, float high)
    {
        var middle = (low / 2) + (high / 2);
        return middle > low && middle <= high ? middle : high;
    }
}
