using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Features;

namespace ServerlessCLM.Models;

/// <summary>Trains the logistic models of the product's set: response by channel and hour, and uplift of contact.</summary>
internal static class LinearTraining
{
    /// <summary>First hours of the blocks in which a contact's hour counts, and the end of the last.</summary>
    private static readonly int[] Blocks = [8, 10, 12, 14, 17, 19];

    private const int Until = 21;

    /// <summary>Of the response: its parameters are many for answers so rare.</summary>
    private const double ResponseRidge = 10;

    private const double UpliftRidge = 100;

    /// <summary>Features that may weigh otherwise in the evening.</summary>
    private static readonly Feature[] EveningInputs = [Feature.ActiveDays30d, Feature.NightShare90d, Feature.WeekendShare90d];

    public static ModelTrainer.Draft Response(PredictionTask task, IReadOnlyList<LabelledRow> rows)
    {
        string[] features = [.. task.Inputs!.Select(Name)];
        string[] terms =
        [
            .. features, .. Blocks.Select(block => string.Create(CultureInfo.InvariantCulture, $"{LinearModel.HourPrefix}{block}")),
            .. EveningInputs.Select(input => LinearModel.EveningPrefix + Name(input)),
        ];
        var inputs = Array.ConvertAll(terms, term => LinearModel.Input.Of(term, withHours: true)!.Value);
        var columns = Array.ConvertAll(inputs, input => (float[])[.. rows.Select(row => input.Value(row.Snapshot.Vector, Array.FindLast(Blocks, block => block <= row.Hour)))]);
        var model = new JsonObject { ["until"] = Until, ["logistic"] = Train(terms, columns, rows, ResponseRidge) };
        return new ModelTrainer.Draft(features, JsonSerializer.SerializeToElement(model), ModelCalibration.Logistic)
        {
            Settings = new Dictionary<string, double>(StringComparer.Ordinal) { ["l2"] = ResponseRidge },
        };
    }

    public static ModelTrainer.Draft Uplift(PredictionTask task, IReadOnlyList<LabelledRow> rows)
    {
        string[] features = [.. task.Inputs!.Select(Name)];
        var model = new JsonObject();
        foreach (var (arm, treated) in ((string, bool)[])[("treated", true), ("untreated", false)])
        {
            LabelledRow[] members = [.. rows.Where(row => row.Treated == treated)];
            model[arm] = Train(features, [.. task.Inputs!.Select(input => (float[])[.. members.Select(row => row.Snapshot.Vector[(int)input])])], members, UpliftRidge);
        }

        return new ModelTrainer.Draft(features, JsonSerializer.SerializeToElement(model), null)
        {
            Settings = new Dictionary<string, double>(StringComparer.Ordinal) { ["l2"] = UpliftRidge, ["treated"] = rows.Count(row => row.Treated) },
        };
    }

    private static JsonNode Train(string[] terms, float[][] columns, IReadOnlyList<LabelledRow> rows, double l2)
    {
        var set = new TrainingSet(terms, columns, [.. rows.Select(row => row.Label)]);
        var trained = LogisticRegression.Train(set, l2);
        var model = new LogisticModel(Short(trained.Intercept), [.. trained.Terms.Select(term =>
            new LogisticTerm(term.Feature, Short(term.Mean), Short(term.Scale), Short(term.Weight), Short(term.Missing)))]);
        return JsonNode.Parse(FeatureModel.ToElement((model with { Covariance = Array.ConvertAll(LogisticRegression.Covariance(model, set, l2), Short) }).WriteTo).GetRawText())!;
    }

    private static string Name(Feature feature) => FeatureCatalogue.All[(int)feature].Name;

    /// <summary>Nine digits: sums whose order depends on the width of a machine's vectors differ beyond them.</summary>
    internal static double Short(double value) => double.Parse(value.ToString("G9", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
