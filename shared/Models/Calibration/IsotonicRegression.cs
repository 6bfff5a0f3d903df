namespace ServerlessCLM.Models;

/// <summary>
/// The least-squares fit among all non-decreasing functions, by pooling adjacent violators (Ayer and others, 1955), straight between its
/// blocks and level outside them. It needs some hundreds of events; with fewer take <see cref="PlattScaling"/>.
/// </summary>
public static class IsotonicRegression
{
    /// <exception cref="ArgumentException">The lengths differ, nothing is there, or a score is not finite.</exception>
    public static ModelCalibration Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> events)
    {
        Check(scores, events);
        var keys = scores.ToArray();
        var outcomes = events.ToArray();
        Array.Sort(keys, outcomes);
        var blocks = new List<Block>();
        for (int start = 0, end; start < keys.Length; start = end)
        {
            var block = new Block(keys[start], keys[start], 0, 0);
            for (end = start; end < keys.Length && keys[end] == keys[start]; end++)
                block = block with { Rows = block.Rows + 1, Events = block.Events + (outcomes[end] ? 1 : 0) };

            // Rates compared as whole numbers: the fit is exact.
            while (blocks.Count > 0 && blocks[^1].Events * block.Rows >= block.Events * blocks[^1].Rows)
            {
                block = new Block(blocks[^1].First, block.Last, blocks[^1].Rows + block.Rows, blocks[^1].Events + block.Events);
                blocks.RemoveAt(blocks.Count - 1);
            }

            blocks.Add(block);
        }

        var bends = blocks.SelectMany(block => block.First == block.Last
            ? new[] { (Score: block.First, block.Rate) }
            : [(block.First, block.Rate), (block.Last, block.Rate)]).ToList();
        return new ModelCalibration(ModelCalibration.Isotonic)
        {
            Scores = [.. bends.Select(bend => bend.Score)], Probabilities = [.. bends.Select(bend => bend.Rate)],
        };
    }

    internal static void Check(ReadOnlySpan<double> scores, ReadOnlySpan<bool> events)
    {
        if (scores.Length != events.Length || scores.IsEmpty)
            throw new ArgumentException($"must be one for each of the {scores.Length} scores and at least one, there are {events.Length}", nameof(events));

        foreach (var score in scores)
        {
            if (!double.IsFinite(score))
                throw new ArgumentException($"must be finite numbers, one is {score}", nameof(scores));
        }
    }

    private readonly record struct Block(double First, double Last, long Rows, long Events)
    {
        public double Rate => Events / (double)Rows;
    }
}
