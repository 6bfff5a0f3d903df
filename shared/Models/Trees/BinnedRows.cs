namespace ServerlessCLM.Models;

/// <summary>The rows of a training set as bins: by row in blocks, to add up gradients, and by column, to divide rows.</summary>
internal sealed class BinnedRows
{
    // Twelve features of 256 bins of 8 bytes are 24 KB, which the first-level cache holds.
    private const int BinsPerBlock = 12 * 256;

    // From this share of rows in one bin on, passing over them costs less than the look-up of where the others' codes are.
    private const double FrequentShare = .6;

    private BinnedRows(BinnedFeature[] features, FeatureBlock[] blocks, int rows) => (Features, Blocks, Rows) = (features, blocks, rows);

    /// <summary>The features that vary, in the order of the training set.</summary>
    public BinnedFeature[] Features { get; }

    public FeatureBlock[] Blocks { get; }

    public int Rows { get; }

    /// <summary>Bins of all features: the length of a histogram.</summary>
    public int TotalBins => Blocks[^1].FirstBin + Blocks[^1].Bins;

    /// <exception cref="TrainingDataException">No column varies.</exception>
    public static BinnedRows Of(TrainingSet set, TreeOptions options)
    {
        var features = new BinnedFeature?[set.Features.Count];
        Workers.For(features.Length, options.Threads, feature =>
        {
            if (FeatureBins.Of(set.Column(feature), options.Bins) is { } bins)
                features[feature] = new BinnedFeature(feature, bins, set.Column(feature), options.Monotone?.GetValueOrDefault(set.Features[feature]) ?? 0);
        });

        var varying = features.OfType<BinnedFeature>().ToArray();
        if (varying.Length == 0)
            throw new TrainingDataException("no column has two different values, so there is nothing to split on");

        var blocks = new List<FeatureBlock>();
        var firstBin = 0;
        foreach (var isSparse in (ReadOnlySpan<bool>)[false, true])
        {
            var members = varying.Where(feature => feature.FrequentShare >= FrequentShare == isSparse);
            foreach (var group in Grouped(members))
            {
                var bins = 0;
                foreach (var (place, feature) in group.Index())
                {
                    (feature.Block, feature.Place, feature.FirstCode, feature.FirstBin) = (blocks.Count, place, bins, firstBin + bins);
                    bins += feature.Bins.Bins;
                }

                blocks.Add(isSparse ? Sparse(group, firstBin, bins, set.Rows) : Dense(group, firstBin, bins, set.Rows));
                firstBin += bins;
            }
        }

        return new BinnedRows(varying, [.. blocks], set.Rows);
    }

    /// <summary>Neighbours, as many as a block's bins allow.</summary>
    private static List<BinnedFeature[]> Grouped(IEnumerable<BinnedFeature> features)
    {
        var groups = new List<BinnedFeature[]>();
        var group = new List<BinnedFeature>();
        foreach (var feature in features)
        {
            if (group.Sum(member => member.Bins.Bins) + feature.Bins.Bins > BinsPerBlock)
            {
                groups.Add([.. group]);
                group.Clear();
            }

            group.Add(feature);
        }

        if (group.Count > 0)
            groups.Add([.. group]);
        return groups;
    }

    private static DenseBlock Dense(BinnedFeature[] group, int firstBin, int bins, int rows)
    {
        var codes = new ushort[(long)rows * group.Length];
        foreach (var feature in group)
        {
            for (var row = 0; row < rows; row++)
                codes[((long)row * group.Length) + feature.Place] = (ushort)(feature.FirstCode + feature.Column[row]);
        }

        return new DenseBlock(firstBin, bins, group.Length, codes);
    }

    private static SparseBlock Sparse(BinnedFeature[] group, int firstBin, int bins, int rows)
    {
        var starts = new int[rows + 1];
        foreach (var feature in group)
        {
            for (var row = 0; row < rows; row++)
                starts[row + 1] += feature.Column[row] != feature.FrequentBin ? 1 : 0;
        }

        for (var row = 0; row < rows; row++)
            starts[row + 1] += starts[row];

        var codes = new ushort[starts[^1]];
        var next = starts.ToArray();
        foreach (var feature in group)
        {
            for (var row = 0; row < rows; row++)
            {
                if (feature.Column[row] != feature.FrequentBin)
                    codes[next[row]++] = (ushort)(feature.FirstCode + feature.Column[row]);
            }
        }

        return new SparseBlock(
            firstBin, bins, starts, codes, [.. group.Select(feature => (feature.FirstCode, feature.Bins.Bins, feature.FirstCode + feature.FrequentBin))]);
    }
}

/// <summary>A feature that varies.</summary>
internal sealed class BinnedFeature
{
    public BinnedFeature(int feature, FeatureBins bins, ReadOnlySpan<float> column, int direction)
    {
        (Feature, Bins, Direction) = (feature, bins, direction);
        Column = new byte[column.Length];
        Span<int> counts = stackalloc int[256];
        for (var row = 0; row < column.Length; row++)
            counts[Column[row] = (byte)bins.BinOf(column[row])]++;

        for (var bin = 1; bin < counts.Length; bin++)
            FrequentBin = counts[bin] > counts[FrequentBin] ? bin : FrequentBin;
        FrequentShare = counts[FrequentBin] / (double)column.Length;
    }

    /// <summary>Place in the training set.</summary>
    public int Feature { get; }

    public FeatureBins Bins { get; }

    /// <summary>Monotone constraint: 1, −1 or 0.</summary>
    public int Direction { get; }

    /// <summary>The bin of each row.</summary>
    public byte[] Column { get; }

    public int FrequentBin { get; }

    public double FrequentShare { get; }

    public int Block { get; set; }

    /// <summary>Place in its block.</summary>
    public int Place { get; set; }

    /// <summary>Code of its first bin in its block.</summary>
    public int FirstCode { get; set; }

    /// <summary>Place of its first bin in a histogram.</summary>
    public int FirstBin { get; set; }
}
