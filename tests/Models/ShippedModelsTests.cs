using System.Globalization;
using System.Security.Cryptography;
using ServerlessCLM.Decisions.Authorizations;
using ServerlessCLM.Features;
using ServerlessCLM.Models;
using ServerlessCLM.Simulation;

namespace ServerlessCLM.Tests.Models;

/// <summary>What ships is what the recorded command makes, and each model keeps its promises.</summary>
public class ShippedModelsTests
{
    /// <summary>First sixteen digits of each document's SHA-256. They change when <c>clm train portfolio</c> has been run anew.</summary>
    private static readonly string[] digests =
    [
        "models/churn.json 298b4660eb1a8dea",
        "models/fraud.json e3db3ac784c521e1",
        "models/lead.json b895e5e237202b6c",
        "models/lifetime_value.json 59221dfd9c5b4ff9",
        "models/lookalike.json c74804f99b19956a",
        "models/loss_given_default.json 7fd16c1b6c81f041",
        "models/pre_delinquency.json 6bd1065d01a66ac2",
        "models/propensity_credit_card.json 65881907a1ffdca4",
        "models/propensity_loan.json ee150aea86f3dfc9",
        "models/propensity_savings.json 80f74326d37c4e86",
        "models/propensity_to_pay.json f3e3d707aa166e04",
        "models/propensity_travel_insurance.json 383795e30d092fc7",
        "models/response_call.json 5d95583a875ca144",
        "models/response_email.json 29a56ca1517d6a47",
        "models/response_push.json 743a2d49c808e055",
        "models/response_sms.json 2548d30994f843cf",
        "models/self_cure.json bf596a9ede283e05",
        "models/uplift_contact.json cea2d3b14c630d1d",
    ];

    [Fact]
    public void The_documents_are_those_that_were_recorded() =>
        Assert.Equal(digests, ShippedModels.Names.Select(name => $"{name} {Convert.ToHexStringLower(SHA256.HashData(ShippedModels.Read(name)))[..16]}"));

    [Fact]
    public void The_same_lives_give_the_same_document_byte_for_byte()
    {
        var options = ShippedTraining.Options with { Customers = 400, End = new DateOnly(2025, 1, 1) };
        var task = PredictionTasks.Find("propensity_savings")!;
        var first = Train();
        Assert.Equal(first, Train());
        Assert.NotEqual(first, Train(seed: 5));

        byte[] Train(ulong seed = 20_261) =>
            ModelDocuments.Write(ShippedTraining.Train(task, PortfolioRows.Walk(new Portfolio(options with { Seed = seed }), null, CancellationToken.None), CancellationToken.None));
    }

    [Fact]
    public void Every_model_scores_any_customer_with_a_probability_a_share_or_an_amount()
    {
        var row = new float[FeatureModel.RowWidth];
        foreach (var model in ModelSet.Shipped.All.Where(model => model.Scorer is not null))
        {
            foreach (var value in new[] { float.NaN, 0, -1e9f, 1e9f })
            {
                Array.Fill(row, value);
                var (low, high) = model.Document switch
                {
                    { Kind: ModelKinds.Uplift } => (-1, 1),
                    { Kind: ModelKinds.BuyTillYouDie } => (0, double.MaxValue),
                    { Training.Positives: null } => (-0.5, 1.5),
                    _ => (0, 1),
                };
                var score = model.Scorer!.Score(row);
                Assert.InRange(score, low, high);
                if (model.Scorer.HasLowerBound)
                    Assert.InRange(model.Scorer.LowerBound(row), double.MinValue, score);
            }

            Assert.NotEmpty(model.Document.Limits);
            Assert.NotEmpty(model.Document.Training.LeftOut!);
            Assert.Equal(ShippedTraining.Command, model.Document.Training.Command);
        }

        Assert.Equal(PredictionTasks.All.Select(task => task.Id).Append(FraudModel.ModelId).Order(StringComparer.Ordinal), ModelSet.Shipped.All.Select(model => model.Document.Id));
    }

    [Fact]
    public void Directions_of_risk_hold_for_ten_thousand_random_pairs()
    {
        var random = new Rng(17);
        var row = new float[FeatureModel.RowWidth];
        foreach (var model in ModelSet.Shipped.All.Where(model => model.Scorer is not null))
        {
            var directed = model.Document.Features.Where(feature => feature.Direction != Direction.Open).ToArray();
            for (var pair = 0; pair < 10_000 && directed.Length > 0; pair++)
            {
                for (var place = 0; place < FeatureCatalogue.Count; place++)
                    row[place] = random.Below(9) == 0 ? float.NaN : (random.Below(20_000) - 5_000) / (float)(1 + random.Below(300));
                var feature = directed[random.Below(directed.Length)];
                var at = FeatureCatalogue.IndexOf(feature.Name);
                var (low, high) = (row[at] is var value && float.IsFinite(value) ? value : 0, 0f);
                high = low + 1 + random.Below(500);
                row[at] = low;
                var before = model.Scorer!.Score(row);
                row[at] = high;
                var after = model.Scorer.Score(row);
                Assert.True(feature.Direction == Direction.Rises ? after >= before : after <= before, $"{model.Document.Id}, {feature.Name}: {low} {before}, {high} {after}");
            }
        }
    }

    [Fact]
    public void Rows_scored_together_score_as_each_alone()
    {
        var random = new Rng(3);
        var rows = new float[150 * FeatureModel.RowWidth];
        for (var place = 0; place < rows.Length; place++)
            rows[place] = random.Below(7) == 0 ? float.NaN : random.Below(3_000) / 7f;
        var together = new double[150];
        foreach (var model in ModelSet.Shipped.All.Where(model => model.Scorer is not null))
        {
            model.Scorer!.Score(rows, together);
            for (var row = 0; row < together.Length; row++)
                Assert.Equal(model.Scorer.Score(rows.AsSpan(row * FeatureModel.RowWidth, FeatureModel.RowWidth)), together[row]);
        }
    }

    [Fact]
    public void Outcomes_are_judged_only_by_what_was_known_by_then()
    {
        // A row's label may not change when the future beyond its horizon does.
        var lives = PortfolioRows.Walk(new Portfolio(ShippedTraining.Options with { Customers = 60, Seed = 3 }), null, CancellationToken.None);
        var judged = 0;
        foreach (var task in PredictionTasks.All)
        {
            foreach (var (life, snapshot) in lives.SelectMany(life => life.Snapshots.Select(snapshot => (life, snapshot))))
            {
                var known = Timeline.After(snapshot.At, task.KnownAfterDays);
                var full = task.Judge(life.Timeline, snapshot);
                var then = task.Judge(new Timeline(life.Timeline.Happenings, Math.Min(known, life.Timeline.KnownUntil)), snapshot);
                if (task.Id == PredictionTasks.LossGivenDefault || full.LeftOut is not null || then.LeftOut is not null)
                    continue;

                judged++;
                Assert.Equal(full.Label, then.Label);
            }
        }

        Assert.True(judged > 5_000, string.Create(CultureInfo.InvariantCulture, $"{judged}"));
    }
}
