namespace ServerlessCLM.Models;

/// <summary>Sums of packed gradients per bin. Integers: exact in any order, so a child's histogram is its parent's less its sibling's.</summary>
internal static class Histograms
{
    /// <summary>Adds rows to the part of a histogram that belongs to a block.</summary>
    /// <param name="places">Places in the block of the features that are needed.</param>
    public static unsafe void Add(FeatureBlock block, ReadOnlySpan<int> rows, long[] packed, ReadOnlySpan<int> places, Span<long> histogram)
    {
        fixed (ushort* codes = block.Codes)
        fixed (long* gradients = packed)
        fixed (long* bins = histogram)
        fixed (int* wanted = places)
        {
            if (places.Length < block.Width)
                AddSome(codes, block.Width, rows, gradients, wanted, places.Length, bins);
            else
                AddAll(codes, block.Width, rows, gradients, bins);
        }
    }

    private static unsafe void AddAll(ushort* codes, int width, ReadOnlySpan<int> rows, long* gradients, long* bins)
    {
        foreach (var row in rows)
        {
            var gradient = gradients[row];
            var code = codes + ((long)row * width);
            var place = 0;
            for (; place + 4 <= width; place += 4)
            {
                var four = *(ulong*)(code + place);
                bins[(ushort)four] += gradient;
                bins[(ushort)(four >> 16)] += gradient;
                bins[(ushort)(four >> 32)] += gradient;
                bins[four >> 48] += gradient;
            }

            for (; place < width; place++)
                bins[code[place]] += gradient;
        }
    }

    private static unsafe void AddSome(ushort* codes, int width, ReadOnlySpan<int> rows, long* gradients, int* places, int count, long* bins)
    {
        foreach (var row in rows)
        {
            var gradient = gradients[row];
            var code = codes + ((long)row * width);
            for (var i = 0; i < count; i++)
                bins[code[places[i]]] += gradient;
        }
    }

    public static void Subtract(Span<long> parent, ReadOnlySpan<long> child)
    {
        for (var bin = 0; bin < parent.Length; bin++)
            parent[bin] -= child[bin];
    }
}
