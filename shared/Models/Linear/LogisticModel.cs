using System.Text.Json;

namespace ServerlessCLM.Models;

/// <summary>A feature's part in a logistic model's log odds.</summary>
/// <param name="Mean">Of the training rows that have the feature.</param>
/// <param name="Scale">Its standard deviation there.</param>
/// <param name="Weight">Log odds a standard deviation above the mean.</param>
/// <param name="Missing">Log odds of a missing value, which otherwise counts as the mean.</param>
public sealed record LogisticTerm(string Feature, double Mean, double Scale, double Weight, double Missing);

/// <summary>Logistic regression over standardised features: log odds = intercept + Σ weight·(x − mean) ⁄ scale.</summary>
/// <param name="Intercept">Log odds of a customer who is average in everything.</param>
/// <param name="Terms">In the order of a row.</param>
public sealed record LogisticModel(double Intercept, IReadOnlyList<LogisticTerm> Terms)
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Log odds of one row.</summary>
    /// <param name="row">As many values as <see cref="Terms"/>; NaN and infinities are missing.</param>
    public double Margin(ReadOnlySpan<float> row)
    {
        if (row.Length != Terms.Count)
            throw new ArgumentException($"A row has {Terms.Count} values, not {row.Length}.", nameof(row));

        var margin = Intercept;
        for (var i = 0; i < row.Length; i++)
        {
            var term = Terms[i];
            margin += float.IsFinite(row[i]) ? term.Weight * ((row[i] - term.Mean) / term.Scale) : term.Missing;
        }

        return margin;
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
