using System.Numerics;
using System.Text.Json;
using ServerlessCLM.Features;

namespace ServerlessCLM.Models;

/// <summary>What a document of kind <c>btyd</c> holds. The unit of time is a twelfth of a year.</summary>
/// <param name="Buying">Fitted on the purchases of the last 90 days.</param>
/// <param name="Spending">Fitted on the mean amounts of the same purchases.</param>
/// <param name="Margin">Share of card spending that the bank keeps.</param>
/// <param name="Months">How far to look.</param>
/// <param name="YearlyDiscount">What a year's wait costs: 0.1 is 10%.</param>
/// <param name="Usual">The customer that reasons are held against: features in the order of <see cref="LifetimeValueModel.Inputs"/>.</param>
internal sealed record LifetimeValueTerms(
    BgNbd Buying, GammaGamma Spending, double Margin, int Months, double YearlyDiscount, IReadOnlyList<float> Usual);

/// <summary>
/// Kind <c>btyd</c>: the discounted margin of the card purchases to come, by BG/NBD and gamma-gamma from the customer's own purchases as the features
/// have them. Time begins 90 days ago, or with the relationship where that is younger; every purchase since then counts.
/// </summary>
internal sealed class LifetimeValueModel : FeatureModel
{
    public const double DaysPerMonth = 365 / 12.0;

    /// <summary>Days that the features look back.</summary>
    public const int WindowDays = 90;

    /// <summary>Nobody pays by card more often in 90 days; a row that says so is taken at this.</summary>
    private const int MostPurchases = 10_000;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly LifetimeValueTerms _terms;

    public LifetimeValueModel(ModelDocument document)
        : base(document)
    {
        if (!document.Features.Select(feature => feature.Name).SequenceEqual(Inputs.Select(input => FeatureCatalogue.All[(int)input].Name), StringComparer.Ordinal))
            throw new ModelFormatException("$.features", $"must be {string.Join(", ", Inputs.Select(input => FeatureCatalogue.All[(int)input].Name))}");
        try
        {
            _terms = document.Model.Deserialize<LifetimeValueTerms>(Strict)!;
        }
        catch (JsonException unusable)
        {
            throw new ModelFormatException("$.model" + (unusable.Path ?? "$")[1..], "cannot be read as BG/NBD and gamma-gamma");
        }
        catch (ArgumentOutOfRangeException unusable)
        {
            throw new ModelFormatException("$.model", $"{unusable.ParamName} must be above 0");
        }

        Check(_terms.Spending.Q > 1, "spending.q", "must be above 1, or amounts have no mean");
        Check(_terms.Margin is > 0 and <= 1, "margin", "must be a share above 0");
        Check(_terms.Months is >= 1 and <= 120, "months", "must be 1 to 120");
        Check(_terms.YearlyDiscount is >= 0 and <= 1, "yearlyDiscount", "must be 0 to 1");
        Check(_terms.Usual.Count == Inputs.Count, "usual", $"must have {Inputs.Count} values");
    }

    /// <summary>What it reads.</summary>
    public static IReadOnlyList<Feature> Inputs { get; } = [Feature.Purchases90d, Feature.DaysSincePurchase, Feature.TenureDays, Feature.PurchaseMean90d];

    public override void Score(Span<float> rows, Span<double> scores)
    {
        for (var row = 0; row < scores.Length; row++)
        {
            var at = rows.Slice(row * RowWidth, RowWidth);
            scores[row] = Value(at[(int)Inputs[0]], at[(int)Inputs[1]], at[(int)Inputs[2]], at[(int)Inputs[3]]);
        }
    }

    /// <remarks>Exact Shapley values over the inputs, against the usual customer of the training rows.</remarks>
    public override double Explain(Span<float> row, Span<double> contributions)
    {
        var count = Inputs.Count;
        Span<double> values = stackalloc double[1 << count];
        Span<float> mixed = stackalloc float[count];
        for (var taken = 0; taken < values.Length; taken++)
        {
            for (var input = 0; input < count; input++)
                mixed[input] = (taken & (1 << input)) != 0 ? row[(int)Inputs[input]] : _terms.Usual[input];
            values[taken] = Value(mixed[0], mixed[1], mixed[2], mixed[3]);
        }

        // A set of s others precedes an input in s!·(n − 1 − s)! of the n! orders: with n = 4, in 6, 2, 2, 6 of 24.
        ReadOnlySpan<double> weights = [6 / 24.0, 2 / 24.0, 2 / 24.0, 6 / 24.0];
        contributions[..RowWidth].Clear();
        for (var input = 0; input < count; input++)
        {
            for (var others = 0; others < values.Length; others++)
            {
                if ((others & (1 << input)) == 0)
                    contributions[(int)Inputs[input]] += weights[BitOperations.PopCount((uint)others)] * (values[others | (1 << input)] - values[others]);
            }
        }

        return values[0];
    }

    public override IReadOnlyList<float> Thresholds(Feature feature) => [];

    /// <summary>A customer's purchases as BG/NBD and gamma-gamma take them, whatever the features say.</summary>
    internal static (PurchaseHistory History, Spending Spending) Summary(float purchases, float daysSince, float tenure, float mean)
    {
        var days = float.IsFinite(tenure) ? Math.Clamp(tenure + 1, 1, WindowDays) : WindowDays;
        if (!(purchases >= 1))
            return (new PurchaseHistory(0, 0, days / DaysPerMonth), default);

        var count = (int)Math.Min(purchases, MostPurchases);
        var last = Math.Clamp(days - (float.IsFinite(daysSince) ? daysSince : 0), 1, days);
        return (new PurchaseHistory(count, last / DaysPerMonth, days / DaysPerMonth), float.IsFinite(mean) ? new Spending(count, Math.Max(mean, 0.01)) : default);
    }

    private double Value(float purchases, float daysSince, float tenure, float mean)
    {
        var (history, spending) = Summary(purchases, daysSince, tenure, mean);
        return _terms.Margin * LifetimeValue.Of(_terms.Buying, _terms.Spending, history, spending, _terms.Months, Math.Pow(1 + _terms.YearlyDiscount, 1 / 12.0) - 1);
    }

    private static void Check(bool good, string path, string reason)
    {
        if (!good)
            throw new ModelFormatException($"$.model.{path}", reason);
    }

    internal static JsonElement ToElement(LifetimeValueTerms terms) => JsonSerializer.SerializeToElement(terms, Strict);
}
