using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessCLM.Models;

/// <summary>A feature's part in a logistic model's log odds.</summary>
/// <param name="Mean">Of the training rows that have the feature.</param>
/// <param name="Scale">Its standard deviation there.</param>
/// <param name="Weight">Log odds a standard deviation above the mean.</param>
/// <param name="Missing">Log odds of a missing value, which otherwise counts as the mean.</param>
public sealed record LogisticTerm(string Feature, double Mean, double Scale, double Weight, double Missing)
{
    /// <summary>Log odds that a value adds.</summary>
    internal double Part(float value) => float.IsFinite(value) ? Weight * ((value - Mean) / Scale) : Missing;
}

/// <summary>Logistic regression over standardised features: log odds = intercept + Σ weight·(x − mean) ⁄ scale.</summary>
/// <param name="Intercept">Log odds of a customer who is average in everything.</param>
/// <param name="Terms">In the order of a row.</param>
public sealed record LogisticModel(double Intercept, IReadOnlyList<LogisticTerm> Terms)
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>How uncertain the parameters are, as <see cref="LogisticRegression.Covariance"/> gives it: intercept, weights, and of each term that has
    /// one the part of a missing value; the lower triangle, row by row. Null where it is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Covariance { get; init; }

    /// <summary>Log odds of one row.</summary>
    /// <param name="row">As many values as <see cref="Terms"/>; NaN and infinities are missing.</param>
    public double Margin(ReadOnlySpan<float> row)
    {
        if (row.Length != Terms.Count)
            throw new ArgumentException($"A row has {Terms.Count} values, not {row.Length}.", nameof(row));

        var margin = Intercept;
        for (var i = 0; i < row.Length; i++)
            margin += Terms[i].Part(row[i]);
        return margin;
    }

    /// <summary>Standard error of a row's log odds; needs <see cref="Covariance"/>.</summary>
    public double StandardError(ReadOnlySpan<float> row)
    {
        var covariance = Covariance ?? throw new InvalidOperationException("the model does not say how uncertain it is");
        Span<double> at = stackalloc double[1 + (2 * Terms.Count)];
        at = at[..Design(row, at)];
        double sum = 0;
        for (int i = 0, place = 0; i < at.Length; i++)
        {
            for (var j = 0; j < i; j++, place++)
                sum += 2 * at[i] * at[j] * covariance[place];
            sum += at[i] * at[i] * covariance[place++];
        }

        return Math.Sqrt(Math.Max(0, sum));
    }

    /// <summary>Parameters that a covariance is of.</summary>
    internal int Parameters => 1 + Terms.Count + Terms.Count(term => term.Missing != 0);

    /// <summary>The derivatives of a row's log odds by the parameters.</summary>
    /// <returns>How many.</returns>
    internal int Design(ReadOnlySpan<float> row, Span<double> at)
    {
        at[0] = 1;
        var next = 1 + Terms.Count;
        for (var i = 0; i < Terms.Count; i++)
        {
            var there = float.IsFinite(row[i]);
            at[1 + i] = there ? (row[i] - Terms[i].Mean) / Terms[i].Scale : 0;
            if (Terms[i].Missing != 0)
                at[next++] = there ? 0 : 1;
        }

        return next;
    }

    /// <summary>As <c>{"intercept":…,"terms":[{"feature":…,"mean":…,"scale":…,"weight":…,"missing":…}]}</c>.</summary>
    public void WriteTo(Utf8JsonWriter writer) => JsonSerializer.Serialize(writer, this, Strict);

    /// <summary>Reads what <see cref="WriteTo"/> wrote.</summary>
    /// <exception cref="ModelFormatException">The path and the reason; unknown members are refused.</exception>
    public static LogisticModel Read(JsonElement element)
    {
        try
        {
            var model = element.Deserialize<LogisticModel>(Strict) ?? throw new ModelFormatException("$", "must be an object");
            Check(double.IsFinite(model.Intercept), "$.intercept");
            for (var i = 0; i < model.Terms.Count; i++)
            {
                var term = model.Terms[i];
                Check(double.IsFinite(term.Mean), $"$.terms[{i}].mean");
                Check(double.IsFinite(term.Weight), $"$.terms[{i}].weight");
                Check(double.IsFinite(term.Missing), $"$.terms[{i}].missing");
                if (!(term.Scale > 0 && double.IsFinite(term.Scale)))
                    throw new ModelFormatException($"$.terms[{i}].scale", "must be above 0");
            }

            if (model.Covariance is { } covariance && (covariance.Count != model.Parameters * (model.Parameters + 1) / 2 || !covariance.All(double.IsFinite)))
                throw new ModelFormatException("$.covariance", $"must be {model.Parameters * (model.Parameters + 1) / 2} numbers, the lower triangle of {model.Parameters} parameters");

            return model;
        }
        catch (JsonException unusable)
        {
            throw new ModelFormatException(unusable.Path ?? "$", "cannot be read as a logistic model", unusable);
        }

        static void Check(bool holds, string path)
        {
            if (!holds)
                throw new ModelFormatException(path, "must be a finite number");
        }
    }
}
