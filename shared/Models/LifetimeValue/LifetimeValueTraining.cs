using ServerlessCLM.Features;

namespace ServerlessCLM.Models;

/// <summary>Fits customer lifetime value on the customers' own purchases; the labels only test it.</summary>
internal static class LifetimeValueTraining
{
    private const int Months = 12;

    private const double YearlyDiscount = 0.1;

    public static ModelTrainer.Draft Fit(IReadOnlyList<LabelledRow> rows)
    {
        // A customer's months are not independent: each customer counts once, as they stood in the middle of their time.
        var customers = rows.GroupBy(row => row.Snapshot.Customer, StringComparer.Ordinal)
            .Select(customer => customer.ElementAt(customer.Count() / 2).Snapshot.Vector).ToArray();
        if (customers.Length == 0)
            throw new TrainingDataException("there are no rows");

        var summaries = Array.ConvertAll(customers, vector => LifetimeValueModel.Summary(
            vector[(int)Feature.Purchases90d], vector[(int)Feature.DaysSincePurchase], vector[(int)Feature.TenureDays], vector[(int)Feature.PurchaseMean90d]));
        var buying = BgNbd.Fit([.. summaries.Select(summary => summary.History)]);
        var spending = GammaGamma.Fit([.. summaries.Select(summary => summary.Spending).Where(spending => spending.Purchases > 0)]);
        var terms = new LifetimeValueTerms(
            new BgNbd(LinearTraining.Short(buying.R), LinearTraining.Short(buying.Alpha), LinearTraining.Short(buying.A), LinearTraining.Short(buying.B)),
            new GammaGamma(LinearTraining.Short(spending.P), LinearTraining.Short(spending.Q), LinearTraining.Short(spending.V)),
            PredictionTasks.CardMargin, Months, YearlyDiscount, [.. LifetimeValueModel.Inputs.Select(input => Median(customers, input))]);
        return new ModelTrainer.Draft([.. LifetimeValueModel.Inputs.Select(input => FeatureCatalogue.All[(int)input].Name)], LifetimeValueModel.ToElement(terms), null)
        {
            // The others have none: more purchases of a customer who has gone silent make it likelier that they are gone.
            Directions = new Dictionary<string, Direction>(StringComparer.Ordinal) { ["purchase_mean_90d"] = Direction.Rises, ["days_since_purchase"] = Direction.Falls },
            Settings = new Dictionary<string, double>(StringComparer.Ordinal) { ["customers"] = customers.Length },
        };
    }

    private static float Median(float[][] customers, Feature input)
    {
        float[] present = [.. customers.Select(vector => vector[(int)input]).Where(float.IsFinite).Order()];
        return present.Length == 0 ? 0 : present[present.Length / 2];
    }
}
