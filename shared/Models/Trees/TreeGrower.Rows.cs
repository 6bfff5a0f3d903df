namespace ServerlessCLM.Models;

internal sealed partial class TreeGrower
{
    // Rows that one piece of work divides.
    private const int Stretch = 16384;

    /// <summary>Brings the rows of each split node into the order left, right; either keeps its order.</summary>
    private void Partition(List<OpenNode> level)
    {
        var pieces = new List<(OpenNode Node, int Start, int Count)>();
        foreach (var node in level)
        {
            for (var done = 0; done < node.Count; done += Stretch)
                pieces.Add((node, node.Start + done, Math.Min(Stretch, node.Count - done)));
        }

        var lefts = new int[pieces.Count];
        Workers.For(pieces.Count, _options.Threads, i => lefts[i] = Divide(pieces[i].Node.Split, pieces[i].Start, pieces[i].Count));

        foreach (var node in level)
            node.LeftCount = 0;
        for (var i = 0; i < lefts.Length; i++)
            pieces[i].Node.LeftCount += lefts[i];

        var targets = new (int Left, int Right)[pieces.Count];
        for (var i = 0; i < targets.Length; i++)
        {
            var node = pieces[i].Node;
            targets[i] = pieces[i].Start == node.Start
                ? (node.Start, node.Start + node.LeftCount)
                : (targets[i - 1].Left + lefts[i - 1], targets[i - 1].Right + pieces[i - 1].Count - lefts[i - 1]);
        }

        Workers.For(pieces.Count, _options.Threads, i =>
        {
            var piece = _scratch.AsSpan(pieces[i].Start, pieces[i].Count);
            piece[..lefts[i]].CopyTo(_order.AsSpan(targets[i].Left));
            piece[lefts[i]..].Reverse();
            piece[lefts[i]..].CopyTo(_order.AsSpan(targets[i].Right));
        });
    }

    /// <summary>Writes the left rows of a stretch to the front of the same stretch of the scratch, and the right ones backwards from its end.</summary>
    private unsafe int Divide(SplitCandidate split, int start, int count)
    {
        var feature = _rows.Features[split.Feature];
        var block = _rows.Blocks[feature.Block];
        var turn = new BinTurn(feature, split);
        fixed (ushort* codes = block.Codes)
        fixed (int* from = _order.AsSpan(start, count))
        fixed (int* to = _scratch.AsSpan(start, count))
        {
            int left = 0, right = count - 1;
            for (var i = 0; i < count; i++)
            {
                var row = from[i];
                var goesLeft = turn.GoesLeft(codes[((long)row * block.Width) + feature.Place]);
                to[left] = row;
                to[right] = row;
                left += goesLeft;
                right -= 1 - goesLeft;
            }

            return left;
        }
    }

    /// <summary>Rows that the sample left out have no place in the order: they walk down the tree.</summary>
    private void AddLeftOut(TreeNode[] nodes, TreeSample sample)
    {
        if (!sample.LeavesRowsOut)
            return;

        var places = new int[nodes.Length];
        for (var at = 0; at < nodes.Length; at++)
            places[at] = nodes[at].IsLeaf ? -1 : Array.FindIndex(_rows.Features, feature => feature.Feature == nodes[at].Feature);

        Workers.For((_rows.Rows + Stretch - 1) / Stretch, _options.Threads, piece =>
        {
            for (var row = piece * Stretch; row < Math.Min(_rows.Rows, (piece + 1) * Stretch); row++)
            {
                if (!sample.Has(row))
                    _margins[row] += Leaf(nodes, places, row);
            }
        });
    }

    private float Leaf(TreeNode[] nodes, int[] places, int row)
    {
        var at = 0;
        while (!nodes[at].IsLeaf)
        {
            var feature = _rows.Features[places[at]];
            var block = _rows.Blocks[feature.Block];
            var bin = block.Codes[((long)row * block.Width) + feature.Place] - feature.FirstCode;
            var goesLeft = bin < feature.Bins.ValueBins ? feature.Bins.Cuts[bin] <= nodes[at].Threshold : nodes[at].MissingLeft;
            at = goesLeft ? nodes[at].Left : nodes[at].Right;
        }

        return nodes[at].Value;
    }

    private readonly struct BinTurn(BinnedFeature feature, SplitCandidate split)
    {
        private readonly int _last = feature.FirstCode + split.Bin;

        // Beyond every code where missing values go right, or where there are none.
        private readonly int _missing = split.MissingLeft ? feature.FirstCode + feature.Bins.ValueBins : int.MaxValue;

        /// <summary>1 or 0, without a branch.</summary>
        public int GoesLeft(int code) => (code <= _last ? 1 : 0) | (code == _missing ? 1 : 0);
    }
}
