namespace ServerlessCLM.Models;

/// <summary>
/// Fits a logistic curve over the score, p = 1 ⁄ (1 + exp(−(slope·score + offset))): Platt (1999), by Newton's method with
/// backtracking to his smoothed targets as in Lin, Lin and Weng (Machine Learning 68, 2007). Give it margins (log odds) rather than probabilities.
/// </summary>
public static class PlattScaling
{
    /// <summary>Fits the curve. Where higher scores go with fewer events no curve keeps the order: then every score gets the rate of all rows.</summary>
    /// <exception cref="ArgumentException">The lengths differ, nothing is there, or a score is not finite.</exception>
    public static ModelCalibration Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> events)
    {
        IsotonicRegression.Check(scores, events);
        var hits = events.Count(true);
        double high = (hits + 1) / (hits + 2.0), low = 1 / (events.Length - hits + 2.0);
        var rate = ((hits * high) + ((events.Length - hits) * low)) / events.Length;

        // Newton on the standardised score, so that the ridge below means the same for every scale.
        double mean = 0, squares = 0;
        foreach (var score in scores)
            mean += score / scores.Length;
        foreach (var score in scores)
            squares += (score - mean) * (score - mean) / scores.Length;

        var deviation = Math.Sqrt(squares);
        if (!(deviation > 0))
            return Flat(rate);

        var z = new double[scores.Length];
        var targets = new double[scores.Length];
        for (var i = 0; i < z.Length; i++)
        {
            z[i] = (scores[i] - mean) / deviation;
            targets[i] = events[i] ? high : low;
        }

        var (slope, intercept) = Newton(z, targets, LogOdds.Of(rate));
        return slope <= 0
            ? Flat(rate)
            : new ModelCalibration(ModelCalibration.Platt) { Slope = slope / deviation, Offset = intercept - (slope * mean / deviation) };
    }

    private static ModelCalibration Flat(double rate) =>
        new(ModelCalibration.Isotonic) { Scores = [0], Probabilities = [rate] };

    private static (double Slope, double Intercept) Newton(double[] z, double[] targets, double start)
    {
        const double ridge = 1e-12, tolerance = 1e-10;
        double slope = 0, intercept = start;
        var loss = Loss(z, targets, slope, intercept);
        for (var step = 0; step < 100; step++)
        {
            double h11 = ridge, h22 = ridge, h21 = 0, g1 = 0, g2 = 0;
            for (var i = 0; i < z.Length; i++)
            {
                var p = LogOdds.Probability((slope * z[i]) + intercept);
                var weight = p * (1 - p);
                h11 += z[i] * z[i] * weight;
                h22 += weight;
                h21 += z[i] * weight;
                g1 += z[i] * (p - targets[i]);
                g2 += p - targets[i];
            }

            if (Math.Max(Math.Abs(g1), Math.Abs(g2)) < tolerance * z.Length)
                break;

            var determinant = (h11 * h22) - (h21 * h21);
            var bySlope = -((h22 * g1) - (h21 * g2)) / determinant;
            var byIntercept = -((h11 * g2) - (h21 * g1)) / determinant;
            var descent = (g1 * bySlope) + (g2 * byIntercept);
            var length = 1.0;
            for (; length > 1e-10; length /= 2)
            {
                var reached = Loss(z, targets, slope + (length * bySlope), intercept + (length * byIntercept));
                if (reached < loss + (1e-4 * length * descent))
                {
                    loss = reached;
                    break;
                }
            }

            if (length <= 1e-10)
                break;

            slope += length * bySlope;
            intercept += length * byIntercept;
        }

        return (slope, intercept);
    }

    private static double Loss(double[] z, double[] targets, double slope, double intercept)
    {
        double sum = 0;
        for (var i = 0; i < z.Length; i++)
            sum += LogOdds.Loss((slope * z[i]) + intercept, targets[i]);
        return sum;
    }
}
