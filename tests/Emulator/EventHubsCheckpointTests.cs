using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

public sealed class EventHubsCheckpointTests : IDisposable
{
    readonly HubFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Groups_and_partitions_move_on_their_own_and_stay_over_a_restart()
    {
        using (var hubs = _folder.Open())
        {
            hubs.GetHub("h").Group("$Default").MoveTo(0, 5);
            hubs.GetHub("h").Group("$Default").MoveTo(0, 9);
            hubs.GetHub("h").Group("archive").MoveTo(1, 3);
        }
        using var reopened = _folder.Open();
        Assert.Equal([9, null, null, null], Positions(reopened, "$default"));
        Assert.Equal([null, 3, null, null], Positions(reopened, "archive"));
    }

    [Fact]
    public void A_checkpoint_cut_short_leaves_the_one_before_it()
    {
        using (var hubs = _folder.Open())
        {
            for (var next = 1; next <= 6; next++)
                hubs.GetHub("h").Group("g").MoveTo(0, next);
        }
        var path = Path.Combine(_folder.Path, "h", "checkpoints", "g", "0");
        var whole = File.ReadAllBytes(path);
        // The sixth went to the first slot.
        for (var damaged = 0; damaged < 20; damaged++)
        {
            var bytes = whole.ToArray();
            bytes[damaged] ^= 0x10;
            File.WriteAllBytes(path, bytes);
            using var hubs = _folder.Open();
            Assert.Equal(5, hubs.GetHub("h").Group("g").Position(0));
        }
    }

    [Fact]
    public async Task Lag_is_what_is_stored_and_not_dealt_with()
    {
        using var hubs = _folder.Open();
        var producer = new EventHubProducerClient(hubs, "h");
        for (var i = 0; i < 8; i++)
            await producer.SendAsync([new EventData("a"), new EventData("b")]);
        Assert.Equal(16, hubs.GetLag("h"));
        hubs.GetHub("h").Group("$Default").MoveTo(3, 4);
        Assert.Equal(12, hubs.GetLag("h"));
        Assert.Equal(16, hubs.GetLag("h", "other"));

        var drained = hubs.WaitUntilDrainedAsync("h");
        for (var partition = 0; partition < 3; partition++)
        {
            Assert.False(drained.IsCompleted);
            hubs.GetHub("h").Group("$Default").MoveTo(partition, 4);
        }
        await drained;
        Assert.Equal(0, hubs.GetLag("h"));
    }

    [Fact]
    public async Task Waiting_for_a_hub_to_drain_can_be_given_up()
    {
        using var hubs = _folder.Open();
        await new EventHubProducerClient(hubs, "h").SendAsync([new EventData("a")]);
        using var patience = new CancellationTokenSource();
        var drained = hubs.WaitUntilDrainedAsync("h", cancellationToken: patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => drained);
    }

    static long?[] Positions(EventHubsNamespace hubs, string group) =>
        [.. Enumerable.Range(0, 4).Select(partition => hubs.GetHub("h").Group(group).Position(partition))];
}
