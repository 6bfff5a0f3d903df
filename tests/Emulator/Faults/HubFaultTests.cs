using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator.Faults;

/// <summary>Faults of hubs, one kind at a time.</summary>
public sealed class HubFaultTests : IDisposable
{
    static readonly VirtualClock Clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(FaultPoint.HubSend, FaultKind.Throttle, EventHubsException.FailureReason.ServiceBusy, "")]
    [InlineData(FaultPoint.HubSend, FaultKind.Fail, EventHubsException.FailureReason.ServiceCommunicationProblem, "")]
    [InlineData(FaultPoint.HubSend, FaultKind.LoseAnswer, EventHubsException.FailureReason.ServiceCommunicationProblem, "a")]
    [InlineData(FaultPoint.HubCommit, FaultKind.Fail, EventHubsException.FailureReason.GeneralError, "")]
    public async Task A_send_that_fails_is_transient_and_the_hub_goes_on(FaultPoint point, FaultKind kind, EventHubsException.FailureReason reason, string kept)
    {
        var faults = StorageFaultTests.Always(folder, point, kind);
        using var hubs = Open(faults);
        var failed = await Assert.ThrowsAsync<EventHubsException>(() => SendAsync(hubs, "a"));
        Assert.Equal((true, reason), (failed.IsTransient, failed.Reason));
        faults.Enabled = false;
        await SendAsync(hubs, "b");
        Assert.Equal($"{kept}b", Bodies(hubs));
    }

    [Fact]
    public async Task A_send_that_comes_twice_is_stored_twice()
    {
        using var hubs = Open(StorageFaultTests.Always(folder, FaultPoint.HubSend, FaultKind.Duplicate));
        await SendAsync(hubs, "a");
        Assert.Equal("aa", Bodies(hubs));
    }

    [Theory]
    [InlineData(FaultPoint.HubSend, FaultKind.KillBefore, "a")]
    [InlineData(FaultPoint.HubSend, FaultKind.KillAfter, "ab")]
    [InlineData(FaultPoint.HubCommit, FaultKind.KillBefore, "a")]
    [InlineData(FaultPoint.HubCommit, FaultKind.KillAfter, "ab")]
    [InlineData(FaultPoint.HubCommit, FaultKind.Tear, "a")]
    [InlineData(FaultPoint.HubCommit, FaultKind.LoseUnsynced, "a")]
    public async Task A_kill_leaves_what_was_acknowledged_and_the_send_under_way_as_a_whole_or_not_at_all(FaultPoint point, FaultKind kind, string kept)
    {
        var faults = StorageFaultTests.Always(folder, point, kind);
        using (var hubs = Open(faults))
        {
            faults.Enabled = false;
            await SendAsync(hubs, "a");
            faults.Enabled = true;
            var killed = await Assert.ThrowsAnyAsync<Exception>(() => SendAsync(hubs, "b"));
            Assert.True(killed is ProcessKilledException or EventHubsException { InnerException: ProcessKilledException });
            await Assert.ThrowsAnyAsync<Exception>(() => SendAsync(hubs, "c"));
        }

        using var next = new EventHubsNamespace(Path.Combine(faults.Image!, "hubs"), Clock);
        Assert.Equal(kept, Bodies(next));
        await SendAsync(next, "d");
        Assert.Equal($"{kept}d", Bodies(next));
    }

    [Theory]
    [InlineData(FaultKind.KillBefore, 2)]
    [InlineData(FaultKind.LoseUnsynced, 2)]
    public void A_checkpoint_that_was_never_flushed_is_the_one_before(FaultKind kind, long position)
    {
        var faults = StorageFaultTests.Always(folder, FaultPoint.HubCheckpoint, kind);
        using (var hubs = Open(faults))
        {
            var group = hubs.GetHub("h").Group("$Default");
            faults.Enabled = false;
            group.MoveTo(0, 1);
            group.MoveTo(0, 2);
            faults.Enabled = true;
            Assert.Throws<ProcessKilledException>(() => group.MoveTo(0, 3));
        }

        using var next = new EventHubsNamespace(Path.Combine(faults.Image!, "hubs"), Clock);
        // What was written before may be lost as well, as nothing has flushed it.
        Assert.InRange(next.GetHub("h").Group("$Default").Position(0)!.Value, position - 1, position);
    }

    EventHubsNamespace Open(FaultInjector faults) => new(
        Path.Combine(folder.Path, "data", "hubs"), Clock, new EventHubsOptions { PartitionCount = 1, Syncs = false, Faults = new HubFaults(faults) });

    static Task SendAsync(EventHubsNamespace hubs, string body) => new EventHubProducerClient(hubs, "h").SendAsync([new EventData(body)]);

    static string Bodies(EventHubsNamespace hubs) => string.Concat(hubs.ReadAll("h").Select(stored => stored.EventBody.ToString()));
}
