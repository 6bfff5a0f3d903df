using System.Text.Json.Nodes;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Simulation;

/// <summary>
/// Products that customers take, and a standing experiment: each month half of the customers, drawn at random, are offered
/// something over a channel and at an hour drawn at random; of the others the ledger says which offer was withheld. Whether they answer and buy depends on who they are and how they live.
/// </summary>
internal sealed partial class CustomerWalk
{
    private const string ProductOpened = "product_opened", ContactWithheld = "contact_withheld";

    /// <summary>What a bank offers; the order is that of the draws.</summary>
    private enum Product : byte { Savings, Loan, CreditCard, TravelInsurance }

    private static readonly string[] productNames = ["savings", "loan", "credit_card", "travel_insurance"];
    private static readonly string[] channels = ["email", "push", "sms", "call"];

    /// <summary>Share that answers an offer at its best hour, by channel.</summary>
    private static readonly double[] responsiveness = [0.05, 0.08, 0.04, 0.12];

    private int _opened;

    private void PlanOffers()
    {
        if (!_options.Offers || _day < _startDay || IsLeaving)
            return;

        var draws = Drawing(DrawPurpose.Offer, (_date.Year * 12) + _date.Month);
        var contacted = draws.Chance(0.5);
        var offered = (Product)draws.Between(0, 3);
        var (channel, hour) = (draws.Between(0, channels.Length - 1), draws.Between(8, 20));
        var answers = draws.Chance(AnswerRate(channel, hour));
        if (contacted)
        {
            var day = _day - _date.Day + draws.Between(2, 5);
            var id = $"offer-{_date.Year}-{_date.Month}";
            PlanFact(day, hour * 3_600, () => Outcome("impression", channel, offered, id));
            if (answers)
                PlanFact(day, (hour * 3_600) + draws.Between(60, 3_000), () => Outcome("click", channel, offered, id));
        }
        else
        {
            PlanFact(_day - _date.Day + 3, 43_200, () => (SimulatedFact.Lifecycle,
                new JsonObject { ["event"] = ContactWithheld, ["details"] = new JsonObject { ["product"] = productNames[(int)offered] } }));
        }

        for (var product = Product.Savings; product <= Product.TravelInsurance; product++)
        {
            // Two draws each, so that one product's odds do not change another's day.
            var wants = draws.Chance(Math.Min(0.9, Demand(product) * (contacted && offered == product ? Persuasion(answers) : 1)));
            var day = _day - _date.Day + draws.Between(6, 28);
            if (wants && (_opened & (1 << (int)product)) == 0 && day >= _day)
                Open(product, day, ref draws);
        }
    }

    /// <summary>Evenings suit most, calls suit the old and messages the young.</summary>
    private double AnswerRate(int channel, int hour)
    {
        var old = (_date.Year - _customer.BirthDate.Year) > 55;
        var suits = channels[channel] is "call" or "email" ? (old ? 1.5 : 0.8) : (old ? 0.4 : 1.3);
        return responsiveness[channel] * suits * (hour >= 17 ? 1.5 : hour >= 12 ? 1 : 0.6) * Math.Min(1.5, _activity + 0.2);
    }

    /// <summary>Contact brings the undecided to buy; the restless it reminds of leaving things as they are.</summary>
    private double Persuasion(bool answers) => answers ? 6 : _customer.Restlessness > 1.8 ? 0.4 : _customer.Discipline > 0.5 ? 2.2 : 1;

    /// <summary>Share that takes the product in a month of its own accord.</summary>
    private double Demand(Product product) => product switch
    {
        _ when IsDistressed || !_cardActive => 0,
        Product.Savings => _balance > _income * 3 / 2 ? 0.05 : 0.004,
        Product.Loan => _balance < -_limit / 3 && _employed ? 0.03 : _balance < _income / 4 && _employed ? 0.008 : 0.001,
        Product.CreditCard => _customer.Relationship == Relationship.CreditCard ? 0 : 0.004 * _customer.Affinity[(int)ContentGroup.Electronics],
        _ => 0.004 * _customer.Affinity[(int)ContentGroup.Travel] * (_tripEnds >= _day - 60 ? 4 : 1),
    };

    private void Open(Product product, int day, ref Draws draws)
    {
        _opened |= 1 << (int)product;
        var second = draws.Between(28_800, 72_000);
        PlanFact(day, second, () => (SimulatedFact.Lifecycle,
            new JsonObject { ["event"] = ProductOpened, ["details"] = new JsonObject { ["product"] = productNames[(int)product] } }));
        if (product != Product.Loan || _customer.Relationship != Relationship.CurrentAccount)
            return;

        var amount = (long)(_income * draws.Between(1.5, 4));
        Plan(day + 1, second, new Draft(Step.Booked, PaymentKind.Transfer, amount, Name: "Loan Paid Out"));
        _obligations.Add(new Obligation("Instalment Loan", PaymentKind.LoanPayment, 0, draws.Between(1, 28))
        {
            Cents = amount / 34, From = day + 25, Until = day + 25 + (36 * 30),
        });
    }

    private static (string Type, JsonObject Data) Outcome(string outcome, int channel, Product product, string offer) =>
        (SimulatedFact.Outcome, new JsonObject
        {
            ["outcome"] = outcome, ["channel"] = channels[channel], ["purpose"] = "marketing", ["decisionId"] = offer,
            ["action"] = productNames[(int)product],
        });

    private void PlanFact(int day, int second, Func<(string Type, JsonObject Data)> fact) => Plan(day, second, new Draft(Step.Fact, Fact: fact));
}
