using System.Globalization;
using System.Text.Json;
using MathNet.Numerics.Distributions;
using ServerlessCLM.Features;

namespace ServerlessCLM.Models;

/// <summary>
/// Kinds <c>linear</c> and <c>response</c>: a logistic model of the catalogue's features. A response model also reads the local hour of a contact, as
/// blocks of hours (terms <c>hour_8</c>, <c>hour_10</c>, …, each until the next one begins) and as features that weigh otherwise in the evening
/// (terms <c>evening_</c>feature); without an hour its score is that of the customer's best one.
/// </summary>
internal sealed class LinearModel : FeatureModel
{
    /// <summary>From this local hour on the terms of the evening count.</summary>
    public const int Evening = 17;

    public const string HourPrefix = "hour_", EveningPrefix = "evening_";

    private const int MostTerms = 256;

    private static readonly double Distance = Normal.InvCDF(0, 1, Confidence);

    private readonly LogisticModel _model;
    private readonly Input[] _inputs;
    private readonly int[] _blocks;

    public LinearModel(ModelDocument document)
        : base(document)
    {
        var isResponse = document.Kind == ModelKinds.Response;
        _model = Read(document.Model, "$.model", isResponse ? "logistic" : null);
        _inputs = [.. _model.Terms.Select((term, place) => Input.Of(term.Feature, isResponse)
            ?? throw new ModelFormatException($"$.model.terms[{place}].feature", $"'{term.Feature}' is no feature of the catalogue{(isResponse ? " and no block of hours" : "")}"))];
        if (!_inputs.Where(input => input.Place >= 0).Select(input => RowFeatures[input.Place]).ToHashSet(StringComparer.Ordinal)
            .SetEquals(document.Features.Select(feature => feature.Name)))
            throw new ModelFormatException("$.features", "must be those that the model's terms speak of");

        _blocks = [.. _inputs.Where(input => input.Block >= 0).Select(input => input.Block)];
        if (!isResponse)
            return;

        Until = document.Model.TryGetProperty("until", out var until) && until.ValueKind == JsonValueKind.Number && until.TryGetInt32(out var hour) ? hour
            : throw new ModelFormatException("$.model.until", "must be the hour at which the last block ends");
        if (_blocks.Length == 0 || !_blocks.SequenceEqual(_blocks.Distinct().Order()) || Until <= _blocks[^1] || Until > 24)
            throw new ModelFormatException("$.model.terms", "must have blocks of hours, ascending, ending by 24");
    }

    public override IEnumerable<int> Hours => _blocks.Length == 0 ? [] : Enumerable.Range(_blocks[0], Until - _blocks[0]);

    public override bool HasLowerBound => _model.Covariance is not null;

    private int Until { get; }

    public override void Score(Span<float> rows, Span<double> scores)
    {
        for (var row = 0; row < scores.Length; row++)
            scores[row] = Probability(BestMargin(rows.Slice(row * RowWidth, RowWidth), out _));
    }

    public override double ScoreAt(Span<float> row, int hour) => Probability(MarginAt(row, BlockOf(hour)));

    public override double LowerBound(Span<float> row)
    {
        _ = BestMargin(row, out var block);
        return BoundAt(row, block);
    }

    /// <summary>The probability at an hour, and what it lies above.</summary>
    public (double Probability, double LowerBound) EstimateAt(Span<float> row, int hour) => (ScoreAt(row, hour), BoundAt(row, BlockOf(hour)));

    /// <remarks>Of the log odds against the average customer of the training rows, exact for a linear model. The hour's part is left in its own place.</remarks>
    public override double Explain(Span<float> row, Span<double> contributions)
    {
        _ = BestMargin(row, out var block);
        contributions[..RowWidth].Clear();
        for (var i = 0; i < _inputs.Length; i++)
            contributions[_inputs[i].Place < 0 ? FeatureCatalogue.Count : _inputs[i].Place] += _model.Terms[i].Part(_inputs[i].Value(row, block));
        return _model.Intercept;
    }

    public override IReadOnlyList<float> Thresholds(Feature feature) => [];

    /// <summary>Reads a logistic model within a document.</summary>
    internal static LogisticModel Read(JsonElement model, string path, string? member)
    {
        if (member is not null)
            (model, path) = (model.TryGetProperty(member, out var part) ? part : throw new ModelFormatException($"{path}.{member}", "is missing"), $"{path}.{member}");
        try
        {
            var read = LogisticModel.Read(model);
            return read.Terms.Count <= MostTerms ? read : throw new ModelFormatException("$.terms", $"has {read.Terms.Count} terms; {MostTerms} are the most");
        }
        catch (ModelFormatException unusable)
        {
            throw unusable.Within(path);
        }
    }

    private double Probability(double margin) => (Document.Calibration ?? ModelCalibration.Logistic).Apply(margin);

    private double BestMargin(ReadOnlySpan<float> row, out int block)
    {
        block = _blocks.Length == 0 ? -1 : _blocks[0];
        var best = MarginAt(row, block);
        foreach (var other in _blocks.AsSpan(Math.Min(1, _blocks.Length)))
        {
            if (MarginAt(row, other) is var margin && margin > best)
                (best, block) = (margin, other);
        }

        return best;
    }

    private double MarginAt(ReadOnlySpan<float> row, int block)
    {
        Span<float> values = stackalloc float[_inputs.Length];
        Fill(row, block, values);
        return _model.Margin(values);
    }

    private double BoundAt(ReadOnlySpan<float> row, int block)
    {
        Span<float> values = stackalloc float[_inputs.Length];
        Fill(row, block, values);
        return Probability(_model.Margin(values) - (Distance * _model.StandardError(values)));
    }

    private void Fill(ReadOnlySpan<float> row, int block, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = _inputs[i].Value(row, block);
    }

    private int BlockOf(int hour)
    {
        if (_blocks.Length == 0)
            return -1;
        if (hour < _blocks[0] || hour >= Until)
            throw new ArgumentOutOfRangeException(nameof(hour), hour, $"{Document} knows the hours from {_blocks[0]} to before {Until}");

        return Array.FindLast(_blocks, from => from <= hour);
    }

    /// <summary>Where a term reads its value.</summary>
    /// <param name="Place">Of the feature in a row; −1 for a block of hours.</param>
    /// <param name="Block">First hour of the block; −1 for a feature.</param>
    /// <param name="InEvening">Whether the feature counts in the evening only.</param>
    internal readonly record struct Input(int Place, int Block = -1, bool InEvening = false)
    {
        public static Input? Of(string term, bool withHours)
        {
            if (FeatureCatalogue.IndexOf(term) is >= 0 and var place)
                return new Input(place);
            if (withHours && term.StartsWith(HourPrefix, StringComparison.Ordinal)
                && int.TryParse(term.AsSpan(HourPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var hour) && hour < 24)
                return new Input(-1, hour);

            return withHours && term.StartsWith(EveningPrefix, StringComparison.Ordinal) && FeatureCatalogue.IndexOf(term[EveningPrefix.Length..]) is >= 0 and var late
                ? new Input(late, InEvening: true)
                : null;
        }

        public float Value(ReadOnlySpan<float> row, int block) => Place < 0 ? block == Block ? 1 : 0 : !InEvening || block >= Evening ? row[Place] : 0;
    }
}
