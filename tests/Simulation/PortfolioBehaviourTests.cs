using ServerlessCLM.Simulation;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Simulation;

/// <summary>Five hundred lives over a year: the accounts add up, and causes come before their effects.</summary>
public class PortfolioBehaviourTests
{
    private static readonly Portfolio portfolio = new(new PortfolioOptions(11, 500, new DateOnly(2025, 1, 1), new DateOnly(2026, 1, 1)) { Turbulence = 2 });

    private static readonly Lazy<(SimulatedCustomer Customer, SimulatedEvent[] Events)[]> lives =
        new(() => [.. portfolio.Customers.Select(customer => (customer, portfolio.Events(customer).ToArray()))]);

    private static IEnumerable<(SimulatedCustomer Customer, PaymentRecord[] Payments, LifeEvent[] Truth)> Lives =>
        lives.Value.Select(life => (life.Customer,
            life.Events.OfType<SimulatedPayment>().Select(each => each.Payment).ToArray(), life.Events.OfType<LifeEvent>().ToArray()));

    [Fact]
    public void Balances_follow_from_the_amounts()
    {
        foreach (var (customer, payments, _) in Lives)
        {
            var before = default(PaymentRecord);
            foreach (var payment in payments)
            {
                var balance = payment.BalanceAfter!.Value;
                var moved = payment.Status == PaymentStatus.Booked ? payment.Amount : 0;
                if (before is not null)
                    Assert.True(before.BalanceAfter + moved == balance, $"{before} then {payment}");
                Assert.NotEqual(0, payment.Amount);
                Assert.Equal(customer.AccountId, payment.AccountId);
                Assert.Equal(customer.Limit, payment.CreditLimit);
                before = payment;
            }
        }
    }

    [Fact]
    public void Money_leaves_only_where_it_is()
    {
        foreach (var (customer, payments, _) in Lives)
        {
            foreach (var payment in payments.Where(payment => payment.Amount < 0))
            {
                var (balance, isCharge) = (payment.BalanceAfter!.Value, payment.Kind is PaymentKind.Fee or PaymentKind.Interest);
                switch (payment.Status)
                {
                    case PaymentStatus.Booked:
                        Assert.True(isCharge || balance >= -customer.Limit, $"{payment}");
                        break;
                    case PaymentStatus.Declined when payment.Reason == "51":
                    case PaymentStatus.Returned:
                        Assert.True(balance + payment.Amount < -customer.Limit, $"{payment}");
                        break;
                    default:
                        Assert.Equal((PaymentStatus.Declined, "62"), (payment.Status, payment.Reason));
                        break;
                }
            }
        }
    }

    [Fact]
    public void A_fee_follows_every_returned_direct_debit()
    {
        var returned = 0;
        foreach (var (_, payments, _) in Lives)
        {
            foreach (var (payment, next) in payments.Zip(payments.Skip(1)))
            {
                if (payment.Status != PaymentStatus.Returned || payment.Kind == PaymentKind.StandingOrder)
                    continue;

                Assert.Equal("AM04", payment.Reason);
                Assert.Equal((PaymentKind.Fee, "Returned Debit Fee"), (next.Kind, next.Merchant));
                returned++;
            }
        }

        Assert.InRange(returned, 50, 2000);
    }

    [Fact]
    public void Rates_are_those_of_a_bank()
    {
        var life = Lives.ToList();
        var accounts = life.Where(each => each.Customer.Relationship == Relationship.CurrentAccount).ToList();
        Assert.InRange(accounts.Count, 320, 400);
        var payments = life.SelectMany(each => each.Payments).ToList();
        Assert.InRange(payments.Count / 500.0 / 12, 30, 65);
        Assert.InRange(ShareOf(payments, payment => payment.Status == PaymentStatus.Declined), 0.001, 0.02);
        Assert.InRange(ShareOf(payments, payment => payment.Status == PaymentStatus.Returned), 0.0002, 0.005);

        var cards = payments.Where(payment => payment is { Kind: PaymentKind.Card, Status: PaymentStatus.Booked }).ToList();
        Assert.InRange(ShareOf(cards, payment => payment.Time.Hour < 6), 0.01, 0.08);
        Assert.InRange(ShareOf(cards, payment => payment.Time.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday), 0.26, 0.36);
        Assert.InRange(ShareOf(cards, payment => payment.Mcc == "5411"), 0.15, 0.35);
        Assert.Contains(cards, payment => payment.Mcc == "4511");

        Assert.InRange(ShareOf(life, each => each.Payments.Any(payment => payment.Status == PaymentStatus.Returned)), 0.02, 0.15);
        Assert.InRange(ShareOf(life, each => each.Payments.Any(payment => payment.Status == PaymentStatus.Declined)), 0.05, 0.35);
        Assert.InRange(ShareOf(life, each => Has(each.Truth, LifeEventKind.ChurnOnset)), 0.05, 0.25);
        Assert.InRange(ShareOf(life, each => Has(each.Truth, LifeEventKind.DistressOnset)), 0.03, 0.2);
        Assert.InRange(ShareOf(life, each => Has(each.Truth, LifeEventKind.Default)), 0.005, 0.1);
        Assert.InRange(ShareOf(life, each => Has(each.Truth, LifeEventKind.Travel)), 0.5, 0.95);
    }

    [Fact]
    public void Salaries_come_once_a_month_on_working_days()
    {
        foreach (var (customer, payments, _) in Lives)
        {
            var salaries = payments.Where(payment => payment.Kind == PaymentKind.Salary).ToList();
            Assert.True(salaries.Count == 0 || customer.Relationship == Relationship.CurrentAccount);
            Assert.DoesNotContain(salaries, payment => payment.Time.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday);
            Assert.All(salaries.Zip(salaries.Skip(1)), pair => Assert.True(pair.Second.Time - pair.First.Time > TimeSpan.FromDays(24)));
        }
    }

    [Fact]
    public void Salaries_stop_with_the_job()
    {
        var stopped = 0;
        foreach (var (_, payments, truth) in Lives)
        {
            foreach (var loss in truth.Where(each => each.Kind == LifeEventKind.JobLoss))
            {
                var until = truth.FirstOrDefault(each => each.Kind == LifeEventKind.NewJob && each.Time > loss.Time)?.Time ?? DateTimeOffset.MaxValue;
                Assert.DoesNotContain(payments, payment => payment.Kind == PaymentKind.Salary && payment.Time > loss.Time && payment.Time < until);
                stopped++;
            }
        }

        Assert.InRange(stopped, 5, 100);
    }

    [Fact]
    public void Default_is_the_end_of_a_decline()
    {
        var defaults = 0;
        double utilisationBefore = 0, utilisationAt = 0, troubleBefore = 0, troubleAt = 0;
        foreach (var (customer, payments, truth) in Lives)
        {
            var onset = truth.LastOrDefault(each => each.Kind == LifeEventKind.DistressOnset);
            if (onset is null || truth.FirstOrDefault(each => each.Kind == LifeEventKind.Default) is not { } end || end.Time < onset.Time)
                continue;

            var early = payments.Where(payment => payment.Time < onset.Time.AddDays(20)).TakeLast(40).ToList();
            var late = payments.Where(payment => payment.Time >= end.Time.AddDays(-90) && payment.Time < end.Time).ToList();
            if (early.Count < 20 || late.Count < 5)
                continue;

            defaults++;
            utilisationBefore += early.Average(Utilisation);
            utilisationAt += late.Average(Utilisation);
            troubleBefore += early.Average(Trouble);
            troubleAt += late.Average(Trouble);
        }

        Assert.InRange(defaults, 3, 60);
        Assert.True(utilisationAt / defaults > (utilisationBefore / defaults) + 0.2, $"{utilisationBefore / defaults} to {utilisationAt / defaults}");
        Assert.True(troubleAt / defaults > (troubleBefore / defaults) + 0.03, $"{troubleBefore / defaults} to {troubleAt / defaults}");

        static double Utilisation(PaymentRecord payment) => (double)(Math.Max(0, -payment.BalanceAfter!.Value) / payment.CreditLimit!.Value);

        static double Trouble(PaymentRecord payment) => payment.Status is PaymentStatus.Returned or PaymentStatus.Declined ? 1 : 0;
    }

    [Fact]
    public void Nobody_defaults_without_ninety_days_of_arrears()
    {
        foreach (var (_, payments, truth) in Lives)
        {
            if (truth.FirstOrDefault(each => each.Kind == LifeEventKind.Default) is not { } end || end.Time.AddDays(-101) < Midnight(portfolio.Options.Start))
                continue;

            var window = payments.Where(payment => payment.Time > end.Time.AddDays(-100) && payment.Time < end.Time.AddDays(-80)).ToList();
            Assert.Contains(window, payment => payment.Status == PaymentStatus.Returned || payment.Merchant == "Missed Payment Fee");
        }
    }

    [Fact]
    public void Who_leaves_spends_less_and_less()
    {
        double before = 0, after = 0;
        foreach (var (_, payments, truth) in Lives)
        {
            if (truth.FirstOrDefault(each => each.Kind == LifeEventKind.ChurnOnset) is not { } onset
                || onset.Time < Midnight(portfolio.Options.Start.AddDays(60)) || onset.Time > Midnight(portfolio.Options.End.AddDays(-120)))
                continue;

            before += Purchases(payments, onset.Time.AddDays(-60), onset.Time);
            after += Purchases(payments, onset.Time.AddDays(60), onset.Time.AddDays(120));
        }

        Assert.True(before > 100);
        Assert.True(after < before / 3, $"{before} to {after}");

        static int Purchases(PaymentRecord[] payments, DateTimeOffset from, DateTimeOffset to) =>
            payments.Count(payment => payment.Kind == PaymentKind.Card && payment.Time >= from && payment.Time < to);
    }

    [Fact]
    public void Homes_are_bought_with_agent_notary_and_a_mortgage()
    {
        var bought = 0;
        foreach (var (_, payments, truth) in Lives)
        {
            foreach (var purchase in truth.Where(each => each.Kind == LifeEventKind.HomePurchase))
            {
                if (purchase.Time < Midnight(portfolio.Options.Start) || purchase.Time > Midnight(portfolio.Options.End.AddDays(-90)))
                    continue;

                var after = payments.Where(payment => payment.Time >= purchase.Time).ToList();
                Assert.Contains(after, payment => payment is { Mcc: "6513", Merchant: "Estate Agent" });
                Assert.Contains(after, payment => payment.Mcc == "8111");
                Assert.Contains(after, payment => payment is { Kind: PaymentKind.LoanPayment, DueDate: not null });
                bought++;
            }
        }

        Assert.InRange(bought, 1, 40);
    }

    [Fact]
    public void Travellers_spend_abroad()
    {
        foreach (var (_, payments, truth) in Lives)
        {
            foreach (var trip in truth.Where(each => each.Kind == LifeEventKind.Travel && each.Size >= 8 && each.Until < portfolio.Options.End.AddDays(-1)))
            {
                var leaves = trip.Until!.Value.AddDays(-(int)trip.Size);
                if (leaves < portfolio.Options.Start.AddDays(2))
                    continue;

                Assert.Contains(payments, payment => payment.Mcc == "7011" && Math.Abs(DateOnly.FromDateTime(payment.Time.Date).DayNumber - leaves.DayNumber) <= 1);
            }
        }
    }

    private static DateTimeOffset Midnight(DateOnly date) => new(date, TimeOnly.MinValue, TimeSpan.Zero);

    private static bool Has(LifeEvent[] truth, LifeEventKind kind) => truth.Any(each => each.Kind == kind);

    private static double ShareOf<T>(IReadOnlyCollection<T> all, Func<T, bool> which) => (double)all.Count(which) / all.Count;
}
