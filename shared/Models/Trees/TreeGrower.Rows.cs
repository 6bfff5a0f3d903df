namespace ServerlessCLM.Models;

internal sealed partial class TreeGrower
{
    // Rows that one piece of work divides.
    private const int PieceRows = 16384;

    /// <summary>A run of rows in the order.</summary>
    private readonly record struct Stretch(int Start, int Count)
    {
        public (Stretch Left, Stretch Right) Divide(int left) => (new(Start, left), new(Start + left, Count - left));
    }

    private ReadOnlySpan<int> Rows(Stretch stretch) => _order.AsSpan(stretch.Start, stretch.Count);

    /// <summary>Brings the rows of each split node, sampled and left out, into the order left, right; either keeps its order.</summary>
    private void Partition(List<OpenNode> level)
    {
        var pieces = new List<Piece>();
        foreach (var node in level)
        {
            Cut(node, node.Sampled, isSampled: true);
            Cut(node, node.LeftOut, isSampled: false);
        }

        Workers.For(pieces.Count, _options.Threads, i => pieces[i].Left = Divide(pieces[i].Node.Split, pieces[i].Rows));

        foreach (var piece in pieces)
        {
            if (piece.IsSampled)
                piece.Node.SampledLeft += piece.Left;
            else
                piece.Node.LeftOutLeft += piece.Left;
        }

        foreach (var (i, piece) in pieces.Index())
        {
            var whole = piece.IsSampled ? piece.Node.Sampled : piece.Node.LeftOut;
            var left = piece.IsSampled ? piece.Node.SampledLeft : piece.Node.LeftOutLeft;
            piece.Targets = piece.Rows.Start == whole.Start
                ? (whole.Start, whole.Start + left)
                : (pieces[i - 1].Targets.Left + pieces[i - 1].Left, pieces[i - 1].Targets.Right + pieces[i - 1].Rows.Count - pieces[i - 1].Left);
        }

        Workers.For(pieces.Count, _options.Threads, i =>
        {
            var piece = pieces[i];
            var rows = _scratch.AsSpan(piece.Rows.Start, piece.Rows.Count);
            rows[..piece.Left].CopyTo(_order.AsSpan(piece.Targets.Left));
            rows[piece.Left..].Reverse();
            rows[piece.Left..].CopyTo(_order.AsSpan(piece.Targets.Right));
        });

        void Cut(OpenNode node, Stretch rows, bool isSampled)
        {
            for (var done = 0; done < rows.Count; done += PieceRows)
                pieces.Add(new Piece { Node = node, IsSampled = isSampled, Rows = new(rows.Start + done, Math.Min(PieceRows, rows.Count - done)) });
        }
    }

    /// <summary>Writes the left rows of a stretch to the front of the same stretch of the scratch, and the right ones backwards from its end.</summary>
    private unsafe int Divide(SplitCandidate split, Stretch rows)
    {
        var feature = _rows.Features[split.Feature];
        int last = split.Bin, missing = split.MissingLeft ? feature.Bins.ValueBins : -1;
        fixed (byte* bins = feature.Column)
        fixed (int* from = _order.AsSpan(rows.Start, rows.Count), to = _scratch.AsSpan(rows.Start, rows.Count))
        {
            int left = 0, right = rows.Count - 1;
            for (var i = 0; i < rows.Count; i++)
            {
                // No branch: whether a row goes left is as good as random.
                int row = from[i], bin = bins[row];
                var goesLeft = (bin <= last ? 1 : 0) | (bin == missing ? 1 : 0);
                to[left] = row;
                to[right] = row;
                left += goesLeft;
                right -= 1 - goesLeft;
            }

            return left;
        }
    }

    private sealed class Piece
    {
        public required OpenNode Node { get; init; }

        public required bool IsSampled { get; init; }

        public required Stretch Rows { get; init; }

        public int Left { get; set; }

        /// <summary>Where its left and its right rows go.</summary>
        public (int Left, int Right) Targets { get; set; }
    }
}
