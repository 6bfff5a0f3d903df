using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Decisions.Authorizations;
using ServerlessCLM.Models;
using ServerlessCLM.Simulation;

namespace ServerlessCLM.Tests.Decisions.Authorizations;

public class FraudModelTests
{
    private static readonly FraudModel Shipped = new(ShippedModels.Find(FraudModel.ModelId)!);

    private static readonly PortfolioOptions Few = FraudTraining.Options with { Customers = 150, Start = new DateOnly(2024, 1, 1) };

    [Fact]
    public void The_same_cards_give_the_same_document_byte_for_byte() =>
        Assert.Equal(ModelDocuments.Write(FraudTraining.Train(Few, null, CancellationToken.None)), ModelDocuments.Write(FraudTraining.Train(Few, null, CancellationToken.None)));

    [Fact]
    public void Fraud_is_laid_over_a_life_that_stays_what_it_is()
    {
        var portfolio = new Portfolio(Few with { Customers = 100 });
        var frauds = 0;
        foreach (var customer in portfolio.Customers)
        {
            var all = CardFraud.Payments(portfolio, customer).ToList();
            Assert.Equal(portfolio.Payments(customer), all.Where(each => each.Asked is not { Fraud: true }).Select(each => each.Payment));
            Assert.Equal(all.Select(each => each.Payment.Time.UtcTicks).Order(), all.Select(each => each.Payment.Time.UtcTicks));
            frauds += all.Count(each => each.Asked is { Fraud: true });
        }

        Assert.True(frauds > 0);
    }

    [Fact]
    public void Directions_hold_for_ten_thousand_random_pairs()
    {
        var random = new Rng(5);
        var inputs = new float[AuthorizationInputs.Count];
        var directed = Shipped.Document.Features.Where(feature => feature.Direction != Direction.Open).ToArray();
        for (var pair = 0; pair < 10_000; pair++)
        {
            for (var place = 0; place < inputs.Length; place++)
                inputs[place] = random.Below(9) == 0 ? float.NaN : random.Below(400) / (float)(1 + random.Below(100));
            var feature = directed[random.Below(directed.Length)];
            var at = AuthorizationInputs.IndexOf(feature.Name);
            inputs[at] = random.Below(5);
            var before = Shipped.Probability(inputs);
            inputs[at] += 1 + random.Below(5);
            var after = Shipped.Probability(inputs);
            Assert.True(feature.Direction == Direction.Rises ? after >= before : after <= before, feature.Name);
        }
    }

    [Fact]
    public void Who_tries_a_card_online_again_and_again_is_asked_for_proof_and_told_why()
    {
        var inputs = new float[AuthorizationInputs.Count];
        Assert.True(Shipped.Probability(inputs) < 0.02);
        foreach (var (input, value) in new[]
        {
            (AuthorizationInput.CardAbsent, 1f), (AuthorizationInput.NewMerchant, 1), (AuthorizationInput.UnusualMerchant, 1), (AuthorizationInput.NewCountry, 1),
            (AuthorizationInput.Attempts1h, 5), (AuthorizationInput.Attempts24h, 5), (AuthorizationInput.CardAbsent24h, 5), (AuthorizationInput.NewMerchants24h, 5),
            (AuthorizationInput.AmountVsMean, 8),
        })
            inputs[AuthorizationInputs.PlaceOf(input)] = value;
        var scorecard = AuthorizationPolicy.Default with { Fraud = new FraudScorecard(-8, 0.02, "1A", 0.6, []) };
        var (request, _) = AuthorizationRequest.Read(
            """{"customerId":"C-1","id":"R-1","accountId":"A-1","amount":80,"currency":"EUR","mcc":"5732","merchant":"Web 1","country":"IE","channel":"online"}"""u8, null, Product.Now);
        Assert.Null(request!.TryParse(out var payment));
        Assert.Equal(AuthorizationDecision.Approve, AuthorizationRules.Decide(scorecard, request, payment, inputs, [], null).Decision);
        var verdict = AuthorizationRules.Decide(scorecard, request, payment, inputs, [], null, Shipped);
        Assert.NotEqual(AuthorizationDecision.Approve, verdict.Decision);
        Assert.InRange(verdict.Reasons.Count, 1, AuthorizationRules.MaxReasons);
        Assert.All(verdict.Reasons, reason => Assert.NotEqual(reason, AuthorizationRules.WordsOf(scorecard, reason)));
    }

    [Theory]
    [InlineData("$.kind", "trees")]
    [InlineData("$.features[0].name", "shoe_size")]
    public void A_document_that_cannot_be_is_refused_with_its_place(string path, string value)
    {
        var document = JsonSerializer.SerializeToNode(Shipped.Document, ModelsJson.Default.ModelDocument)!;
        if (path == "$.kind")
            document["kind"] = value;
        else
            document["features"]![0]!["name"] = JsonValue.Create(value);
        Assert.Equal(path, Assert.Throws<ModelFormatException>(() => new FraudModel(document.Deserialize(ModelsJson.Default.ModelDocument)!)).Path);
    }
}
