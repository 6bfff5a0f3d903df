using Microsoft.Extensions.Logging.Abstractions;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>Histories of generated orchestrations, replayed.</summary>
public sealed class DurableReplayTests
{
    const int Seeds = 200;

    [Fact]
    public async Task Every_prefix_of_every_history_replays_to_the_same_commands()
    {
        var prefixes = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            await using var hub = new TestHub(GeneratedOrchestration.CodeOf(seed));
            await GeneratedOrchestration.RunAsync(hub, seed);
            await foreach (var instance in hub.Client.GetAllInstancesAsync())
            {
                var stored = hub.Hub.Store.Read(reader => reader.Instance(instance.InstanceId)!);
                var (events, _) = hub.Hub.Store.Read(reader => reader.History(stored.Key, instance.InstanceId));
                for (var begin = 0; begin < events.Count;)
                {
                    var end = events.FindIndex(begin + 1, item => item.Kind == HistoryKind.TurnStarted);
                    end = end < 0 ? events.Count : end;
                    var turn = events[begin..end];
                    var outcome = OrchestrationTurn.Run(
                        stored.Start, hub.Code.Orchestrator(stored.Start.Name), events[..begin], turn.FindAll(item => !item.IsCommand), NullLoggerFactory.Instance);
                    Assert.Equal(turn.FindAll(item => item.IsCommand), outcome.Commands.Select(command => command.Event));
                    Assert.Empty(outcome.Deviations);
                    prefixes++;
                    begin = end;
                }
            }
        }

        Assert.True(prefixes > 10 * Seeds, $"{prefixes} prefixes");
    }
}
