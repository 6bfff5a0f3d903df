namespace ServerlessCLM.Models;

/// <summary>What a model's card says of its probabilities on rows it was not trained on.</summary>
/// <param name="Auc">With DeLong's 95% interval.</param>
/// <param name="LogLoss">Mean, in nats.</param>
/// <param name="CalibrationError">Expected calibration error over ten bins of equal count.</param>
public sealed record BinaryPerformance(
    int Rows, int Events, Figure Auc, double Gini, double AveragePrecision, double KolmogorovSmirnov,
    double LogLoss, double Brier, double CalibrationError)
{
    /// <exception cref="ArgumentException">The lengths differ, a probability is not one, or there are fewer than two of one outcome.</exception>
    public static BinaryPerformance Measure(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> events)
    {
        var ranked = new RankedOutcomes(probabilities, events);
        return new BinaryPerformance(
            ranked.Count, ranked.Events, DeLong.Auc(probabilities, events), Discrimination.Gini(ranked),
            Discrimination.AveragePrecision(ranked), Discrimination.KolmogorovSmirnov(ranked),
            ProbabilityError.LogLoss(probabilities, events), ProbabilityError.Brier(probabilities, events),
            ProbabilityError.ExpectedCalibrationError(probabilities, events));
    }
}
