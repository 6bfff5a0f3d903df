namespace ServerlessCLM.Models;

/// <summary>The rows and features that one tree is grown on, drawn from the seed and the tree's number (SplitMix64; Steele, Lea and Flood, 2014).</summary>
internal sealed class TreeSample
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private readonly ulong _rowSeed;
    private readonly ulong _threshold;
    private readonly int[][] _places;

    public TreeSample(TreeOptions options, int tree, BinnedRows rows)
    {
        var seed = Mix(Mix(options.Seed + Golden) + ((ulong)tree * Golden));
        _rowSeed = Mix(seed + 1);
        LeavesRowsOut = options.RowSample < 1;
        _threshold = (ulong)(options.RowSample * (1UL << 32));

        var features = Enumerable.Range(0, rows.Features.Length).ToArray();
        var count = Math.Max(1, (int)Math.Round(options.ColumnSample * features.Length));
        for (var i = 0; count < features.Length && i < count; i++)
        {
            var other = i + (int)(((Mix(seed + 2 + (ulong)i) >> 32) * (ulong)(features.Length - i)) >> 32);
            (features[i], features[other]) = (features[other], features[i]);
        }

        Features = [.. features.Take(count).Order()];
        _places = [.. Enumerable.Range(0, rows.Blocks.Length).Select(block => PlacesIn(rows, block))];
    }

    /// <summary>Places among the binned features, ascending.</summary>
    public int[] Features { get; }

    public bool LeavesRowsOut { get; }

    public bool Has(int row) => (Mix(_rowSeed + ((ulong)row * Golden)) >> 32) < _threshold;

    /// <summary>Places within a block of its sampled features.</summary>
    public ReadOnlySpan<int> PlacesIn(int block) => _places[block];

    /// <summary>Writes the sampled rows in ascending order and tells how many they are.</summary>
    public int Rows(int[] order)
    {
        var count = 0;
        for (var row = 0; row < order.Length; row++)
        {
            order[count] = row;
            count += !LeavesRowsOut || Has(row) ? 1 : 0;
        }

        return count;
    }

    private int[] PlacesIn(BinnedRows rows, int block) =>
        [.. Features.Where(place => rows.Features[place].Block == block).Select(place => rows.Features[place].Place)];

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
