using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions.Journeys;
using ServerlessCLM.Journeys;
using ServerlessCLM.Tests.Emulator;
using ServerlessCLM.Tests.Journeys.Running;

namespace ServerlessCLM.Tests.Faults;

/// <summary>
/// Random journeys in random worlds, on a hub whose process is killed around commits: before one, so that it is lost, or after it, so that nobody hears
/// of it. A turn and an activity's end are one commit each, so that is at every await. Each message reaches the provider once, and every journey ends
/// as it does in peace.
/// </summary>
public sealed class JourneyKillTests
{
    private static readonly int Seeds = Setting("CLM_JOURNEY_KILLS", 200);

    [Fact]
    public async Task Journeys_that_are_killed_at_every_await_end_as_in_peace_and_send_each_message_once()
    {
        var (crashes, messages) = (0, 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, Seeds), TestContext.Current.CancellationToken, async (number, _) =>
        {
            var seed = (ulong)number;
            var (content, world) = (RandomJourney.Of(seed), new World(seed));
            var expected = Rehearsal.Of(JourneyJson.Read((JsonObject)content.DeepClone()), world);

            var kill = 0;
            var peace = await EndAsync(content, world, new CrashAt());
            var killed = await EndAsync(content, world, new CrashAt(before: 0), () => kill++ % 2 == 0 ? new CrashAt(after: 0) : new CrashAt(before: 0));
            foreach (var (ending, what) in new[] { (peace, "in peace"), (killed, "killed at every await") })
            {
                Assert.True(expected.End.Outcome == ending.Outcome, $"seed {seed}, {what}: {ending.Outcome}, not {expected.End.Outcome}");
                Assert.Equal(expected.Sent.Select(IdOf).Order(StringComparer.Ordinal), ending.Received.Order(StringComparer.Ordinal));
                Assert.Equal(expected.Nodes, ending.Steps);
            }

            Interlocked.Add(ref crashes, killed.Crashes);
            Interlocked.Add(ref messages, killed.Received.Count);
        });

        Assert.True(crashes > 20 * Seeds && messages > Seeds / 4, $"{crashes} crashes, {messages} messages");
    }

    [Fact]
    public async Task Every_prefix_of_every_history_of_a_journey_replays_to_the_same_commands()
    {
        var prefixes = 0;
        for (var seed = 0ul; seed < 60; seed++)
        {
            var provider = new Provider(RandomJourney.Of(seed), new World(seed));
            await using var hub = provider.Open(new CrashAt());
            await provider.RunAsync(hub);
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

        Assert.True(prefixes > 300, $"{prefixes} prefixes");
    }

    private static string IdOf(string sent)
    {
        var place = sent.LastIndexOf(' ');
        return JourneyIds.Message(World.Run.Instance, sent[..place], int.Parse(sent.AsSpan(place + 1), CultureInfo.InvariantCulture));
    }

    private static async Task<Ending> EndAsync(JsonObject content, World world, CrashAt first, Func<CrashAt>? next = null)
    {
        var provider = new Provider(content, world);
        await using var hub = provider.Open(first, next);
        await provider.RunAsync(hub);
        Assert.Empty(hub.Hub.SetAside);
        return new Ending((await hub.GetAsync(World.Run.Instance)).ReadOutputAs<JourneyOutcome>()!, [.. provider.Received.Keys], [.. provider.Steps.OrderBy(step => step.Key).Select(step => step.Value)], hub.Crashes);
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    private sealed record Ending(JourneyOutcome Outcome, IReadOnlyList<string> Received, IReadOnlyList<string> Steps, int Crashes);

    /// <summary>What stands around the orchestrators: activities that the world answers, and a provider that knows a message by its id.</summary>
    private sealed class Provider(JsonObject content, World world)
    {
        private readonly JourneyDocument _journey = JourneyJson.Read((JsonObject)content.DeepClone());
        private TestHub _hub = null!;

        public ConcurrentDictionary<string, bool> Received { get; } = new(StringComparer.Ordinal);

        /// <summary>Steps on record, by number.</summary>
        public ConcurrentDictionary<int, string> Steps { get; } = new();

        public TestHub Open(CrashAt first, Func<CrashAt>? next = null)
        {
            var code = new DelegateCode()
                .Orchestrator(RunJourney.Name, async context => await RunJourney.RunAsync(context))
                .Orchestrator(AwaitPerson.Name, async context => await AwaitPerson.RunAsync(context));
            foreach (var name in (string[])[JourneyActivities.Ask, JourneyActivities.Reserve, JourneyActivities.Draft, JourneyActivities.Dispatch, JourneyActivities.Decide,
                JourneyActivities.Call, JourneyActivities.Record, JourneyActivities.End])
                code.Activity<JourneyWork>(name, Do);
            code.Activity<JourneyWork>(JourneyActivities.OpenTask, work =>
            {
                var now = _hub.Clock.GetUtcNow();
                return new PersonTask(work.Command.Id!, TaskKind.Call, "desk", "random", "run", now, now + Followed(work).After, ["yes", "no"]);
            });
            code.Activity<TaskClosing>(JourneyActivities.CloseTask, closing => new JourneyAnswer(Followed(closing.Work).Way));
            return _hub = new TestHub(code, first) { NextCrash = next ?? (static () => new()) };
        }

        public async Task RunAsync(TestHub hub)
        {
            var start = new JourneyStart(World.Run with { Digest = DocumentDigest() }, content.ToJsonString(), Interpreter.Begin(_journey, World.Start));
            await hub.AdvanceAsync(World.Start - hub.Clock.GetUtcNow());
            await hub.DoAsync(client => client.ScheduleNewOrchestrationInstanceAsync(RunJourney.Name, start, new StartOrchestrationOptions(World.Run.Instance)));
            foreach (var happening in world.Happenings)
            {
                await hub.AdvanceAsync(happening.At - hub.Clock.GetUtcNow());
                if (!await hub.DoToLiveAsync(World.Run.Instance, client => client.RaiseEventAsync(World.Run.Instance, JourneyHappening.EventName, happening)))
                    return;
            }

            await hub.AdvanceAsync(TimeSpan.FromDays(400));
            Assert.True((await hub.GetAsync(World.Run.Instance)).IsCompleted);
        }

        private JourneyAnswer Do(JourneyWork work)
        {
            foreach (var step in work.State.Trail)
                Steps[step.Number] = step.Node;
            var answer = world.Answer(_journey, work.Command, work.State, _hub.Clock.GetUtcNow());
            if (work.Command.Kind == CommandKind.Dispatch && answer.Way == JourneyAnswer.Next)
                Received[work.Command.Id!] = true;
            return answer;
        }

        private (TimeSpan After, string Way) Followed(JourneyWork work) => world.Followed((TaskNode)_journey.Nodes[work.Command.Node], work.Command.Node, work.Command.Visit);

        private string DocumentDigest() => ServerlessCLM.Documents.DocumentStore.DigestOf(content);
    }
}
