namespace ServerlessCLM.Models;

/// <summary>
/// Gradient and hessian of every row's loss, as one integer each: the gradient in the upper half, the hessian in the lower. Sums of
/// them are exact, so that they do not depend on their order or on the number of threads.
/// </summary>
internal sealed class Gradients
{
    /// <summary>Sums of either half stay below 2^30 before rounding, and with it below 2^31 for a billion rows.</summary>
    private const double Room = 1 << 30;

    // Rows per piece of work; a constant, because sums of floats depend on it.
    private const int Chunk = 8192;

    private const float LeastHessian = 1e-16f;

    private readonly float[] _labels;
    private readonly float[]? _weights;
    private readonly float[] _gradients;
    private readonly float[] _hessians;
    private readonly TreeObjective _objective;
    private readonly int _threads;

    public Gradients(TrainingSet set, TreeOptions options)
    {
        _labels = set.LabelArray;
        _weights = WeightsOf(set, options);
        _gradients = new float[set.Rows];
        _hessians = new float[set.Rows];
        Packed = new long[set.Rows];
        _objective = options.Objective;
        _threads = options.Threads;
    }

    /// <summary>One per row.</summary>
    public long[] Packed { get; }

    /// <summary>What one unit of a packed gradient and of a packed hessian is worth: powers of two.</summary>
    public (double Gradient, double Hessian) Unit { get; private set; }

    /// <summary>Sample weights times class weight; null where all are 1.</summary>
    public static float[]? WeightsOf(TrainingSet set, TreeOptions options)
    {
        if (options.PositiveWeight == 1 || options.Objective != TreeObjective.Logistic)
            return set.WeightArray;

        var weights = new float[set.Rows];
        for (var row = 0; row < weights.Length; row++)
            weights[row] = (set.WeightArray?[row] ?? 1) * (set.LabelArray[row] > 0 ? (float)options.PositiveWeight : 1);
        return weights;
    }

    public void Compute(float[] margins)
    {
        var rows = margins.Length;
        var chunks = (rows + Chunk - 1) / Chunk;
        var sums = new (double Gradient, double Hessian)[chunks];
        Workers.For(chunks, _threads, chunk =>
        {
            var range = new Range(chunk * Chunk, Math.Min(rows, (chunk + 1) * Chunk));
            Derive(margins.AsSpan(range), range);
            double gradient = 0, hessian = 0;
            foreach (var value in _gradients.AsSpan(range))
                gradient += Math.Abs(value);
            foreach (var value in _hessians.AsSpan(range))
                hessian += value;
            sums[chunk] = (gradient, hessian);
        });

        var (total, curvature) = (0.0, 0.0);
        foreach (var (gradient, hessian) in sums)
            (total, curvature) = (total + gradient, curvature + hessian);

        var (perGradient, perHessian) = (Scale(total), Scale(curvature));
        Unit = (1 / perGradient, 1 / perHessian);
        Workers.For(chunks, _threads, chunk =>
        {
            for (var row = chunk * Chunk; row < Math.Min(rows, (chunk + 1) * Chunk); row++)
                Packed[row] = ((long)Math.Round(_gradients[row] * perGradient) << 32) + (long)Math.Round(_hessians[row] * perHessian);
        });
    }

    private static double Scale(double sum) => sum > 0 ? Math.ScaleB(1, Math.ILogB(Room / sum)) : 1;

    private void Derive(ReadOnlySpan<float> margins, Range range)
    {
        var labels = _labels.AsSpan(range);
        var gradients = _gradients.AsSpan(range);
        var hessians = _hessians.AsSpan(range);
        if (_objective == TreeObjective.SquaredError)
        {
            for (var i = 0; i < margins.Length; i++)
                (gradients[i], hessians[i]) = (margins[i] - labels[i], 1);
        }
        else
        {
            Logistic.Probabilities(margins, hessians);
            for (var i = 0; i < margins.Length; i++)
            {
                var probability = hessians[i];
                (gradients[i], hessians[i]) = (probability - labels[i], Math.Max(probability * (1 - probability), LeastHessian));
            }
        }

        if (_weights is null)
            return;

        var weights = _weights.AsSpan(range);
        for (var i = 0; i < margins.Length; i++)
            (gradients[i], hessians[i]) = (gradients[i] * weights[i], hessians[i] * weights[i]);
    }
}
