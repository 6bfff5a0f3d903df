using System.Text.Json;
using ServerlessCLM.Features;

namespace ServerlessCLM.Models;

/// <summary>
/// A model of the feature catalogue, ready to score: its features are bound to their places in a vector, so that all models read
/// the same rows. Immutable, and safe to share between threads.
/// </summary>
/// <param name="document">The model.</param>
public abstract class FeatureModel(ModelDocument document)
{
    /// <summary>Values of a row: a vector of the catalogue, and one place that a model with periods uses for itself.</summary>
    public const int RowWidth = FeatureCatalogue.Count + 1;

    /// <summary>Names of a row's places.</summary>
    internal static readonly string[] RowFeatures = [.. FeatureCatalogue.All.Select(feature => feature.Name), PeriodFeature];

    /// <summary>Name of the place that holds the period of a hazard.</summary>
    internal const string PeriodFeature = "period";

    public ModelDocument Document { get; } = document;

    /// <summary>Days after which each score of <see cref="Path"/> holds; empty for a model without time.</summary>
    public virtual IReadOnlyList<int> Horizons => [];

    /// <summary>Scores rows. Allocates nothing.</summary>
    /// <param name="rows">Row after row, <see cref="RowWidth"/> values each; the last place of each may be overwritten.</param>
    /// <param name="scores">One per row.</param>
    public abstract void Score(Span<float> rows, Span<double> scores);

    /// <summary>The score of one row.</summary>
    public double Score(Span<float> row)
    {
        double score = 0;
        Score(row[..RowWidth], new Span<double>(ref score));
        return score;
    }

    /// <summary>The score by each of <see cref="Horizons"/>, never falling.</summary>
    public virtual void Path(Span<float> row, Span<double> scores)
    {
    }

    /// <summary>Whether a score says how much of it is certain.</summary>
    public virtual bool HasLowerBound => false;

    /// <summary>What the score of a row lies above with <see cref="Confidence"/>.</summary>
    /// <exception cref="InvalidOperationException">The model has no such bound.</exception>
    public virtual double LowerBound(Span<float> row) => throw new InvalidOperationException($"{Document} has no lower bound");

    /// <summary>Local hours of a contact that it tells apart; empty for a model that asks for no hour.</summary>
    public virtual IEnumerable<int> Hours => [];

    /// <summary>The score of a row for a contact at a local hour; the score itself for a model that asks for no hour.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not one of <see cref="Hours"/>.</exception>
    public virtual double ScoreAt(Span<float> row, int hour) => Score(row);

    /// <summary>One-sided confidence of lower bounds.</summary>
    public const double Confidence = 0.95;

    /// <summary>Each place's share in the raw score of a row, and what they are added to.</summary>
    /// <exception cref="ExplanationException">They do not add up: no reasons may be given.</exception>
    public abstract double Explain(Span<float> row, Span<double> contributions);

    /// <summary>Where a feature's change changes the score: ascending, none twice.</summary>
    public abstract IReadOnlyList<float> Thresholds(Feature feature);

    /// <summary>Binds a document to the catalogue.</summary>
    /// <exception cref="ModelFormatException">A feature that the catalogue does not have, or a model that is not as its kind asks.</exception>
    public static FeatureModel Of(ModelDocument document)
    {
        for (var place = 0; place < document.Features.Count; place++)
        {
            var name = document.Features[place].Name;
            if (FeatureCatalogue.IndexOf(name) < 0)
                throw new ModelFormatException($"$.features[{place}].name", $"'{name}' is not in the feature catalogue");
        }

        return document.Kind switch
        {
            ModelKinds.Trees => new TreesModel(document),
            ModelKinds.Hazard => new HazardModel(document),
            ModelKinds.Linear or ModelKinds.Response => new LinearModel(document),
            ModelKinds.Uplift => new UpliftScores(document),
            ModelKinds.BuyTillYouDie => new LifetimeValueModel(document),
            _ => throw new ModelFormatException("$.kind", $"{document.Kind} does not score a customer's features"),
        };
    }

    /// <summary>Trees of a document, bound to the places of a row.</summary>
    /// <param name="element">The ensemble.</param>
    /// <param name="path">Where it is in the document.</param>
    /// <param name="features">What the document says its features are.</param>
    /// <param name="places">How many places of a row the ensemble is to read.</param>
    internal static TreeEnsemble Bind(JsonElement element, string path, IReadOnlyList<ModelFeature> features, int places)
    {
        TreeEnsemble trees;
        try
        {
            trees = TreeEnsemble.Read(element);
        }
        catch (ModelFormatException unusable)
        {
            throw unusable.Within(path);
        }

        string[] expected = [.. features.Select(feature => feature.Name), .. RowFeatures[FeatureCatalogue.Count..places]];
        if (!trees.Features.SequenceEqual(expected, StringComparer.Ordinal))
            throw new ModelFormatException($"{path}.features", $"must be the document's: {string.Join(", ", expected)}");

        var bound = Array.ConvertAll(expected, name => Array.IndexOf(RowFeatures, name));
        return new TreeEnsemble(RowFeatures[..places], trees.BaseMargin, [.. Enumerable.Range(0, trees.TreeCount).Select(tree =>
            trees.Tree(tree).ToArray().Select(node => node.IsLeaf ? node : node with { Feature = bound[node.Feature] }).ToArray())]);
    }

    /// <summary>Trees that read only the features they split on, and these features.</summary>
    internal static (TreeEnsemble Trees, IReadOnlyList<string> Features) Trim(TreeEnsemble trees, params string[] keep)
    {
        var used = new bool[trees.Features.Count];
        var nodes = Enumerable.Range(0, trees.TreeCount).Select(tree => trees.Tree(tree).ToArray()).ToArray();
        foreach (var node in nodes.SelectMany(tree => tree).Where(node => !node.IsLeaf))
            used[node.Feature] = true;

        var names = trees.Features.Where((name, place) => used[place] || keep.Contains(name)).ToArray();
        var moved = trees.Features.Select(name => Array.IndexOf(names, name)).ToArray();
        return (new TreeEnsemble(names, trees.BaseMargin,
            [.. nodes.Select(tree => Array.ConvertAll(tree, node => node.IsLeaf ? node : node with { Feature = moved[node.Feature] }))]), names);
    }

    /// <summary>A model's JSON.</summary>
    internal static JsonElement ToElement(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            write(writer);
        return JsonElement.Parse(stream.ToArray());
    }
}
