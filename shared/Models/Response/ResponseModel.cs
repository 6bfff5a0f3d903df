namespace ServerlessCLM.Models;

/// <summary>How likely a contact is answered.</summary>
/// <param name="Probability">Of an answer within a day, 0 to 1.</param>
/// <param name="LowerBound">What the probability lies above with <see cref="FeatureModel.Confidence"/>; at most the probability.</param>
public readonly record struct ResponseEstimate(double Probability, double LowerBound);

/// <summary>Response by channel and local hour: the models <c>response_</c>channel of a set. Immutable, and pure.</summary>
public sealed class ResponseModel
{
    private readonly Dictionary<string, LinearModel> _byChannel = new(StringComparer.Ordinal);

    /// <param name="models">The models in use.</param>
    public ResponseModel(ModelSet models)
    {
        foreach (var model in models.All)
        {
            if (model is { Document.Kind: ModelKinds.Response, Scorer: LinearModel { HasLowerBound: true } scorer }
                && model.Document.Id.StartsWith(PredictionTasks.ResponsePrefix, StringComparison.Ordinal))
                _byChannel[model.Document.Id[PredictionTasks.ResponsePrefix.Length..]] = scorer;
        }
    }

    /// <summary>Channels that there is a model of.</summary>
    public IReadOnlyCollection<string> Channels => _byChannel.Keys;

    /// <summary>What is known of a contact over a channel at a local hour; null where there is no model of it.</summary>
    /// <param name="features">A vector of the feature catalogue.</param>
    /// <param name="channel">As consents name it.</param>
    /// <param name="hour">0 to 23, on the customer's clock.</param>
    public ResponseEstimate? Estimate(ReadOnlySpan<float> features, string channel, int hour)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hour);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hour, 23);
        if (!_byChannel.TryGetValue(channel, out var model) || !model.Hours.Contains(hour))
            return null;

        Span<float> row = stackalloc float[FeatureModel.RowWidth];
        features[..Features.FeatureCatalogue.Count].CopyTo(row);
        var (probability, bound) = model.EstimateAt(row, hour);
        return new ResponseEstimate(probability, bound);
    }
}
