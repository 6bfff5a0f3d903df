using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ServerlessCLM.Documents;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions.Journeys;
using ServerlessCLM.Journeys;
using ServerlessCLM.Tests.Emulator;

namespace ServerlessCLM.Tests.Faults;

/// <summary>
/// A journey that starts another and is left before that ends, on a hub whose process is killed at one commit after the other: the other's entry never
/// stays open, whether the customer was entering, was in it, or it had ended.
/// </summary>
public sealed class SubJourneyKillTests
{
    private static readonly JourneyRun Outer = new("t", "C-1", "outer", 1, "", "outer-run", []), Inner = Outer with { Journey = "inner", Instance = "inner-run" };

    /// <summary>When the outer journey is told to stop: not at all, while the customer enters the inner one, or days later.</summary>
    public enum Told { Never, Entering, Waiting }

    [Theory]
    [InlineData(Told.Never, JourneyEnd.Cancelled, "outer completed late, inner cancelled late for outer")]
    [InlineData(Told.Entering, JourneyEnd.Cancelled, "outer cancelled stop, inner cancelled left by outer")]
    [InlineData(Told.Waiting, JourneyEnd.Cancelled, "outer cancelled stop, inner cancelled left by outer")]
    [InlineData(Told.Waiting, JourneyEnd.Goal, "outer goal stop, inner cancelled left by outer")]
    [InlineData(Told.Entering, JourneyEnd.Outranked, "outer outranked inner, inner completed done")]
    public async Task A_journey_that_is_left_ends_with_the_one_that_started_it_wherever_the_process_is_killed(Told told, JourneyEnd end, string expected)
    {
        var commits = await EndAsync(told, end, new CrashAt(), expected);
        for (var kill = 0; kill < commits; kill++)
        {
            await EndAsync(told, end, new CrashAt(before: kill), expected);
            await EndAsync(told, end, new CrashAt(after: kill), expected);
        }

        Assert.True(commits >= 8, $"{commits} commits");
    }

    /// <returns>Commits of the hub until it crashed, or until the end.</returns>
    private static async Task<int> EndAsync(Told told, JourneyEnd end, CrashAt crash, string expected)
    {
        var (outer, inner) = (Start(Outer, """{ "first": { "journey": "inner", "timeout": "P9D", "next": "over", "late": "late" }, "over": { "end": "over" }, "late": { "end": "late" } }"""),
            Start(Inner, """{ "first": { "wait": "P30D", "next": "done" }, "done": { "end": "done" } }"""));
        var book = new ConcurrentDictionary<string, JourneyOutcome?>(StringComparer.Ordinal);
        var ends = new ConcurrentQueue<string>();
        TestHub hub = null!;
        var stop = new JourneyHappening("stop", HappeningKind.Stop, end == JourneyEnd.Outranked ? "inner" : "stop", TestHub.Start, []) { End = end };
        var code = new DelegateCode()
            .Orchestrator(RunJourney.Name, async context => await RunJourney.RunAsync(context))
            .Orchestrator(FollowJourney.Name, async context => await FollowJourney.RunAsync(context))
            .Activity<JourneyWork>(JourneyActivities.Record, _ => new JourneyAnswer())
            .Activity<JourneyWork>(JourneyActivities.End, work =>
            {
                if (book[work.Run.Instance] is null)
                    ends.Enqueue(work.Run.Instance);
                book[work.Run.Instance] ??= work.Command.Outcome;
                return new JourneyAnswer();
            });
        code.Activities[JourneyActivities.Enter] = async (_, _) =>
        {
            // The commit that enters, and what it ends; killed after it, the activity runs again and finds the entry there.
            book.TryAdd(Inner.Instance, null);
            if (told == Told.Entering)
                await hub.Client.RaiseEventAsync(Outer.Instance, JourneyHappening.EventName, stop);
            return new SubJourney(book[Inner.Instance] is null ? inner : null);
        };
        await using (hub = new TestHub(code, crash))
        {
            book.TryAdd(Outer.Instance, null);
            await hub.DoAsync(client => client.ScheduleNewOrchestrationInstanceAsync(RunJourney.Name, outer, new StartOrchestrationOptions(Outer.Instance)));
            await hub.AdvanceAsync(TimeSpan.FromDays(3));
            if (told == Told.Waiting)
                await hub.DoToLiveAsync(Outer.Instance, client => client.RaiseEventAsync(Outer.Instance, JourneyHappening.EventName, stop));
            await hub.AdvanceAsync(TimeSpan.FromDays(60));

            Assert.Empty(hub.Hub.SetAside);
            Assert.Equal(expected, $"outer {Text(Outer)}, inner {Text(Inner)}");
            Assert.Equal(2, ends.Count);
            await foreach (var instance in hub.Client.GetAllInstancesAsync())
                Assert.True(instance.IsCompleted, $"{instance.InstanceId} runs on");
            return crash.Commits;
        }

        string Text(JourneyRun run) => book[run.Instance] is { } outcome ? $"{System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(outcome.Kind.ToString())} {outcome.Reason}" : "open";
    }

    private static JourneyStart Start(JourneyRun run, string nodes)
    {
        var content = JsonNode.Parse($$"""
            { "id": "{{run.Journey}}", "version": 1, "stage": "activate", "sector": "card", "purpose": "service", "entry": { "call": true }, "start": "first", "nodes": {{nodes}} }
            """)!.AsObject();
        return new JourneyStart(run with { Digest = DocumentStore.DigestOf(content) }, content.ToJsonString(), Interpreter.Begin(JourneyJson.Read((JsonObject)content.DeepClone()), TestHub.Start) with { Trail = [] });
    }
}
