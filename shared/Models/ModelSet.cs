using System.Collections.Frozen;

namespace ServerlessCLM.Models;

/// <summary>A model in use.</summary>
/// <param name="Document">The live version.</param>
/// <param name="Scorer">It, ready to score features; null for a model of payments.</param>
/// <param name="Shadows">Versions that score along without being acted on: challengers, and the champion before.</param>
public sealed record LiveModel(ModelDocument Document, FeatureModel? Scorer, IReadOnlyList<FeatureModel> Shadows)
{
    /// <summary>How a customer's state refers to it.</summary>
    public uint Key { get; } = (uint)Digest64.Of(Document.Id);

    /// <summary>Ends the name of a score's lower bound.</summary>
    public const string LowerSuffix = "_lower";

    /// <summary>Names of its scores in conditions: the id, and with <see cref="LowerSuffix"/> the lower bound of a model that gives one.</summary>
    public IReadOnlyList<string> ScoreNames => Scorer is null ? [] : Scorer.HasLowerBound ? [Document.Id, Document.Id + LowerSuffix] : [Document.Id];

    public static LiveModel Of(ModelDocument document, IEnumerable<ModelDocument>? shadows = null) =>
        new(document, ScorerOf(document), [.. (shadows ?? []).Select(ScorerOf).OfType<FeatureModel>()]);

    private static FeatureModel? ScorerOf(ModelDocument document) => document.Kind == ModelKinds.Fraud ? null : FeatureModel.Of(document);
}

/// <summary>All models in use at one moment. A commit uses one set from its beginning to its end.</summary>
public sealed class ModelSet
{
    /// <summary>Models that may speak up at a payment: so many that a commit's rows still fit a transaction.</summary>
    public const int MaxAlerting = 8;

    private readonly FrozenDictionary<string, LiveModel> _byId;

    /// <exception cref="ModelFormatException">More models speak up than a commit has room for.</exception>
    public ModelSet(IEnumerable<LiveModel> models)
    {
        All = [.. models.OrderBy(model => model.Document.Id, StringComparer.Ordinal)];
        Alerting = [.. All.Where(model => model is { Scorer: not null, Document.Alert: not null })];
        if (Alerting.Count > MaxAlerting)
            throw new ModelFormatException("$.alert", $"{Alerting.Count} models would speak up; {MaxAlerting} are the most");

        _byId = All.ToFrozenDictionary(model => model.Document.Id, StringComparer.Ordinal);
    }

    public static ModelSet Empty { get; } = new([]);

    /// <summary>What the product comes with.</summary>
    public static ModelSet Shipped { get; } = new(ShippedModels.All.Select(document => LiveModel.Of(document)));

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyList<LiveModel> All { get; }

    /// <summary>Those that are scored at every payment.</summary>
    public IReadOnlyList<LiveModel> Alerting { get; }

    public LiveModel? Find(string id) => _byId.GetValueOrDefault(id);
}
