using ServerlessCLM.Scoring.Lifecycle;
using ServerlessCLM.Tests.Features;

namespace ServerlessCLM.Tests.Scoring.Lifecycle;

public sealed class LifecycleStageTests
{
    private const int Today = 500;

    /// <summary>Days of payments before now, and the stage they make.</summary>
    public static TheoryData<string, int[], int, LifecycleStage> Lives { get; } = new()
    {
        { "nothing paid", [], 0, LifecycleStage.Prospect },
        { "new", [80, 40, 5, 1], 0, LifecycleStage.Onboarding },
        { "new, at its last day", [89, 10], 0, LifecycleStage.Onboarding },
        { "as ever", [.. Every(2, 300, 0)], 0, LifecycleStage.Established },
        { "much more lately", [.. Every(6, 300, 20), .. Every(1, 20, 0)], 0, LifecycleStage.Growing },
        { "much less lately", [.. Every(1, 300, 40), 30, 20], 0, LifecycleStage.Declining },
        { "silent for 60 days", [.. Every(2, 300, 60)], 0, LifecycleStage.Dormant },
        { "silent for 180 days", [.. Every(2, 400, 180)], 0, LifecycleStage.Lapsed },
        { "new and silent", [70], 0, LifecycleStage.Dormant },
        { "past due, whatever else", [.. Every(2, 300, 0)], 1, LifecycleStage.Arrears },
    };

    [Theory, MemberData(nameof(Lives))]
    public void A_life_of_payments_has_a_stage(string life, int[] daysAgo, int daysPastDue, LifecycleStage stage)
    {
        var customer = new Customer();
        customer.Pays(daysAgo.Select(days => Payments.Of(Today - days, -10)));
        Assert.True(stage == LifecycleStages.Of(customer.State, daysPastDue, Payments.At(Today)), life);
    }

    [Fact]
    public void Silence_alone_leads_to_dormant_then_to_lapsed_and_never_back()
    {
        var customer = new Customer();
        customer.Pays(Every(2, 200, 0).Select(days => Payments.Of(Today - days, -10)));
        var stages = Enumerable.Range(0, 400).Select(days => LifecycleStages.Of(customer.State, 0, Payments.At(Today + days))).ToList();
        Assert.Equal((60, 180), (stages.IndexOf(LifecycleStage.Dormant), stages.IndexOf(LifecycleStage.Lapsed)));
        Assert.All(stages.Skip(60).Take(120), stage => Assert.Equal(LifecycleStage.Dormant, stage));
        Assert.All(stages.Skip(180), stage => Assert.Equal(LifecycleStage.Lapsed, stage));
    }

    private static IEnumerable<int> Every(int step, int from, int to)
    {
        for (var day = from; day >= to; day -= step)
            yield return day;
    }
}
