using System.Collections.Frozen;
using ServerlessCLM.Features;
using ServerlessCLM.Models;

namespace ServerlessCLM.Decisions.Authorizations;

/// <summary>Kind <c>fraud</c>: trees over <see cref="AuthorizationInputs"/>, calibrated to the probability that somebody else pays. Immutable.</summary>
public sealed class FraudModel
{
    public const string ModelId = "fraud";

    private static readonly FrozenDictionary<string, string> Words = new Dictionary<AuthorizationInput, string>
    {
        [AuthorizationInput.Amount] = "the amount",
        [AuthorizationInput.AmountVsMean] = "an unusual amount",
        [AuthorizationInput.CardAbsent] = "the card was not there",
        [AuthorizationInput.Swiped] = "the stripe was swiped",
        [AuthorizationInput.Authenticated] = "the cardholder has not proven who they are",
        [AuthorizationInput.NewMerchant] = "a merchant never used before",
        [AuthorizationInput.UnusualMerchant] = "a merchant not used lately",
        [AuthorizationInput.NewCountry] = "a country never paid in before",
        [AuthorizationInput.Attempts1h] = "many payments within an hour",
        [AuthorizationInput.Attempts24h] = "many payments within a day",
        [AuthorizationInput.Declines1h] = "declined within an hour",
        [AuthorizationInput.Approved24h] = "many approved payments within a day",
        [AuthorizationInput.ApprovedAmount24h] = "much spent within a day",
        [AuthorizationInput.Cash24h] = "much cash within a day",
        [AuthorizationInput.CardAbsent24h] = "several payments without the card within a day",
        [AuthorizationInput.NewMerchants24h] = "new merchants within a day",
        [AuthorizationInput.OtherCountries24h] = "other countries within a day",
    }.ToFrozenDictionary(words => FeatureCatalogue.SnakeCase(words.Key.ToString()), words => words.Value, StringComparer.Ordinal);

    private readonly TreeEnsemble _trees;
    private readonly Lazy<TreeExplainer> _explainer;
    private readonly ModelCalibration _calibration;
    private readonly int[] _places;

    /// <exception cref="ModelFormatException">It is no model of these inputs.</exception>
    public FraudModel(ModelDocument document)
    {
        if (document.Kind != ModelKinds.Fraud)
            throw new ModelFormatException("$.kind", $"must be {ModelKinds.Fraud}");

        Document = document;
        _places = [.. document.Features.Select((feature, place) => AuthorizationInputs.IndexOf(feature.Name) is >= 0 and var found ? found
            : throw new ModelFormatException($"$.features[{place}].name", $"'{feature.Name}' is neither an input of authorizations nor a feature"))];
        try
        {
            _trees = TreeEnsemble.Read(document.Model);
        }
        catch (ModelFormatException unusable)
        {
            throw unusable.Within("$.model");
        }

        if (!_trees.Features.SequenceEqual(document.Features.Select(feature => feature.Name), StringComparer.Ordinal))
            throw new ModelFormatException("$.model.features", "must be the document's");

        _calibration = document.Calibration ?? throw new ModelFormatException("$.calibration", "is missing");
        _explainer = new Lazy<TreeExplainer>(() => new TreeExplainer(_trees));
    }

    public ModelDocument Document { get; }

    /// <summary>A reason in words; null where it is none of the model's.</summary>
    public static string? WordsOf(string reason) =>
        Words.GetValueOrDefault(reason) ?? (FeatureCatalogue.IndexOf(reason) is >= 0 and var place ? FeatureCatalogue.All[place].Phrase : null);

    /// <summary>Probability of fraud, 0 to 1.</summary>
    /// <param name="inputs">From <see cref="AuthorizationInputs.Fill"/>.</param>
    public double Probability(ReadOnlySpan<float> inputs)
    {
        Span<float> row = stackalloc float[_places.Length];
        Fill(inputs, row);
        return _calibration.Apply(_trees.Margin(row));
    }

    /// <summary>The inputs that make it likelier, by their exact contributions, the weightiest first; none where they do not add up.</summary>
    public IEnumerable<string> Reasons(ReadOnlySpan<float> inputs)
    {
        Span<float> row = stackalloc float[_places.Length];
        Fill(inputs, row);
        var contributions = new double[_places.Length];
        try
        {
            _explainer.Value.Explain(row, contributions);
        }
        catch (ExplanationException)
        {
            // Reasons that do not add up would be invented ones.
            return [];
        }

        return Enumerable.Range(0, contributions.Length).Where(place => contributions[place] > 0).OrderByDescending(place => contributions[place])
            .Select(place => _trees.Features[place]);
    }

    private void Fill(ReadOnlySpan<float> inputs, Span<float> row)
    {
        for (var place = 0; place < row.Length; place++)
            row[place] = inputs[_places[place]];
    }
}
