using MathNet.Numerics.LinearAlgebra;
using Lanes = System.Numerics.Vector<double>;

namespace ServerlessCLM.Models;

/// <summary>
/// Trains a logistic model: Newton's method (iteratively reweighted least squares) with step halving, on standardised features with a ridge.
/// A feature that is missing somewhere counts as its mean there, beside an indicator of its own.
/// </summary>
public static class LogisticRegression
{
    private const int MostSteps = 50;

    /// <param name="training">Labels 0 and 1. A column without two values gets no weight.</param>
    /// <param name="l2">Added to the loss as ½·l2·Σ weight², over standardised features; above 0. 1 is scikit-learn's default.</param>
    /// <exception cref="TrainingDataException">No rows, one class only, or another label.</exception>
    public static LogisticModel Train(TrainingSet training, double l2 = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(l2, 0);
        CheckLabels(training.Labels);
        var design = new Design(training);
        var rate = WeightedRate(training);
        var weights = new double[design.Width];
        weights[0] = LogOdds.Of(rate);
        var margins = new double[training.Rows];
        var loss = Loss(design, training, weights, l2, margins);
        for (var step = 0; step < MostSteps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (gradient, hessian) = Derivatives(design, training, weights, l2, margins);
            var direction = hessian.Cholesky().Solve(gradient);
            var decrease = direction.DotProduct(gradient);
            if (decrease < 1e-13 * training.Rows)
                break;

            double[] next = [];
            var reached = double.PositiveInfinity;
            for (var length = 1.0; length > 1e-9 && !(reached <= loss - (1e-4 * length * decrease)); length /= 2)
            {
                var scale = length;
                next = [.. weights.Select((weight, i) => weight - (scale * direction[i]))];
                reached = Loss(design, training, next, l2, margins);
            }

            if (reached >= loss)
                break;

            (weights, loss) = (next, reached);
        }

        return design.Model(weights);
    }

    /// <summary>
    /// Covariance of the parameters: the inverse of the loss's second derivative at its least (Laplace's approximation of what ridge and rows leave
    /// open), in the order and form of <see cref="LogisticModel.Covariance"/>.
    /// </summary>
    /// <param name="model">As <see cref="Train"/> made it.</param>
    /// <param name="training">From the same rows.</param>
    /// <param name="l2">With the same ridge.</param>
    public static double[] Covariance(LogisticModel model, TrainingSet training, double l2 = 1)
    {
        var width = model.Parameters;
        var precision = new double[width * width];
        var row = new float[model.Terms.Count];
        var at = new double[1 + (2 * model.Terms.Count)];
        for (var each = 0; each < training.Rows; each++)
        {
            training.CopyRow(each, row);
            model.Design(row, at);
            var p = LogOdds.Probability(model.Margin(row));
            var curvature = Weight(training, each) * p * (1 - p);
            for (var i = 0; i < width; i++)
                AddScaled(precision.AsSpan((i * width) + i, width - i), at.AsSpan(i, width - i), curvature * at[i]);
        }

        var missing = 1 + model.Terms.Count;
        for (var i = 0; i < width; i++)
        {
            for (var j = 0; j < i; j++)
                precision[(i * width) + j] = precision[(j * width) + i];
            precision[(i * width) + i] += i == 0 ? 1e-9 : l2;
        }

        // The ridge on an indicator is on its standardised form.
        for (var term = 0; term < model.Terms.Count; term++)
        {
            if (model.Terms[term].Missing == 0)
                continue;

            var share = training.Column(term).ToArray().Count(value => !float.IsFinite(value)) / (double)training.Rows;
            precision[(missing * width) + missing] += l2 * ((share * (1 - share)) - 1);
            missing++;
        }

        var covariance = Matrix<double>.Build.Dense(width, width, precision).Cholesky().Solve(Matrix<double>.Build.DenseIdentity(width));
        return [.. Enumerable.Range(0, width).SelectMany(i => Enumerable.Range(0, i + 1).Select(j => covariance[i, j]))];
    }

    private static void CheckLabels(ReadOnlySpan<float> labels)
    {
        if (labels.IsEmpty)
            throw new TrainingDataException("there are no rows");

        if (labels.ContainsAnyExcept(0f, 1f))
            throw new TrainingDataException("labels must be 0 or 1");

        if (!labels.Contains(0f) || !labels.Contains(1f))
            throw new TrainingDataException($"there is one class only: every label is {labels[0]}");
    }

    private static double WeightedRate(TrainingSet training)
    {
        double sum = 0, hits = 0;
        for (var row = 0; row < training.Rows; row++)
        {
            sum += Weight(training, row);
            hits += Weight(training, row) * training.Labels[row];
        }

        return hits > 0 && hits < sum ? hits / sum : throw new TrainingDataException("rows of both classes must have a weight above 0");
    }

    private static double Weight(TrainingSet training, int row) => training.Weights.IsEmpty ? 1 : training.Weights[row];

    private static double Loss(Design design, TrainingSet training, double[] weights, double l2, double[] margins)
    {
        double sum = 0;
        for (var row = 0; row < training.Rows; row++)
        {
            margins[row] = Dot(design.Row(row), weights);
            sum += Weight(training, row) * LogOdds.Loss(margins[row], training.Labels[row]);
        }

        for (var i = 1; i < weights.Length; i++)
            sum += l2 / 2 * weights[i] * weights[i];
        return sum;
    }

    private static (Vector<double> Gradient, Matrix<double> Hessian) Derivatives(
        Design design, TrainingSet training, double[] weights, double l2, double[] margins)
    {
        var width = design.Width;
        var gradient = new double[width];
        var hessian = new double[width * width];
        for (var row = 0; row < training.Rows; row++)
        {
            var p = LogOdds.Probability(margins[row]);
            var values = design.Row(row);
            AddScaled(gradient, values, Weight(training, row) * (p - training.Labels[row]));
            var curvature = Weight(training, row) * p * (1 - p);
            for (var i = 0; i < width; i++)
                AddScaled(hessian.AsSpan((i * width) + i, width - i), values[i..], curvature * values[i]);
        }

        for (var i = 0; i < width; i++)
        {
            // The intercept bears no ridge; a trace of one keeps the matrix definite when all rows are certain.
            hessian[(i * width) + i] += i == 0 ? 1e-9 : l2;
            gradient[i] += i == 0 ? 0 : l2 * weights[i];
            for (var j = 0; j < i; j++)
                hessian[(i * width) + j] = hessian[(j * width) + i];
        }

        return (Vector<double>.Build.Dense(gradient), Matrix<double>.Build.Dense(width, width, hessian));
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sums = Lanes.Zero;
        var i = 0;
        for (; i <= a.Length - Lanes.Count; i += Lanes.Count)
            sums += new Lanes(a[i..]) * new Lanes(b[i..]);
        var sum = System.Numerics.Vector.Sum(sums);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static void AddScaled(Span<double> to, ReadOnlySpan<double> values, double scale)
    {
        var i = 0;
        for (; i <= to.Length - Lanes.Count; i += Lanes.Count)
            (new Lanes(to[i..]) + (new Lanes(values[i..]) * scale)).CopyTo(to[i..]);
        for (; i < to.Length; i++)
            to[i] += values[i] * scale;
    }

    /// <summary>Standardised rows: a 1 for the intercept, the features, the indicators of missing values.</summary>
    private sealed class Design
    {
        private readonly double[] _values;
        private readonly TrainingSet _training;
        private readonly (double Mean, double Scale)[] _features;
        private readonly List<(int Feature, double Mean, double Scale)> _indicators = [];

        public Design(TrainingSet training)
        {
            _training = training;
            _features = new (double, double)[training.Features.Count];
            for (var feature = 0; feature < _features.Length; feature++)
            {
                var column = training.Column(feature);
                var (mean, variance, present) = Moments(column);
                _features[feature] = (mean, variance > 0 ? Math.Sqrt(variance) : 1);
                var share = (column.Length - present) / (double)column.Length;
                if (share > 0 && present > 0)
                    _indicators.Add((feature, share, Math.Sqrt(share * (1 - share))));
            }

            Width = 1 + _features.Length + _indicators.Count;
            _values = new double[(long)training.Rows * Width];
            for (var row = 0; row < training.Rows; row++)
                _values[row * Width] = 1;
            for (var feature = 0; feature < _features.Length; feature++)
                Fill(1 + feature, training.Column(feature), _features[feature]);
            for (var i = 0; i < _indicators.Count; i++)
                FillIndicator(1 + _features.Length + i, training.Column(_indicators[i].Feature), _indicators[i]);
        }

        public int Width { get; }

        public ReadOnlySpan<double> Row(int row) => _values.AsSpan(row * Width, Width);

        /// <summary>The model in terms of the features as they come.</summary>
        public LogisticModel Model(double[] weights)
        {
            var intercept = weights[0];
            var missing = new double[_features.Length];
            for (var i = 0; i < _indicators.Count; i++)
            {
                var (feature, mean, scale) = _indicators[i];
                missing[feature] = weights[1 + _features.Length + i] / scale;
                intercept -= missing[feature] * mean;
            }

            return new LogisticModel(intercept, [.. _features.Select((feature, i) =>
                new LogisticTerm(_training.Features[i], feature.Mean, feature.Scale, weights[1 + i], missing[i]))]);
        }

        private static (double Mean, double Variance, int Present) Moments(ReadOnlySpan<float> column)
        {
            double sum = 0, squares = 0;
            var present = 0;
            foreach (var value in column)
            {
                if (!float.IsFinite(value))
                    continue;

                present++;
                sum += value;
            }

            var mean = present > 0 ? sum / present : 0;
            foreach (var value in column)
                squares += float.IsFinite(value) ? (value - mean) * (value - mean) : 0;
            return (mean, present > 0 ? squares / present : 0, present);
        }

        private void Fill(int place, ReadOnlySpan<float> column, (double Mean, double Scale) feature)
        {
            for (var row = 0; row < column.Length; row++)
                _values[(row * Width) + place] = float.IsFinite(column[row]) ? (column[row] - feature.Mean) / feature.Scale : 0;
        }

        private void FillIndicator(int place, ReadOnlySpan<float> column, (int Feature, double Mean, double Scale) indicator)
        {
            for (var row = 0; row < column.Length; row++)
                _values[(row * Width) + place] = ((float.IsFinite(column[row]) ? 0 : 1) - indicator.Mean) / indicator.Scale;
        }
    }
}
