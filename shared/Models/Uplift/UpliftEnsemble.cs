using MathNet.Numerics.Distributions;

namespace ServerlessCLM.Models;

/// <summary>
/// Uplift models of half samples of an experiment, so that a customer's uplift comes with a lower bound: treat only where that is above zero.
/// </summary>
/// <remarks>
/// Each model is trained on a seeded half of each arm, drawn without replacement. Their spread around each other is that of one model of all
/// rows around the truth (delete-half jackknife: Shao and Wu, Annals of Statistics 17, 1989). What every model gets wrong alike,
/// as a ridge or shallow trees do, is not in it.
/// </remarks>
public sealed class UpliftEnsemble
{
    private readonly UpliftOf[] _models;
    private readonly double _distance;

    private UpliftEnsemble(UpliftOf[] models, double distance)
    {
        _models = models;
        _distance = distance;
    }

    /// <summary>Trains the models.</summary>
    /// <param name="rows">As of <see cref="UpliftModel.Train"/>.</param>
    /// <param name="treated">Whether the row was treated, by chance.</param>
    /// <param name="method">How.</param>
    /// <param name="learner">Of the probabilities.</param>
    /// <param name="seed">Of the halves.</param>
    /// <param name="models">From 2; 20 and more give a bound that hardly changes with the seed.</param>
    /// <param name="confidence">One-sided, of the lower bound.</param>
    /// <exception cref="TrainingDataException">An arm is empty or cannot be learned from.</exception>
    public static UpliftEnsemble Train(
        TrainingSet rows, bool[] treated, UpliftMethod method, Learner learner, ulong seed, int models = 20, double confidence = 0.95,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(models, 2);
        var random = new SplitMix64(seed);
        var trained = new UpliftOf[models];
        for (var model = 0; model < models; model++)
        {
            int[] half = [.. HalfOf(true, ref random), .. HalfOf(false, ref random)];
            Array.Sort(half);
            trained[model] = UpliftModel.Train(rows.Select(half), Array.ConvertAll(half, row => treated[row]), method, learner, cancellationToken);
        }

        return new UpliftEnsemble(trained, Normal.InvCDF(0, 1, confidence));

        int[] HalfOf(bool arm, ref SplitMix64 random)
        {
            int[] members = [.. Enumerable.Range(0, treated.Length).Where(row => treated[row] == arm)];
            random.Shuffle(members.AsSpan());
            return members[..((members.Length + 1) / 2)];
        }
    }

    /// <summary>A customer's uplift and the bound that it lies above with the confidence asked for.</summary>
    public (double Uplift, double LowerBound) Estimate(ReadOnlySpan<float> row)
    {
        double sum = 0, squares = 0;
        foreach (var model in _models)
        {
            var uplift = model(row);
            sum += uplift;
            squares += uplift * uplift;
        }

        var mean = sum / _models.Length;
        var variance = Math.Max(0, (squares - (sum * mean)) / (_models.Length - 1));
        return (mean, mean - (_distance * Math.Sqrt(variance)));
    }

    /// <summary>Whether the gain is above zero beyond doubt.</summary>
    public bool IsWorthTreating(ReadOnlySpan<float> row) => Estimate(row).LowerBound > 0;
}
