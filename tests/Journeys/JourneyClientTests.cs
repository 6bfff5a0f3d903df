using Azure;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions.Journeys;
using ServerlessCLM.Journeys;

namespace ServerlessCLM.Tests.Journeys;

public sealed class JourneyClientTests
{
    /// <summary>A second answer that came between the look at the task and its end was a 500.</summary>
    [Fact]
    public async Task An_instance_that_ends_between_the_look_and_the_event_need_not_hear_it()
    {
        await using var client = new RacingClient(ends: true);
        await client.AnswerAsync("task", "done", CancellationToken.None);
        await client.TellAsync(new JourneyNews([], [("task", new JourneyHappening("h-1", HappeningKind.Signal, "go", DateTimeOffset.UnixEpoch, []))]), CancellationToken.None);
        Assert.Equal([PersonTask.EventName, JourneyHappening.EventName], client.Raised);
    }

    [Fact]
    public async Task An_event_that_a_live_instance_could_not_be_told_is_an_error()
    {
        await using var client = new RacingClient(ends: false);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.AnswerAsync("task", "done", CancellationToken.None));
    }

    /// <summary>Its instance runs, takes no event, and has then ended or not.</summary>
    private sealed class RacingClient(bool ends) : DurableTaskClient("race")
    {
        private bool _told;

        public List<string> Raised { get; } = [];

        public override Task<OrchestrationMetadata?> GetInstanceAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
        {
            var status = ends && _told ? OrchestrationRuntimeStatus.Completed : OrchestrationRuntimeStatus.Running;
            _told = false;
            return Task.FromResult<OrchestrationMetadata?>(new OrchestrationMetadata("task", instanceId) { RuntimeStatus = status });
        }

        public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
        {
            _told = true;
            Raised.Add(eventName);
            throw new InvalidOperationException("The instance has ended.");
        }

        public override Task<string> ScheduleNewOrchestrationInstanceAsync(
            TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => throw new NotSupportedException();

        public override Task<PurgeResult> PurgeInstanceAsync(string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override Task<PurgeResult> PurgeAllInstancesAsync(PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override Task<string> RestartAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override Task<Page<string>> ListInstanceIdsAsync(
            IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null, DateTimeOffset? completedTimeFrom = null, DateTimeOffset? completedTimeTo = null,
            int pageSize = OrchestrationQuery.DefaultPageSize, string? lastInstanceKey = null, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
