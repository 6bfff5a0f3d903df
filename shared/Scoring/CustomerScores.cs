using ServerlessCLM.Features;
using ServerlessCLM.Models;

namespace ServerlessCLM.Scoring;

/// <summary>
/// All scores of a customer in one vector, for conditions and strategies: those by formula, each model's under its id, and the lower bound of
/// a model that gives one under <c>id_lower</c>. One instance for one set of models.
/// </summary>
public sealed class CustomerScores
{
    public const string LowerSuffix = "_lower";

    private readonly ModelSet _models;

    public CustomerScores(ModelSet models)
    {
        _models = models;
        Names = [.. ScoreCatalogue.All.Select(score => score.Name), .. models.All.SelectMany(model => NamesOf(model))];
    }

    /// <summary>In the order of the vector.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Names of a model's scores.</summary>
    public static IEnumerable<string> NamesOf(LiveModel model) => model.Scorer is not { } scorer ? []
        : scorer.HasLowerBound ? [model.Document.Id, model.Document.Id + LowerSuffix]
        : [model.Document.Id];

    /// <summary>Fills the vector; NaN is a score that a customer without payments does not have.</summary>
    /// <param name="state">The customer.</param>
    /// <param name="asOf">Unix milliseconds.</param>
    /// <param name="features">Filled along: the feature catalogue's vector, and one place more (<see cref="FeatureModel.RowWidth"/>).</param>
    /// <param name="scores">As long as <see cref="Names"/>.</param>
    public void Fill(FeatureState state, long asOf, Span<float> features, Span<float> scores)
    {
        asOf = Math.Max(asOf, state.NewestDayStart);
        state.Fill(asOf, features);
        ScoreSet.Fill(state, asOf, scores);
        var at = ScoreCatalogue.Count;
        if (state.NewestDayStart == 0)
        {
            scores[at..].Fill(float.NaN);
            return;
        }

        foreach (var model in _models.All)
        {
            if (model.Scorer is not { } scorer)
                continue;

            scores[at++] = (float)scorer.Score(features);
            if (scorer.HasLowerBound)
                scores[at++] = (float)scorer.LowerBound(features);
        }
    }
}
