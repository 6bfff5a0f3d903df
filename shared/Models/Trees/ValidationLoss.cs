namespace ServerlessCLM.Models;

/// <summary>The mean loss on rows held out, tree by tree, and when it has stopped falling.</summary>
internal sealed class ValidationLoss
{
    private readonly TrainingSet _set;
    private readonly TreeOptions _options;
    private readonly float[] _rows;
    private readonly double[] _margins;
    private double _best = double.PositiveInfinity;
    private int _count;

    public ValidationLoss(TrainingSet set, TreeOptions options, double baseMargin)
    {
        (_set, _options) = (set, options);
        _rows = new float[set.Rows * set.Features.Count];
        for (var row = 0; row < set.Rows; row++)
            set.CopyRow(row, _rows.AsSpan(row * set.Features.Count));
        _margins = new double[set.Rows];
        Array.Fill(_margins, baseMargin);
    }

    public double Latest { get; private set; }

    /// <summary>Trees up to the lowest loss.</summary>
    public int BestCount { get; private set; }

    public bool HasStopped => _options.EarlyStoppingRounds is { } rounds && _count - BestCount >= rounds;

    public void Add(TreeNode[] tree)
    {
        var width = _set.Features.Count;
        double loss = 0, weight = 0;
        for (var row = 0; row < _margins.Length; row++)
        {
            _margins[row] += TreeEnsemble.Leaf(tree, _rows.AsSpan(row * width, width));
            var rowWeight = _set.WeightArray?[row] ?? 1;
            loss += rowWeight * LossOf(_margins[row], _set.Labels[row]);
            weight += rowWeight;
        }

        Latest = loss / weight;
        _count++;
        if (Latest < _best)
            (_best, BestCount) = (Latest, _count);
    }

    private double LossOf(double margin, float label)
    {
        if (_options.Objective == TreeObjective.SquaredError)
            return (margin - label) * (margin - label) / 2;

        var towards = label > 0 ? -margin : margin;
        return Math.Max(towards, 0) + Math.Log(1 + Math.Exp(-Math.Abs(towards)));
    }
}
