using System.Text.Json;
using ServerlessCLM.Features;

namespace ServerlessCLM.Models;

/// <summary>
/// Kind <c>hazard</c>: in each period the event comes with hazard hₖ, given that it has not come before, so by the end of period k it
/// has come with probability 1 − Π(1 − hⱼ), j ≤ k (Singer and Willett, 1993; Allison, 1982). One ensemble reads the features and the
/// period, so that monotone features move every horizon alike. The score is that of the last period.
/// </summary>
internal sealed class HazardModel : FeatureModel
{
    public const int Periods = 3, PeriodDays = 30;

    /// <summary>Rows scored at a time.</summary>
    private const int Chunk = 64;

    private readonly TreeEnsemble _trees;
    private readonly Lazy<TreeExplainer> _explainer;
    private readonly ModelCalibration _calibration;

    public HazardModel(ModelDocument document)
        : base(document)
    {
        if (!document.Model.TryGetProperty("periods", out var periods) || periods.ValueKind != JsonValueKind.Number || periods.GetDouble() != Periods)
            throw new ModelFormatException("$.model.periods", $"must be {Periods}");
        if (!document.Model.TryGetProperty("periodDays", out var days) || days.ValueKind != JsonValueKind.Number || days.GetDouble() != PeriodDays)
            throw new ModelFormatException("$.model.periodDays", $"must be {PeriodDays}");
        if (!document.Model.TryGetProperty("hazard", out var trees))
            throw new ModelFormatException("$.model.hazard", "is missing");

        _trees = Bind(trees, "$.model.hazard", document.Features, RowWidth);
        _explainer = new Lazy<TreeExplainer>(() => new TreeExplainer(_trees));
        _calibration = document.Calibration ?? throw new ModelFormatException("$.calibration", "is missing");
    }

    public override IReadOnlyList<int> Horizons { get; } = [PeriodDays, 2 * PeriodDays, 3 * PeriodDays];

    public override void Score(Span<float> rows, Span<double> scores)
    {
        Span<double> hazards = stackalloc double[Chunk];
        for (var from = 0; from < scores.Length; from += Chunk)
        {
            var survival = scores.Slice(from, Math.Min(Chunk, scores.Length - from));
            var part = rows.Slice(from * RowWidth, survival.Length * RowWidth);
            survival.Fill(1);
            for (var period = 1; period <= Periods; period++)
            {
                for (var row = 0; row < survival.Length; row++)
                    part[(row * RowWidth) + FeatureCatalogue.Count] = period;
                _trees.Margins(part, RowWidth, hazards[..survival.Length]);
                for (var row = 0; row < survival.Length; row++)
                    survival[row] *= 1 - _calibration.Apply(hazards[row]);
            }

            foreach (ref var score in survival)
                score = 1 - score;
        }
    }

    public override void Path(Span<float> row, Span<double> scores)
    {
        double survival = 1;
        for (var period = 1; period <= Periods; period++)
        {
            row[FeatureCatalogue.Count] = period;
            survival *= 1 - _calibration.Apply(_trees.Margin(row[..RowWidth]));
            scores[period - 1] = 1 - survival;
        }
    }

    /// <remarks>Of the mean log odds over the periods; the period itself, which is nobody's reason, is left in its own place.</remarks>
    public override double Explain(Span<float> row, Span<double> contributions)
    {
        double expected = 0;
        Span<double> one = stackalloc double[RowWidth];
        contributions.Clear();
        for (var period = 1; period <= Periods; period++)
        {
            row[FeatureCatalogue.Count] = period;
            expected += _explainer.Value.Explain(row[..RowWidth], one) / Periods;
            for (var place = 0; place < RowWidth; place++)
                contributions[place] += one[place] / Periods;
        }

        return expected;
    }

    public override IReadOnlyList<float> Thresholds(Feature feature) => _trees.Thresholds((int)feature);
}
