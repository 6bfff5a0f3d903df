using MathNet.Numerics.Distributions;
using ServerlessCLM.Features;

namespace ServerlessCLM.Models;

/// <summary>
/// Kind <c>uplift</c>: a logistic model of the treated and one of the others, from the two arms of an experiment; the score is the difference of
/// their probabilities. The arms are independent, so the variance of the difference is the sum of theirs, each by the delta method from its model's covariance.
/// </summary>
internal sealed class UpliftScores : FeatureModel
{
    private static readonly double Distance = Normal.InvCDF(0, 1, Confidence);

    private readonly LogisticModel _treated, _untreated;
    private readonly int[] _places;

    public UpliftScores(ModelDocument document)
        : base(document)
    {
        _treated = Read("treated");
        _untreated = Read("untreated");
        _places = [.. document.Features.Select(feature => FeatureCatalogue.IndexOf(feature.Name))];
    }

    public override bool HasLowerBound => true;

    public override void Score(Span<float> rows, Span<double> scores)
    {
        Span<float> values = stackalloc float[_places.Length];
        for (var row = 0; row < scores.Length; row++)
        {
            Fill(rows[(row * RowWidth)..], values);
            scores[row] = LogOdds.Probability(_treated.Margin(values)) - LogOdds.Probability(_untreated.Margin(values));
        }
    }

    public override double LowerBound(Span<float> row)
    {
        Span<float> values = stackalloc float[_places.Length];
        Fill(row, values);
        var (with, without) = (LogOdds.Probability(_treated.Margin(values)), LogOdds.Probability(_untreated.Margin(values)));
        var (first, second) = (with * (1 - with) * _treated.StandardError(values), without * (1 - without) * _untreated.StandardError(values));
        return with - without - (Distance * Math.Sqrt((first * first) + (second * second)));
    }

    /// <remarks>Of the difference itself, against the average customer: the gradient of each probability, averaged along the straight line from the
    /// average to the customer (Aumann and Shapley, 1974), which a logistic model has in closed form.</remarks>
    public override double Explain(Span<float> row, Span<double> contributions)
    {
        Span<float> values = stackalloc float[_places.Length];
        Fill(row, values);
        contributions[..RowWidth].Clear();
        Add(_treated, values, 1, contributions);
        Add(_untreated, values, -1, contributions);
        return LogOdds.Probability(_treated.Intercept) - LogOdds.Probability(_untreated.Intercept);
    }

    public override IReadOnlyList<float> Thresholds(Feature feature) => [];

    private void Add(LogisticModel model, ReadOnlySpan<float> values, int sign, Span<double> contributions)
    {
        var way = model.Margin(values) - model.Intercept;
        var start = LogOdds.Probability(model.Intercept);
        var slope = Math.Abs(way) < 1e-9 ? start * (1 - start) : (LogOdds.Probability(model.Intercept + way) - start) / way;
        for (var i = 0; i < values.Length; i++)
            contributions[_places[i]] += sign * slope * model.Terms[i].Part(values[i]);
    }

    private void Fill(ReadOnlySpan<float> row, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = row[_places[i]];
    }

    private LogisticModel Read(string arm)
    {
        var model = LinearModel.Read(Document.Model, "$.model", arm);
        if (!model.Terms.Select(term => term.Feature).SequenceEqual(Document.Features.Select(feature => feature.Name), StringComparer.Ordinal))
            throw new ModelFormatException($"$.model.{arm}.terms", "must be of the document's features, in their order");

        return model.Covariance is not null ? model : throw new ModelFormatException($"$.model.{arm}.covariance", "is missing");
    }
}
