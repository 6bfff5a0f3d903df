using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ServerlessCLM.Models;

internal sealed partial class TreeGrower
{
    /// <summary>Builds the smaller child's histogram and makes the larger child's out of the parent's.</summary>
    private void BuildChildHistograms(List<OpenNode> level, TreeSample sample)
    {
        var smaller = new List<OpenNode>();
        for (var i = 0; i < level.Count; i += 2)
            smaller.Add(level[i].Sampled.Count <= level[i + 1].Sampled.Count ? level[i] : level[i + 1]);

        BuildHistograms(smaller, sample);
        Workers.For(smaller.Count, _options.Threads, i =>
        {
            var larger = smaller[i] == level[2 * i] ? level[(2 * i) + 1] : level[2 * i];
            larger.Histogram = larger.Parent!.Histogram;
            Subtract(larger.Histogram, smaller[i].Histogram);
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
            if (places.Length > 0)
                block.Fill(node.Histogram.AsSpan(block.FirstBin, block.Bins), Rows(node.Sampled), node.Sum, _gradients.Packed, places);
        });
    }

    private void Release(OpenNode node)
    {
        if (node.Histogram is { } histogram)
            _histograms.Push(histogram);
        node.Histogram = null;
    }

    private static void Subtract(Span<long> parent, ReadOnlySpan<long> child)
    {
        var wide = MemoryMarshal.Cast<long, Vector512<long>>(parent);
        var less = MemoryMarshal.Cast<long, Vector512<long>>(child);
        for (var i = 0; i < wide.Length; i++)
            wide[i] -= less[i];
        for (var bin = wide.Length * Vector512<long>.Count; bin < parent.Length; bin++)
            parent[bin] -= child[bin];
    }
}
