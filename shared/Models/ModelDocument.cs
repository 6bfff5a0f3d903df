using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessCLM.Models;

/// <summary>
/// A model as one readable document: what it is for, what it was trained on, how good it is, where it must not be used, and the
/// model itself. It is the model card's source: nothing on a card is written anywhere else.
/// </summary>
/// <param name="Id">Snake case, 1–64 characters; the name of the score.</param>
/// <param name="Version">From 1; a version is never changed.</param>
/// <param name="Kind">What <paramref name="Model"/> holds: one of <see cref="ModelKinds"/>.</param>
/// <param name="Purpose">What decisions it serves.</param>
/// <param name="Label">What is predicted, exactly.</param>
/// <param name="HorizonDays">Days after the prediction in which the label may come true; null where time has no part.</param>
/// <param name="Features">The inputs, in the order of a row.</param>
/// <param name="Training">The data it was made from.</param>
/// <param name="Metrics">Figures of a test it was not trained on, by name.</param>
/// <param name="Limits">Where it must not be used, or not without care.</param>
/// <param name="Model">The model, as its kind writes it.</param>
public sealed record ModelDocument(
    string Id, int Version, string Kind, string Purpose, string Label,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? HorizonDays, IReadOnlyList<ModelFeature> Features,
    ModelTraining Training, IReadOnlyDictionary<string, Figure> Metrics, IReadOnlyList<string> Limits, JsonElement Model)
{
    /// <summary>Of the documents that this code reads and writes.</summary>
    public const string SchemaName = "/api/schemas/model.json";

    /// <summary>The form of documents that this code reads; a document with a higher one is of a newer product.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Where the JSON Schema is found.</summary>
    [JsonPropertyName("$schema"), JsonPropertyOrder(-1)]
    public string? Schema { get; init; } = SchemaName;

    public int Format { get; init; } = CurrentFormat;

    /// <summary>From the raw score to a probability; null where the raw score is the answer.</summary>
    public ModelCalibration? Calibration { get; init; }

    /// <summary>From which score on the model speaks up at a payment; null for a model that only answers when asked.</summary>
    public ModelAlert? Alert { get; init; }

    /// <summary>How features and scores were distributed when it was trained, for the watch.</summary>
    public ModelReference? Reference { get; init; }

    /// <summary>What its card draws; null for a document that was made without.</summary>
    public ModelCurves? Curves { get; init; }

    /// <summary>What was found before it went live.</summary>
    public IReadOnlyList<GateResult>? Gates { get; init; }

    public override string ToString() => $"{Id} {Version}";
}

/// <summary>An input of a model.</summary>
/// <param name="Name">In the feature catalogue; for a model of other data its column.</param>
/// <param name="Direction">Which way the score is held to move with it.</param>
/// <param name="Levels">For a text column its values, in the order of their codes from 0; null for a number.</param>
public sealed record ModelFeature(string Name, Direction Direction = Direction.Open, IReadOnlyList<string>? Levels = null)
{
    /// <summary>For a text column of many values the number that stands for each level, and at the end the one for all other texts; null
    /// where each level is a column of its own, 1 or 0. <see cref="InputEncoding"/> says how.</summary>
    public IReadOnlyList<float>? Codes { get; init; }
}

/// <summary>Which way a score moves with a feature, all else equal.</summary>
public enum Direction { Open, Rises, Falls }

/// <summary>The data a model was made from.</summary>
/// <param name="Source">Which data, in words.</param>
/// <param name="Rows">Rows trained on.</param>
/// <param name="Positives">Of those, rows whose label came true; null for amounts.</param>
public sealed record ModelTraining(string Source, int Rows, int? Positives = null)
{
    /// <summary>The command that makes it again, byte for byte.</summary>
    public string? Command { get; init; }

    /// <summary>First and last instant of a prediction in it.</summary>
    public DateTimeOffset? From { get; init; }

    /// <inheritdoc cref="From"/>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Rows that a rule left out, by rule.</summary>
    public IReadOnlyDictionary<string, int>? LeftOut { get; init; }

    /// <summary>Settings of the trainer, by name.</summary>
    public IReadOnlyDictionary<string, double>? Settings { get; init; }
}

/// <summary>A figure, with the ends of its 95% interval where one is known.</summary>
public readonly record struct Figure(double Value, double? Low = null, double? High = null);

/// <summary>Scores at which a model speaks up. It speaks once, and again only after the score has fallen below the second.</summary>
/// <param name="Signal">Name of the signal, snake case.</param>
/// <param name="Cut">Raised at this score or above.</param>
/// <param name="Release">Over below this one; at most the cut.</param>
/// <param name="Share">Share of the customers of the test that were at or above the cut.</param>
/// <param name="TenureDays">Customers known for fewer days are not spoken of; it learned from none.</param>
public sealed record ModelAlert(string Signal, double Cut, double Release, double Share, int TenureDays = 0);

/// <summary>One gate's finding.</summary>
/// <param name="Name">Which gate.</param>
/// <param name="Passed">Whether it lets the model pass.</param>
/// <param name="Words">In words, for the card.</param>
/// <param name="Value">The figure found; null where there was nothing to measure.</param>
/// <param name="Bound">What it was held against.</param>
public sealed record GateResult(string Name, bool Passed, string Words, Figure? Value = null, double? Bound = null);

/// <summary>How features and scores were distributed over the rows a model was trained on.</summary>
/// <param name="Rows">How many rows there were.</param>
/// <param name="Score">The model's own scores.</param>
/// <param name="Features">The features that weigh most in it.</param>
public sealed record ModelReference(int Rows, Bins Score, IReadOnlyList<Bins> Features);

/// <summary>A distribution in bins.</summary>
/// <param name="Name">Of the feature; <c>score</c>.</param>
/// <param name="Edges">Ascending. A value is in the first bin whose edge is not below it, or beyond the last.</param>
/// <param name="Shares">One more than edges, and at the end the share of missing values; they add up to 1.</param>
public sealed record Bins(string Name, IReadOnlyList<double> Edges, IReadOnlyList<double> Shares);
