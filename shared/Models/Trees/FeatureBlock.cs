using System.Runtime.Intrinsics.X86;

namespace ServerlessCLM.Models;

/// <summary>
/// Some features of all rows, as codes: places in the block's part of a histogram. A histogram holds sums of packed gradients,
/// integers, which are exact in any order; so a child's histogram is its parent's less its sibling's.
/// </summary>
internal abstract class FeatureBlock(int firstBin, int bins)
{
    /// <summary>A node's rows lie scattered: those so many places ahead are fetched into the cache meanwhile.</summary>
    protected const int Ahead = 12;

    /// <summary>Where its part of a histogram begins.</summary>
    public int FirstBin { get; } = firstBin;

    public int Bins { get; } = bins;

    /// <summary>Fills the block's part of a node's histogram.</summary>
    /// <param name="rows">Rows of the node.</param>
    /// <param name="sum">Packed sum of these rows.</param>
    /// <param name="places">Places in the block of the features that are wanted; others may be left 0.</param>
    public abstract void Fill(Span<long> histogram, ReadOnlySpan<int> rows, long sum, long[] packed, ReadOnlySpan<int> places);

    protected static unsafe void Fetch(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }
}

/// <param name="codes">Row after row, a code for each feature.</param>
internal sealed class DenseBlock(int firstBin, int bins, int width, ushort[] codes) : FeatureBlock(firstBin, bins)
{
    public override unsafe void Fill(Span<long> histogram, ReadOnlySpan<int> rows, long sum, long[] packed, ReadOnlySpan<int> places)
    {
        histogram.Clear();
        fixed (ushort* first = codes)
        fixed (long* gradients = packed, sums = histogram)
        fixed (int* wanted = places)
        {
            if (places.Length < width)
                AddSome(first, rows, gradients, wanted, places.Length, sums);
            else
                AddAll(first, rows, gradients, sums);
        }
    }

    private unsafe void Fetch(ushort* first, long* gradients, int row)
    {
        Fetch(first + ((long)row * width));
        Fetch(gradients + row);
    }

    private unsafe void AddAll(ushort* first, ReadOnlySpan<int> rows, long* gradients, long* sums)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            Fetch(first, gradients, rows[Math.Min(i + Ahead, rows.Length - 1)]);
            var gradient = gradients[rows[i]];
            var code = first + ((long)rows[i] * width);
            var place = 0;
            for (; place + 4 <= width; place += 4)
            {
                var four = *(ulong*)(code + place);
                sums[(ushort)four] += gradient;
                sums[(ushort)(four >> 16)] += gradient;
                sums[(ushort)(four >> 32)] += gradient;
                sums[four >> 48] += gradient;
            }

            for (; place < width; place++)
                sums[code[place]] += gradient;
        }
    }

    private unsafe void AddSome(ushort* first, ReadOnlySpan<int> rows, long* gradients, int* places, int count, long* sums)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            Fetch(first, gradients, rows[Math.Min(i + Ahead, rows.Length - 1)]);
            var gradient = gradients[rows[i]];
            var code = first + ((long)rows[i] * width);
            for (var place = 0; place < count; place++)
                sums[code[places[place]]] += gradient;
        }
    }
}

/// <summary>Features most of whose rows share one bin, such as one category of many: that bin is the rest of the node's sum.</summary>
/// <param name="starts">Where the codes of a row begin.</param>
/// <param name="codes">Row after row, the codes that are not the frequent ones.</param>
/// <param name="features">First code, bins and code of the frequent bin of each feature.</param>
internal sealed class SparseBlock(int firstBin, int bins, int[] starts, ushort[] codes, (int First, int Bins, int Frequent)[] features)
    : FeatureBlock(firstBin, bins)
{
    public override unsafe void Fill(Span<long> histogram, ReadOnlySpan<int> rows, long sum, long[] packed, ReadOnlySpan<int> places)
    {
        histogram.Clear();
        fixed (ushort* first = codes)
        fixed (int* start = starts)
        fixed (long* gradients = packed, sums = histogram)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                var row = rows[i];
                var ahead = rows[Math.Min(i + Ahead, rows.Length - 1)];
                Fetch(first + start[ahead]);
                Fetch(gradients + ahead);
                var gradient = gradients[row];
                for (var code = first + start[row]; code < first + start[row + 1]; code++)
                    sums[*code] += gradient;
            }
        }

        foreach (var place in places)
        {
            var rest = sum;
            foreach (var other in histogram.Slice(features[place].First, features[place].Bins))
                rest -= other;
            histogram[features[place].Frequent] = rest;
        }
    }
}
