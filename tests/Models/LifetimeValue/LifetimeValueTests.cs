using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models;

public class LifetimeValueTests
{
    private static readonly BgNbd Cdnow = new(0.24259, 4.41353, 0.79289, 2.42575);

    [Fact]
    public void Cdnow_gives_the_published_parameters_and_the_expected_purchases_of_the_reference()
    {
        var table = DataTable.Read(TestData.Shared("streams", "cdnow_summary_2357.csv.gz"), new DataTableOptions());
        PurchaseHistory[] histories =
        [
            .. Enumerable.Range(0, table.Rows).Select(row => new PurchaseHistory(
                (int)table.Column("frequency").Numbers![row], table.Column("recency").Numbers![row], table.Column("T").Numbers![row])),
        ];
        var fitted = BgNbd.Fit(histories);
        Assert.Equal(0.243, fitted.R, 0.243 * 0.01);
        Assert.Equal(4.414, fitted.Alpha, 4.414 * 0.01);
        Assert.Equal(0.793, fitted.A, 0.793 * 0.01);
        Assert.Equal(2.426, fitted.B, 2.426 * 0.01);
        Assert.Equal(-9582.426, histories.Sum(fitted.LogLikelihood), 0.01);
        Assert.Equal(1653.416, histories.Sum(history => fitted.ExpectedPurchases(history, 39)), 0.5);
    }

    [Fact]
    public void The_published_customer_is_expected_to_buy_1_226_times()
    {
        // Fader, Hardie and Lee's spreadsheet note: x = 2, t_x = 30.43, T = 38.86, t = 39 weeks.
        Assert.Equal(1.226, Cdnow.ExpectedPurchases(new PurchaseHistory(2, 30.43, 38.86), 39), 3);
    }

    [Theory]
    [InlineData(2.24259, 3.0, 4.2, .3, 1.751415127324726)]
    [InlineData(20.2, 25.4, 22.2, .6, 1724643159.6003232)]
    [InlineData(.24, 2.4, 2.2, .99, 4.2506110152206436)]
    [InlineData(100.2, 80, 85, .8, 1.7515443485053835e+66)]
    public void The_hypergeometric_function_is_that_of_scipy(double a, double b, double c, double z, double expected) =>
        Assert.Equal(1, BgNbd.Hypergeometric(a, b, c, z) / expected, 11);

    [Fact]
    public void Expected_purchases_grow_with_time_and_never_faster_than_the_rate_without_dropping_out() => Prop.ForAll(Histories, history =>
    {
        var before = 0.0;
        foreach (var time in (double[])[1, 5, 20, 100])
        {
            var expected = Cdnow.ExpectedPurchases(history, time);
            if (expected < before || expected > time * (Cdnow.R + history.Frequency) / (Cdnow.Alpha + history.Age) * (1 + 1e-9))
                return false;

            before = expected;
        }

        return Cdnow.ProbabilityAlive(history) is > 0 and <= 1;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Expected_purchases_have_no_gap_where_a_is_one()
    {
        var history = new PurchaseHistory(3, 20, 38);
        var at = new BgNbd(0.3, 4, 1, 2.5).ExpectedPurchases(history, 39);
        Assert.Equal(new BgNbd(0.3, 4, 1.001, 2.5).ExpectedPurchases(history, 39), at, 0.002);
        Assert.Equal(new BgNbd(0.3, 4, 0.999, 2.5).ExpectedPurchases(history, 39), at, 0.002);
    }

    [Fact]
    public void The_value_of_customers_made_by_the_model_is_what_they_spend()
    {
        // A naive simulation of the model's own story: rate, drop-out, amounts.
        var made = new BgNbd(0.8, 6, 1.2, 3);
        var customers = Enumerable.Range(0, 20_000).Select(i => Simulate(made, 40, 30, i)).ToArray();
        var fitted = BgNbd.Fit([.. customers.Select(customer => customer.History)]);
        Assert.Equal(1, customers.Sum(customer => fitted.ExpectedPurchases(customer.History, 30)) / customers.Sum(customer => customer.Later), 0.03);

        var spending = new GammaGamma(6, 4, 15);
        Assert.Equal(spending.PopulationMean, spending.ExpectedMean(default));
        var bought = customers[5].History;
        var free = LifetimeValue.Of(fitted, spending, bought, new Spending(2, 40), 30, 0);
        Assert.Equal(fitted.ExpectedPurchases(bought, 30) * spending.ExpectedMean(new Spending(2, 40)), free, 9);
        Assert.InRange(LifetimeValue.Of(fitted, spending, bought, new Spending(2, 40), 30, 0.01), free / Math.Pow(1.01, 30), free / 1.01);
    }

    [Fact]
    public void Gamma_gamma_on_cdnow_is_that_of_scipy()
    {
        // Maximum of the same likelihood by scipy 1.10's Nelder–Mead over the 9,450 repeat buyers of the master file up to 1997-09-30.
        var fitted = GammaGamma.Fit([.. CdnowSpendings()]);
        Assert.Equal(1, fitted.P / 6.27535788, 0.001);
        Assert.Equal(1, fitted.Q / 3.62445035, 0.001);
        Assert.Equal(1, fitted.V / 14.98369142, 0.001);
    }

    [Fact]
    public void An_expected_amount_lies_between_the_customers_mean_and_everybodys() => Prop.ForAll(
        Gen.Choose(1, 30).SelectMany(_ => Gen.Choose(1, 20_000), (purchases, cents) => new Spending(purchases, cents / 100.0)).ToArbitrary(), spending =>
        {
            var model = new GammaGamma(6.25, 3.74, 15.45);
            var expected = model.ExpectedMean(spending);
            return expected >= Math.Min(spending.Mean, model.PopulationMean) - 1e-9 && expected <= Math.Max(spending.Mean, model.PopulationMean) + 1e-9;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_cannot_be_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Cdnow.ExpectedPurchases(new PurchaseHistory(1, 50, 38), 3));
        Assert.Throws<ArgumentException>(() => Cdnow.ProbabilityAlive(new PurchaseHistory(0, 5, 38)));
        Assert.Contains("repeat purchase", Assert.Throws<ArgumentException>(() => BgNbd.Fit([new PurchaseHistory(0, 0, 5)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BgNbd(1, 0, 1, 1));
        Assert.Throws<ArgumentException>(() => GammaGamma.Fit([new Spending(1, 5), new Spending(1, 0)]));
    }

    private static Arbitrary<PurchaseHistory> Histories { get; } = Gen.Choose(0, 40)
        .SelectMany(_ => Gen.Choose(1, 1000), (purchases, share) => (purchases, share))
        .SelectMany(_ => Gen.Choose(1, 500), (drawn, age) => new PurchaseHistory(drawn.purchases, drawn.purchases == 0 ? 0 : age * drawn.share / 1000.0, age))
        .ToArbitrary();

    private static (PurchaseHistory History, int Later) Simulate(BgNbd model, double age, double later, int customer)
    {
        var random = new Rng((ulong)customer);
        var rate = Gamma(random, model.R) / model.Alpha;
        var x = Gamma(random, model.A);
        var drops = x / (x + Gamma(random, model.B));
        double time = 0, last = 0;
        int before = 0, after = 0;

        // The first purchase is at 0; each purchase after it may be the last.
        while ((time += -Math.Log(1 - Uniform(random)) / rate) < age + later)
        {
            if (time < age)
                (before, last) = (before + 1, time);
            else
                after++;

            if (Uniform(random) < drops)
                break;
        }

        return (new PurchaseHistory(before, last, age), after);
    }

    private static double Uniform(Rng random) => (random.Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Marsaglia and Tsang (2000), with their boost for shapes below 1.</summary>
    private static double Gamma(Rng random, double shape)
    {
        if (shape < 1)
            return Gamma(random, shape + 1) * Math.Pow(1 - Uniform(random), 1 / shape);

        double d = shape - (1 / 3.0), c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - Uniform(random))) * Math.Cos(2 * Math.PI * Uniform(random));
            var v = Math.Pow(1 + (c * normal), 3);
            if (v > 0 && Math.Log(1 - Uniform(random)) < (normal * normal / 2) + d - (d * v) + (d * Math.Log(v)))
                return d * v;
        }
    }

    private static IEnumerable<Spending> CdnowSpendings()
    {
        var table = DataTable.Read(TestData.Shared("streams", "cdnow_master.csv.gz"), new DataTableOptions { Texts = ["date"] });
        float[] customers = table.Column("customer_id").Numbers!, amounts = table.Column("amount").Numbers!;
        var dates = table.Column("date");
        return Enumerable.Range(0, table.Rows)
            .GroupBy(row => customers[row])
            .Select(rows => rows.GroupBy(row => dates.Text(row)!).OrderBy(day => day.Key, StringComparer.Ordinal).Skip(1)
                .Where(day => string.CompareOrdinal(day.Key, "19970930") <= 0).ToArray())
            .Where(days => days.Length > 0)
            .Select(days => new Spending(days.Length, days.Sum(day => day.Sum(row => (double)amounts[row])) / days.Length))
            .Where(spending => spending.Mean > 0);
    }
}
