using Azure;
using ServerlessCLM.Customers;
using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models;

public class ModelRegistryTests : ProductTests
{
    private static readonly DateTimeOffset At = Product.Now;

    [Fact]
    public void What_was_live_follows_from_the_entries_alone()
    {
        var ledger = new ModelLedger("churn", 1, []);
        Assert.Equal((1, (int?)null), (ledger.Champion, ledger.Previous));

        ledger = ledger.Challenge(2, At, "Ada").Promote(2, At.AddDays(1), "Ada", null, []).Challenge(3, At.AddDays(2), null)
            .Promote(3, At.AddDays(3), "Ben", "better", []).RollBack(At.AddDays(4), "Ada", "too many alerts").RollBack(At.AddDays(5), null, null);

        Assert.Equal([1, 1, 2, 3, 2, 1], new[] { -1, 0, 1, 3, 4, 9 }.Select(day => ledger.LiveAt(At.AddDays(day))!.Value));
        Assert.Equal("Ben", ledger.Entries[3].By);
        Assert.Throws<LedgerException>(() => ledger.RollBack(At.AddDays(6), null, null));
        Assert.Throws<LedgerException>(() => ledger.Promote(2, At, null, null, null));
        // A version that was taken back may be challenged again.
        Assert.Equal(2, ledger.Challenge(2, At, null).Promote(2, At.AddDays(7), null, null, null).Champion);
    }

    [Fact]
    public void Entries_never_go_back_in_time()
    {
        var ledger = new ModelLedger("churn", 1, []).Challenge(2, At, null).Promote(2, At.AddHours(-1), null, null, null);
        Assert.Equal(At, ledger.Entries[1].At);
    }

    [Fact]
    public async Task A_new_champion_scores_within_a_minute_and_its_predecessor_scores_along()
    {
        await using var product = await PartsAsync();
        var (registry, live) = (product.Get<ModelRegistry>(), product.Get<LiveModels>());
        var second = ShippedModels.Find("churn")! with { Version = 2 };
        Assert.Equal(1, (await live.GetAsync(CancellationToken.None)).Find("churn")!.Document.Version);

        await registry.ChallengeAsync(second, At, "Ada", CancellationToken.None);
        product.Clock.Advance(TimeSpan.FromSeconds(31));
        var challenged = (await live.GetAsync(CancellationToken.None)).Find("churn")!;
        Assert.Equal((1, 2), (challenged.Document.Version, Assert.Single(challenged.Shadows).Document.Version));

        await registry.ChangeAsync("churn", ledger => ledger.Promote(2, At, "Ada", null, null), CancellationToken.None);
        Assert.Equal(1, (await live.GetAsync(CancellationToken.None)).Find("churn")!.Document.Version);
        product.Clock.Advance(TimeSpan.FromSeconds(31));
        var promoted = (await live.GetAsync(CancellationToken.None)).Find("churn")!;
        Assert.Equal((2, 1), (promoted.Document.Version, Assert.Single(promoted.Shadows).Document.Version));

        await registry.ChangeAsync("churn", ledger => ledger.RollBack(At, "Ada", null), CancellationToken.None);
        product.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(1, (await live.GetAsync(CancellationToken.None)).Find("churn")!.Document.Version);
    }

    [Fact]
    public async Task A_version_is_never_changed()
    {
        await using var product = await PartsAsync();
        var registry = product.Get<ModelRegistry>();
        var second = ShippedModels.Find("churn")! with { Version = 2 };
        await registry.ChallengeAsync(second, At, null, CancellationToken.None);
        Assert.Single((await registry.ChallengeAsync(second, At, null, CancellationToken.None)).Entries);

        await Assert.ThrowsAsync<LedgerException>(() => registry.ChallengeAsync(second with { Purpose = "Another." }, At, null, CancellationToken.None));
        await Assert.ThrowsAsync<LedgerException>(() => registry.ChallengeAsync(second with { Version = 1 }, At, null, CancellationToken.None));
        Assert.Equal(ModelDocuments.Write(second), ModelDocuments.Write((await registry.DocumentAsync("churn", 2, CancellationToken.None))!));
    }

    [Fact]
    public async Task Promotions_at_once_leave_one_history()
    {
        await using var product = await PartsAsync();
        var registry = product.Get<ModelRegistry>();
        foreach (var version in new[] { 2, 3, 4, 5 })
            await registry.ChallengeAsync(ShippedModels.Find("churn")! with { Version = version }, At, null, CancellationToken.None);

        await Task.WhenAll(new[] { 2, 3, 4, 5 }.Select(version => Task.Run(() =>
            registry.ChangeAsync("churn", ledger => ledger.Promote(version, At, null, null, null), CancellationToken.None))));

        var ledger = (await registry.FindAsync("churn", CancellationToken.None))!.Value.Ledger;
        Assert.Equal([2, 3, 4, 5], ledger.Entries.Where(entry => entry.Action == LedgerAction.Promoted).Select(entry => entry.Version).Order());
        Assert.Empty(ledger.Challengers);
    }

    [Fact]
    public async Task A_model_that_cannot_score_is_refused_before_anything_is_kept()
    {
        await using var product = await PartsAsync();
        var registry = product.Get<ModelRegistry>();
        var shipped = ShippedModels.Find("churn")!;
        var wrong = shipped with { Version = 2, Features = [.. shipped.Features.Skip(1)] };

        await Assert.ThrowsAsync<ModelFormatException>(() => registry.ChallengeAsync(wrong, At, null, CancellationToken.None));
        Assert.Null(await registry.DocumentAsync("churn", 2, CancellationToken.None));
        Assert.Empty((await registry.FindAsync("churn", CancellationToken.None))!.Value.Ledger.Entries);
    }
}

/// <summary>The same over the storage REST protocol.</summary>
public sealed class ModelRegistryOnAzurite(ServerlessCLM.Tests.Emulator.Azurite azurite) : ModelRegistryTests
{
    protected override async Task<string?> NewStorageAsync() => await azurite.NewAccountAsync();
}
