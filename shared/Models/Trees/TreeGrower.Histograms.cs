namespace ServerlessCLM.Models;

internal sealed partial class TreeGrower
{
    /// <summary>Builds the smaller child's histogram and makes the larger child's out of the parent's.</summary>
    private void BuildChildHistograms(List<OpenNode> level, TreeSample sample)
    {
        var built = new List<OpenNode>();
        var derived = new List<(OpenNode Larger, OpenNode Smaller)>();
        for (var i = 0; i < level.Count; i += 2)
        {
            var (smaller, larger) = level[i].Count <= level[i + 1].Count ? (level[i], level[i + 1]) : (level[i + 1], level[i]);
            built.Add(smaller);
            derived.Add((larger, smaller));
        }

        BuildHistograms(built, sample);
        Workers.For(derived.Count, _options.Threads, i =>
        {
            var (larger, smaller) = derived[i];
            larger.Histogram = larger.Parent!.Histogram;
            Histograms.Subtract(larger.Histogram, smaller.Histogram);
        });
    }

    private void BuildHistograms(List<OpenNode> nodes, TreeSample sample)
    {
        foreach (var node in nodes)
            node.Histogram = _histograms.TryPop(out var histogram) ? histogram : new long[_rows.TotalBins];

        var blocks = _rows.Blocks;
        Workers.For(nodes.Count * blocks.Length, _options.Threads, i =>
        {
            var (node, block) = (nodes[i / blocks.Length], blocks[i % blocks.Length]);
            var places = sample.PlacesIn(i % blocks.Length);
            var bins = node.Histogram.AsSpan(block.FirstBin, block.Bins);
            bins.Clear();
            if (places.Length > 0)
                Histograms.Add(block, _order.AsSpan(node.Start, node.Count), _gradients.Packed, places, bins);
        });
    }

    private void Release(OpenNode node)
    {
        if (node.Histogram is { } histogram)
            _histograms.Push(histogram);
        node.Histogram = null;
    }
}
