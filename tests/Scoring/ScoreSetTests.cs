using ServerlessCLM.Features;
using ServerlessCLM.Scoring;
using ServerlessCLM.Tests.Features;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Scoring;

public class ScoreSetTests
{
    private readonly FeatureState _state = new();

    [Fact]
    public void A_new_customer_is_inactive_and_takes_the_prior()
    {
        Assert.Equal(0f, Score("activity_level", 0));
        Assert.Equal(0f, Score("activity_change", 0));
        foreach (var group in Enum.GetValues<ContentGroup>())
            Assert.Equal((float)ScoreSet.Prior(group), Score($"affinity_{group.ToString().ToLowerInvariant()}", 0), 1e-6);

        Assert.Equal(1, Enum.GetValues<ContentGroup>().Sum(ScoreSet.Prior), 1e-9);
    }

    [Fact]
    public void One_payment_every_two_days_is_a_level_of_63_per_cent_and_steady()
    {
        for (var day = 0; day <= 400; day += 2)
            _state.Apply(Payments.Of(day, -10));

        Assert.Equal(1 - Math.Exp(-1), Score("activity_level", 400), 0.02);
        Assert.InRange(Score("activity_change", 400), -0.05, 0.05);
        Assert.True(Score("activity_change", 430) < -0.7);
        Assert.Equal(-3f, Score("activity_change", 2000), 3.0);
    }

    [Fact]
    public void Scores_equal_their_formulas()
    {
        Payment[] payments =
        [
            Payments.Of(3, -70).In(ContentGroup.Travel), Payments.Of(0, -30).In(ContentGroup.Dining),
            Payments.Of(11, -20, PaymentKind.Cash), Payments.Of(12, 500, PaymentKind.Salary), Payments.Of(500, -1).In(ContentGroup.Dining),
        ];
        foreach (var payment in payments)
            _state.Apply(payment);

        const int day = 520, seen = day + 1;
        double[] byHand = [3, 0, 11, 500];
        var fast = Rate(byHand, 14);
        var slow = Rate(byHand, 60);
        Assert.Equal(1 - Math.Exp(-fast / 0.5), Score("activity_level", day), 1e-6);
        Assert.Equal(Math.Log((fast + 0.02) / (slow + 0.02)), Score("activity_change", day), 1e-5);

        (double Day, double Amount)[] spend = [(3, 70), (0, 30), (500, 1)];
        var count = spend.Sum(row => Decay(row.Day, 30));
        var share = 70 * Decay(3, 30) / spend.Sum(row => row.Amount * Decay(row.Day, 30));
        Assert.Equal((count * share + 5 * ScoreSet.Prior(ContentGroup.Travel)) / (count + 5), Score("affinity_travel", day), 1e-6);

        static double Decay(double at, double halfLife) => Math.Pow(2, -(day - at) / halfLife);
        static double Rate(double[] days, double halfLife) => days.Sum(at => Decay(at, halfLife))
            * (1 - Math.Pow(2, -1 / halfLife)) / (1 - Math.Pow(2, -seen / halfLife));
    }

    [Fact]
    public void Affinities_add_up_to_one()
    {
        _state.Apply(Payments.Of(1, -80).In(ContentGroup.Travel));
        _state.Apply(Payments.Of(2, -20).In(ContentGroup.Fuel));
        var scores = new float[ScoreCatalogue.Count];
        ScoreSet.Fill(_state, Payments.At(3), scores);
        Assert.Equal(1, scores[ScoreCatalogue.FirstAffinity..].Sum(), 1e-5);
    }

    private float Score(string name, double day)
    {
        var scores = new float[ScoreCatalogue.Count];
        ScoreSet.Fill(_state, Payments.At(day), scores);
        return scores[ScoreCatalogue.IndexOf(name)];
    }
}
