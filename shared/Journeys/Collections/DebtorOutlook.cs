using ServerlessCLM.Features;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Journeys.Collections;

/// <summary>What models and payments say of somebody who owes.</summary>
/// <param name="Vector">The feature catalogue's values.</param>
/// <param name="PayChance">Probability that arrears are paid in full within 60 days; null without the model or any payment.</param>
/// <param name="SelfCureChance">Probability that young arrears are paid within 30 days without a contact.</param>
/// <param name="Reasons">What speaks for payment most, in plain words.</param>
public sealed record DebtorOutlook(float[] Vector, double? PayChance, double? SelfCureChance, IReadOnlyList<string> Reasons)
{
    private const string PayModel = PredictionTasks.PropensityToPay, SelfCureModel = PredictionTasks.SelfCure;

    public static DebtorOutlook Of(ReadOnlySpan<byte> block, DateTimeOffset now, ModelSet models)
    {
        var state = new CustomerState();
        state.Read(block);
        var row = new float[FeatureModel.RowWidth];
        state.Features.Fill(Math.Max(now.ToUnixTimeMilliseconds(), state.Features.NewestDayStart), row);
        var vector = row[..FeatureCatalogue.Count];
        if (state.Features.NewestDayStart == 0)
            return new DebtorOutlook(vector, null, null, []);

        var pay = models.Find(PayModel)?.Scorer;
        return new DebtorOutlook(vector, Score(pay, row), Score(models.Find(SelfCureModel)?.Scorer, row),
            pay is null ? [] : [.. ScoreReasons.Of(pay, row).Select(reason => reason.Feature.Phrase)]);
    }

    /// <summary>Day of the month on which pay comes; null where it is not known.</summary>
    public int? PayDay => Vector[(int)Feature.SalaryDayOfMonth] is var day && float.IsFinite(day) ? (int)day : null;

    private static double? Score(FeatureModel? model, float[] row) => model is null ? null : Math.Clamp(model.Score(row), 0, 1);
}
