using ServerlessCLM.Features;

namespace ServerlessCLM.Models;

/// <summary>Kind <c>trees</c>: the calibrated margin of one ensemble; without calibration the margin, an amount.</summary>
internal sealed class TreesModel : FeatureModel
{
    private readonly TreeEnsemble _trees;
    private readonly Lazy<TreeExplainer> _explainer;

    public TreesModel(ModelDocument document)
        : base(document)
    {
        _trees = Bind(document.Model, "$.model", document.Features, FeatureCatalogue.Count);
        _explainer = new Lazy<TreeExplainer>(() => new TreeExplainer(_trees));
    }

    public override void Score(Span<float> rows, Span<double> scores)
    {
        _trees.Margins(rows, RowWidth, scores);
        if (Document.Calibration is not { } calibration)
            return;

        foreach (ref var score in scores)
            score = calibration.Apply(score);
    }

    public override double Explain(Span<float> row, Span<double> contributions) =>
        _explainer.Value.Explain(row[..FeatureCatalogue.Count], contributions[..FeatureCatalogue.Count]);

    public override IReadOnlyList<float> Thresholds(Feature feature) => _trees.Thresholds((int)feature);
}
