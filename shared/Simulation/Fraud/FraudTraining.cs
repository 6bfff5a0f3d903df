using System.Buffers;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions.Authorizations;
using ServerlessCLM.Features;
using ServerlessCLM.Models;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Simulation;

/// <summary>
/// Trains the fraud model on simulated cards: every payment is taken through the inputs of an authorization as it would have come, with the latest
/// authorizations and the stream's features behind it; which ones were fraud is what cardholders reported afterwards.
/// </summary>
public static class FraudTraining
{
    /// <summary>Of the honest payments learned from one in so many is taken, and weighs as many.</summary>
    private const int HonestSample = 10;

    /// <summary>No amounts: customers have several currencies. Nor the stripe: where terminals are old everybody swipes, and a model that has not seen it
    /// would ask all of them for proof.</summary>
    private static readonly string[] inputs =
    [
        .. new[]
        {
            AuthorizationInput.AmountVsMean, AuthorizationInput.CardAbsent, AuthorizationInput.Authenticated, AuthorizationInput.NewMerchant,
            AuthorizationInput.UnusualMerchant, AuthorizationInput.NewCountry, AuthorizationInput.Attempts1h, AuthorizationInput.Attempts24h, AuthorizationInput.Declines1h,
            AuthorizationInput.Approved24h, AuthorizationInput.CardAbsent24h, AuthorizationInput.NewMerchants24h, AuthorizationInput.OtherCountries24h,
        }.Select(input => FeatureCatalogue.SnakeCase(input.ToString())),
        .. new[] { Feature.Purchases7d, Feature.Purchases90d, Feature.NewMerchants30d, Feature.NewCountries90d, Feature.MerchantSlots, Feature.CashShare90d }
            .Select(feature => FeatureCatalogue.All[(int)feature].Name),
    ];

    private static readonly Dictionary<string, int> monotone = new(StringComparer.Ordinal)
    {
        ["authenticated"] = -1, ["card_absent"] = 1, ["new_merchant"] = 1, ["unusual_merchant"] = 1, ["new_country"] = 1, ["attempts_1h"] = 1,
        ["declines_1h"] = 1, ["card_absent_24h"] = 1, ["new_merchants_24h"] = 1, ["other_countries_24h"] = 1,
    };

    public static PortfolioOptions Options { get; } = new(20_262, 1_500, new DateOnly(2023, 1, 1), new DateOnly(2025, 1, 1)) { IdPrefix = "fraud-" };

    private static readonly DateTimeOffset OutOfTimeFrom = new(2024, 10, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly TreeOptions trees = new()
    {
        Trees = 80, Depth = 4, LearningRate = 0.1, RowSample = 0.8, ColumnSample = 0.6, L2 = 5, MinChildWeight = 5, Bins = 63, Seed = 1, Monotone = monotone,
    };

    private sealed record Row(float[] Values, double Scorecard, bool Fraud, int Part, long At, float Weight);

    /// <summary>The same options give the same document, byte for byte.</summary>
    /// <param name="options">Whose cards.</param>
    /// <param name="walked">Told after each customer.</param>
    /// <param name="cancellation">Stops the walk.</param>
    public static ModelDocument Train(PortfolioOptions options, Action? walked, CancellationToken cancellation)
    {
        var portfolio = new Portfolio(options);
        var walks = new List<Row>[options.Customers];
        Parallel.For(0, walks.Length, new ParallelOptions { CancellationToken = cancellation }, index =>
        {
            walks[index] = [.. Walk(portfolio, portfolio.Customer(index))];
            walked?.Invoke();
        });

        var until = OutOfTimeFrom.ToUnixTimeMilliseconds();
        var parts = walks.SelectMany(rows => rows).Where(row => row.At < until).ToLookup(row => row.Part);
        Row[] training = [.. parts[0]], calibration = [.. parts[1]], test = [.. parts[2]], later = [.. walks.SelectMany(rows => rows).Where(row => row.At >= until)];
        var set = new TrainingSet(inputs, [.. inputs.Select((_, place) => (float[])[.. training.Select(row => row.Values[place])])],
            [.. training.Select(row => row.Fraud ? 1f : 0f)], [.. training.Select(row => row.Weight)]);
        var ensemble = TreeTrainer.Train(set, trees, cancellationToken: cancellation);
        var curve = IsotonicRegression.Fit([.. calibration.Select(row => ensemble.Margin(row.Values))], [.. calibration.Select(row => row.Fraud)]);
        var metrics = new Dictionary<string, Figure>(StringComparer.Ordinal);
        Measure(metrics, "", test, row => curve.Apply(ensemble.Margin(row.Values)));
        Measure(metrics, "_out_of_time", later, row => curve.Apply(ensemble.Margin(row.Values)));
        Measure(metrics, "_scorecard", test, row => row.Scorecard);
        var explainer = new TreeExplainer(ensemble);
        var importance = FeatureImportance.Of(inputs, inputs.Length, calibration, (row, contributions) => explainer.Explain(row.Values, contributions));
        return new ModelDocument(FraudModel.ModelId, 1, ModelKinds.Fraud, "Ask for proof, or decline, where somebody else seems to pay.",
            "The cardholder reports the payment as fraud.", null,
            [.. inputs.Select(name => new ModelFeature(name, monotone.GetValueOrDefault(name) switch { 1 => Direction.Rises, -1 => Direction.Falls, _ => Direction.Open }))],
            new ModelTraining(
                $"Simulated cards, seed {options.Seed}, {options.Customers} customers, {options.Start:yyyy-MM-dd} to {options.End:yyyy-MM-dd}: stolen, copied and tried online",
                training.Length, training.Count(row => row.Fraud))
            {
                Command = ShippedTraining.Command, From = At(training.Min(row => row.At)), Until = At(training.Max(row => row.At)),
                LeftOut = new Dictionary<string, int>(StringComparer.Ordinal) { [$"honest payments, all but one in {HonestSample}"] = training.Count(row => !row.Fraud) * (HonestSample - 1) },
                Settings = new Dictionary<string, double>(StringComparer.Ordinal)
                {
                    ["trees"] = trees.Trees, ["depth"] = trees.Depth, ["learningRate"] = trees.LearningRate, ["rowSample"] = trees.RowSample,
                    ["columnSample"] = trees.ColumnSample, ["l2"] = trees.L2, ["minChildWeight"] = trees.MinChildWeight, ["seed"] = trees.Seed,
                },
            }, metrics,
            [
                "The shipped version learned from three simulated stories of fraud, about ten times as frequent as in a calm market. Real fraud is cleverer: retrain on reported payments before relying on it, above all for declining.",
                "For authorizations alone: not to judge a customer.",
            ],
            JsonOf(ensemble))
        {
            Calibration = curve,
            Curves = new ModelCurves(importance).Of([.. test.Select(row => curve.Apply(ensemble.Margin(row.Values)))], [.. test.Select(row => row.Fraud)]),
        };
    }

    private static IEnumerable<Row> Walk(Portfolio portfolio, SimulatedCustomer customer)
    {
        if (!CustomerId.TryParse(customer.Id, out var id))
            throw new InvalidDataException($"{customer.Id} is no customer id");

        var part = (Digest64.Of(customer.Id) % 10) switch { < 6 => 0, < 8 => 1, _ => 2 };
        var late = OutOfTimeFrom.ToUnixTimeMilliseconds();
        var places = Array.ConvertAll(inputs, AuthorizationInputs.IndexOf);
        var (state, history, values, bytes) = (new FeatureState(), AuthorizationHistory.Empty, new float[AuthorizationInputs.Count], new ArrayBufferWriter<byte>(1024));
        foreach (var (record, asked) in CardFraud.Payments(portfolio, customer))
        {
            bytes.ResetWrittenCount();
            CloudEventWriter.Write(record, bytes);
            var at = record.Time.ToUnixTimeMilliseconds();
            if (!PaymentParser.TryParse(bytes.WrittenSpan, at, out var payment, out var rejection))
                throw new InvalidDataException($"simulated payment {record.Id}: {rejection}");
            if (asked is not null)
            {
                var request = new AuthorizationRequest(id, record.Id, record, asked.Channel, asked.Authenticated, null);
                AuthorizationInputs.Fill(state, history, request, payment, values);
                var honestSample = part == 0 && at < late && !asked.Fraud;
                if (!honestSample || Digest64.Of(record.Id) % HonestSample == 0)
                {
                    yield return new Row(Array.ConvertAll(places, place => values[place]), AuthorizationPolicy.Default.Fraud.Probability(values), asked.Fraud, part, at,
                        honestSample ? HonestSample : 1);
                }

                var declined = record.Status == PaymentStatus.Declined;
                history = history.With(new Authorization(record.Id, "", at, -payment.Amount, payment.Merchant, record.Country, asked.Channel,
                    values[AuthorizationInputs.PlaceOf(AuthorizationInput.NewMerchant)] > 0, declined ? AuthorizationDecision.Decline : AuthorizationDecision.Approve,
                    declined ? "51" : "00", [], 0, ""));
            }

            state.Apply(payment);
        }
    }

    private static void Measure(Dictionary<string, Figure> metrics, string suffix, Row[] rows, Func<Row, double> score)
    {
        double[] scores = [.. rows.Select(score)];
        bool[] frauds = [.. rows.Select(row => row.Fraud)];
        var performance = BinaryPerformance.Measure(scores, frauds);
        var (auc, policy) = (performance.Auc, AuthorizationPolicy.Default.Fraud);
        metrics[$"rows{suffix}"] = new Figure(rows.Length);
        metrics[$"events{suffix}"] = new Figure(frauds.Count(fraud => fraud));
        metrics[$"auc{suffix}"] = new Figure(Math.Round(auc.Value, 6), auc.Low is { } low ? Math.Round(low, 6) : null, auc.High is { } high ? Math.Round(high, 6) : null);
        metrics[$"average_precision{suffix}"] = Rounded(performance.AveragePrecision);
        metrics[$"calibration_error{suffix}"] = Rounded(performance.CalibrationError);
        foreach (var (name, cut) in new[] { ("step_up", policy.StepUp), ("decline", policy.Decline) })
        {
            var above = Enumerable.Range(0, rows.Length).Where(row => scores[row] >= cut).ToArray();
            var caught = above.Count(row => frauds[row]);
            metrics[$"share_{name}{suffix}"] = Rounded((double)above.Length / rows.Length);
            metrics[$"recall_{name}{suffix}"] = Rounded((double)caught / frauds.Count(fraud => fraud));
            metrics[$"precision_{name}{suffix}"] = Rounded(above.Length == 0 ? 0 : (double)caught / above.Length);
        }
    }

    private static Figure Rounded(double value) => new(Math.Round(value, 6));

    private static DateTimeOffset At(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at);

    private static System.Text.Json.JsonElement JsonOf(TreeEnsemble ensemble) => FeatureModel.ToElement(ensemble.WriteTo);
}
