using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Journeys;

namespace ServerlessCLM.Tests.Journeys.Running;

/// <summary>What an interpreter was told at an instant: one of the four.</summary>
/// <param name="At">When.</param>
internal sealed record Input(DateTimeOffset At)
{
    public JourneyAnswer? Answered { get; init; }

    public JourneyHappening? Happened { get; init; }

    public bool Elapsed { get; init; }
}

/// <summary>A turn of a history: what the interpreter was told, none at the start, and what it wanted done then; null when it had ended.</summary>
internal sealed record Turn(Input? Input, JourneyCommand? Command);

/// <summary>Runs a journey in a world as the orchestrator would, with commands that take no time.</summary>
internal sealed class Rehearsal
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new InstantConverter() },
    };

    public List<Turn> Turns { get; } = [];

    public List<string> Nodes { get; } = [];

    /// <summary>Ids of messages in the order in which they were sent.</summary>
    public List<string> Sent { get; } = [];

    public JourneyState End { get; private set; } = null!;

    public static Rehearsal Of(JourneyDocument journey, World world)
    {
        var (run, now, next, ends) = (new Rehearsal(), World.Start, 0, DateTimeOffset.MaxValue);
        var state = Interpreter.Begin(journey, now);
        run.Turns.Add(new Turn(null, run.Note(journey, state)));
        while (Interpreter.CommandOf(World.Run, journey, state) is { } command)
        {
            Input input;
            if (!command.IsWait)
            {
                input = new Input(now) { Answered = world.Answer(journey, command, state, now) };
                if (command.Kind == CommandKind.Dispatch && input.Answered.Way == JourneyAnswer.Next)
                    run.Sent.Add($"{command.Node} {command.Visit}");
            }
            else
            {
                var followed = command.Kind == CommandKind.Follow ? world.Followed((TaskNode)journey.Nodes[command.Node], command.Node, command.Visit) : default;
                if (command.Kind == CommandKind.Follow && ends == DateTimeOffset.MaxValue)
                    ends = now + followed.After;
                var until = command.Kind == CommandKind.Follow ? ends : command.Until!.Value;
                if (next < world.Happenings.Count && world.Happenings[next].At <= until)
                    input = new Input(world.Happenings[next].At) { Happened = world.Happenings[next++] };
                else
                    input = command.Kind == CommandKind.Follow ? new Input(until) { Answered = new JourneyAnswer(followed.Way) } : new Input(until) { Elapsed = true };
            }

            now = input.At;
            var before = (state.Node, state.VisitsOf(state.Node));
            state = Apply(journey, state, input);
            if ((state.Node, state.VisitsOf(state.Node)) != before)
                ends = DateTimeOffset.MaxValue;
            run.Turns.Add(new Turn(input, run.Note(journey, state)));
        }

        run.End = state;
        return run;
    }

    public static JourneyState Apply(JourneyDocument journey, JourneyState state, Input input) =>
        input.Answered is { } answer ? Interpreter.Answered(World.Run, journey, state, answer, input.At)
        : input.Happened is { } happening ? Interpreter.Happened(World.Run, journey, state, happening, input.At)
        : Interpreter.Elapsed(journey, state, input.At);

    private JourneyCommand? Note(JourneyDocument journey, JourneyState state)
    {
        Nodes.AddRange(state.Trail.Where(step => step.Number > Nodes.Count).Select(step => step.Node));
        return Interpreter.CommandOf(World.Run, journey, state);
    }
}
