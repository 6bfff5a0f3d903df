using ServerlessCLM.Customers;
using ServerlessCLM.Scoring;
using ServerlessCLM.Scoring.Lifecycle;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Scoring.Lifecycle;

public sealed class LifecycleStageTests
{
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
    public async Task A_life_of_payments_has_a_stage(string life, int[] daysAgo, int daysPastDue, LifecycleStage stage)
    {
        await using var product = await Product.PartsAsync();
        var events = daysAgo.Select((days, place) => Product.Delivered(
            Product.Payment("C-1", $"{life} {place}", Product.Now.AddDays(-days)), place, Product.Now.AddDays(-days))).ToList();
        await product.Get<PaymentScoring>().ScoreAsync(EventStreams.TransactionsHub, "0", events, CancellationToken.None);
        var state = new CustomerState();
        state.Read(await product.BlockAsync("C-1"));
        Assert.Equal(stage, LifecycleStages.Of(state.Features, daysPastDue, Product.Now.ToUnixTimeMilliseconds()));
    }

    private static IEnumerable<int> Every(int step, int from, int to)
    {
        for (var day = from; day >= to; day -= step)
            yield return day;
    }
}
