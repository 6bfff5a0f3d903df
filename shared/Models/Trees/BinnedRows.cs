namespace ServerlessCLM.Models;

/// <summary>The rows of a training set as bins, in blocks of features whose histograms fit the first-level cache.</summary>
internal sealed class BinnedRows
{
    // Twelve features of 256 bins of 8 bytes are 24 KB.
    private const int BlockWidth = 12;

    private BinnedRows(BinnedFeature[] features, FeatureBlock[] blocks, int rows) => (Features, Blocks, Rows) = (features, blocks, rows);

    /// <summary>The features that vary.</summary>
    public BinnedFeature[] Features { get; }

    public FeatureBlock[] Blocks { get; }

    public int Rows { get; }

    /// <summary>Bins of all features: the length of a histogram.</summary>
    public int TotalBins => Blocks[^1].FirstBin + Blocks[^1].Bins;

    /// <exception cref="TrainingDataException">No column varies.</exception>
    public static BinnedRows Of(TrainingSet set, TreeOptions options)
    {
        var bins = new FeatureBins?[set.Features.Count];
        Workers.For(bins.Length, options.Threads, feature => bins[feature] = FeatureBins.Of(set.Column(feature), options.Bins));
        var varying = Enumerable.Range(0, bins.Length).Where(feature => bins[feature] is not null).ToArray();
        if (varying.Length == 0)
            throw new TrainingDataException("no column has two different values, so there is nothing to split on");

        var features = new BinnedFeature[varying.Length];
        var blocks = new FeatureBlock[(varying.Length + BlockWidth - 1) / BlockWidth];
        var firstBin = 0;
        for (var block = 0; block < blocks.Length; block++)
        {
            var first = block * BlockWidth;
            var width = Math.Min(BlockWidth, varying.Length - first);
            var inBlock = 0;
            for (var place = 0; place < width; place++)
            {
                var feature = varying[first + place];
                var direction = options.Monotone?.GetValueOrDefault(set.Features[feature]) ?? 0;
                features[first + place] = new BinnedFeature(feature, bins[feature]!, block, place, firstBin + inBlock, inBlock, direction);
                inBlock += bins[feature]!.Bins;
            }

            blocks[block] = new FeatureBlock(first, width, firstBin, inBlock, new ushort[(long)set.Rows * width]);
            firstBin += inBlock;
        }

        Workers.For(features.Length, options.Threads, place =>
        {
            var feature = features[place];
            var block = blocks[feature.Block];
            var column = set.Column(feature.Feature);
            for (var row = 0; row < column.Length; row++)
                block.Codes[((long)row * block.Width) + feature.Place] = (ushort)(feature.FirstCode + feature.Bins.BinOf(column[row]));
        });
        return new BinnedRows(features, blocks, set.Rows);
    }
}

/// <param name="Feature">Place in the training set.</param>
/// <param name="Place">Place in its block.</param>
/// <param name="FirstBin">Place of its first bin in a histogram.</param>
/// <param name="FirstCode">Code of its first bin in its block.</param>
/// <param name="Direction">Monotone constraint: 1, −1 or 0.</param>
internal sealed record BinnedFeature(int Feature, FeatureBins Bins, int Block, int Place, int FirstBin, int FirstCode, int Direction);

/// <param name="Codes">Row after row, the bin of each feature of the block, counted from the block's first bin.</param>
internal sealed record FeatureBlock(int FirstFeature, int Width, int FirstBin, int Bins, ushort[] Codes);
