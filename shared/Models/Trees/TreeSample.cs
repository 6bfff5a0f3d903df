namespace ServerlessCLM.Models;

/// <summary>The rows and features that one tree is grown on, drawn from the seed and the tree's number.</summary>
internal sealed class TreeSample
{
    private readonly ulong _rowSeed;
    private readonly ulong _threshold;
    private readonly bool _leavesRowsOut;
    private readonly int[][] _places;

    public TreeSample(TreeOptions options, int tree, BinnedRows rows)
    {
        var seed = SplitMix64.Mix(SplitMix64.Mix(options.Seed + SplitMix64.Step) + ((ulong)tree * SplitMix64.Step));
        _rowSeed = SplitMix64.Mix(seed + 1);
        _leavesRowsOut = options.RowSample < 1;
        _threshold = (ulong)(options.RowSample * (1UL << 32));

        var features = Enumerable.Range(0, rows.Features.Length).ToArray();
        var count = Math.Max(1, (int)Math.Round(options.ColumnSample * features.Length));
        for (var i = 0; count < features.Length && i < count; i++)
        {
            var other = i + (int)(((SplitMix64.Mix(seed + 2 + (ulong)i) >> 32) * (ulong)(features.Length - i)) >> 32);
            (features[i], features[other]) = (features[other], features[i]);
        }

        Features = [.. features.Take(count).Order()];
        _places = [.. Enumerable.Range(0, rows.Blocks.Length).Select(block => PlacesIn(rows, block))];
    }

    /// <summary>Places among the binned features, ascending.</summary>
    public int[] Features { get; }

    /// <summary>Places within a block of its sampled features.</summary>
    public ReadOnlySpan<int> PlacesIn(int block) => _places[block];

    /// <summary>Orders the sampled rows before those left out, either in ascending order.</summary>
    /// <returns>How many are sampled.</returns>
    public int Rows(int[] order)
    {
        int count = 0, last = order.Length - 1;
        for (var row = 0; row < order.Length; row++)
        {
            var isSampled = !_leavesRowsOut || (SplitMix64.Mix(_rowSeed + ((ulong)row * SplitMix64.Step)) >> 32) < _threshold ? 1 : 0;
            order[count] = row;
            order[last] = row;
            count += isSampled;
            last -= 1 - isSampled;
        }

        order.AsSpan(count).Reverse();
        return count;
    }

    private int[] PlacesIn(BinnedRows rows, int block) =>
        [.. Features.Where(place => rows.Features[place].Block == block).Select(place => rows.Features[place].Place)];
}
