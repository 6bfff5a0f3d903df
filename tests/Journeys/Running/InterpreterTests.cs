using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Journeys;

namespace ServerlessCLM.Tests.Journeys.Running;

public class InterpreterTests
{
    [Fact]
    public void Random_journeys_are_valid()
    {
        for (var seed = 0ul; seed < 200; seed++)
            Assert.DoesNotContain(SampleJourney.Kind().Check(RandomJourney.Of(seed)), finding => !finding.IsWarning);
    }

    [Fact]
    public void It_goes_the_way_that_one_goes_by_hand()
    {
        var (kinds, ends) = (new HashSet<string>(), new Dictionary<string, int>());
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var (content, world) = (RandomJourney.Of((ulong)seed % 5000), new World((ulong)seed));
            var journey = JourneyJson.Read((JsonObject)content.DeepClone());
            var (naive, run) = (new NaiveJourney(content, world).Walk(), Rehearsal.Of(journey, world));
            Assert.Equal(naive.Nodes, run.Nodes);
            Assert.Equal(naive.Sent, run.Sent);
            Assert.Equal(naive.Outcome, $"{run.End.Outcome!.Kind} {run.End.Outcome.Reason}");
            kinds.UnionWith(run.Nodes.Select(node => journey.Nodes[node].Kind));
            ends[run.End.Outcome.Kind.ToString()] = ends.GetValueOrDefault(run.End.Outcome.Kind.ToString()) + 1;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

        // The journeys got somewhere.
        Assert.Superset(new HashSet<string> { "message", "offer", "wait", "waitFor", "branch", "split", "loop", "task", "webhook", "decide", "goal", "exit", "end" }, kinds);
        Assert.Equal(["Completed", "Exited", "Goal"], ends.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_state_that_was_written_and_read_in_between_goes_the_same_way()
    {
        for (var seed = 0ul; seed < 100; seed++)
        {
            var (journey, world) = (JourneyJson.Read(RandomJourney.Of(seed)), new World(seed));
            var state = Interpreter.Begin(journey, World.Start);
            foreach (var turn in Rehearsal.Of(journey, world).Turns.Skip(1))
            {
                state = JsonSerializer.Deserialize<JourneyState>(JsonSerializer.Serialize(state, Rehearsal.Json), Rehearsal.Json)!;
                state = Rehearsal.Apply(journey, state, turn.Input!);
                Assert.Equal(Text(turn.Command), Text(Interpreter.CommandOf(World.Run, journey, state)));
            }
        }
    }

    [Fact]
    public void Each_message_of_a_journey_has_an_id_of_its_own_that_its_place_gives()
    {
        var ids = new HashSet<string>();
        for (var seed = 0ul; seed < 100; seed++)
        {
            var journey = JourneyJson.Read(RandomJourney.Of(seed));
            var run = World.Run with { Instance = string.Create(CultureInfo.InvariantCulture, $"run-{seed}") };
            foreach (var (node, _) in journey.Nodes)
                Assert.True(ids.Add(JourneyIds.Message(run.Instance, node, 1)) && ids.Add(JourneyIds.Message(run.Instance, node, 2)));
        }

        Assert.Equal("journey-welcome-", JourneyIds.Instance("bank", "C-1", "welcome", "cause")[..16]);
        Assert.Equal(JourneyIds.Instance("bank", "C-1", "welcome", "cause"), JourneyIds.Instance("bank", "C-1", "welcome", "cause"));
        Assert.NotEqual(JourneyIds.Instance("bank", "C-1", "welcome", "cause"), JourneyIds.Instance("bank", "C-2", "welcome", "cause"));
    }

    [Fact]
    public void A_goal_ends_a_journey_before_what_it_would_have_sent()
    {
        var journey = JourneyJson.Read(SampleJourney.Example());
        var state = Interpreter.Begin(journey, World.Start);
        state = Interpreter.Answered(World.Run, journey, state, new JourneyAnswer(), World.Start);
        Assert.Equal((CommandKind.Wait, World.Start.AddDays(7)), (Interpreter.CommandOf(World.Run, journey, state)!.Kind, Interpreter.CommandOf(World.Run, journey, state)!.Until));

        var used = new JourneyHappening("s-1", HappeningKind.Signal, "first_use", World.Start.AddDays(1), []);
        state = Interpreter.Happened(World.Run, journey, state, used, used.At);
        Assert.Equal(CommandKind.Ask, Interpreter.CommandOf(World.Run, journey, state)!.Kind);
        state = Interpreter.Answered(World.Run, journey, state, new JourneyAnswer(JourneyAnswer.Goal), used.At);
        Assert.Equal((CommandKind.End, new JourneyOutcome(JourneyEnd.Goal, "first_use")), (Interpreter.CommandOf(World.Run, journey, state)!.Kind, state.Outcome));
        state = Interpreter.Answered(World.Run, journey, state, new JourneyAnswer(), used.At);
        Assert.Null(Interpreter.CommandOf(World.Run, journey, state));
        Assert.Same(state, Interpreter.Happened(World.Run, journey, state, used with { Id = "s-2" }, used.At));
    }

    private static string Text(JourneyCommand? command) => JsonSerializer.Serialize(command, Rehearsal.Json);
}
