using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Journeys;

namespace ServerlessCLM.Tests.Journeys.Running;

/// <summary>What the world answers and does to a journey: a function of a seed, the node, its visit and how often it was asked.</summary>
internal sealed class World(ulong seed)
{
    public static readonly DateTimeOffset Start = new(2027, 1, 1, 8, 0, 0, TimeSpan.Zero);

    public static readonly JourneyRun Run = new("bank", "C-1", "random", 1, "digest", "run", new JsonObject { ["debt"] = "D-1" });

    /// <summary>What happens, in its order; never on a whole hour, when waits end.</summary>
    public IReadOnlyList<JourneyHappening> Happenings { get; } = Make(seed);

    /// <summary>A number below a limit that stands for what is drawn at a place.</summary>
    public int Draw(string what, string node, int visit, int again, int limit) =>
        (int)(Digest64.Of(string.Create(CultureInfo.InvariantCulture, $"{seed}\n{what}\n{node}\n{visit}\n{again}")) % (ulong)limit);

    /// <summary>Whether the exit condition holds when something is asked at a node, or when a happening is looked at.</summary>
    public bool IsOut(string node, int visit, int again) => Draw("exit", node, visit, again, 40) == 0;

    public bool IsOut(JourneyHappening happening) => Draw("exit", happening.Id, 0, 0, 12) == 0;

    public static bool IsGood(JourneyHappening happening) => (bool?)happening.Data["good"] == true;

    /// <summary>How long something that is followed takes, and its way on.</summary>
    public (TimeSpan After, string Way) Followed(TaskNode node, string name, int visit)
    {
        var draw = Draw("person", name, visit, 0, 3);
        var after = TimeSpan.FromHours(Draw("person takes", name, visit, 0, 100)) + TimeSpan.FromMinutes(30);
        return draw == 2 || after >= node.Due ? (node.Due, "late") : (after, draw == 0 ? "outcomes.yes" : "outcomes.no");
    }

    /// <summary>What an activity answers.</summary>
    public JourneyAnswer Answer(JourneyDocument journey, JourneyCommand command, JourneyState state, DateTimeOffset now)
    {
        var (node, visit, again) = (command.Node, command.Visit, state.Postponements);
        if (command.Kind is CommandKind.Record or CommandKind.End)
            return new JourneyAnswer();
        if (state.Happening is { } happening)
            return LookAt(journey, state, happening, now);
        if (journey.Exit is not null && IsOut(node, visit, again))
            return new JourneyAnswer { Over = new JourneyOutcome(JourneyEnd.Exited, "exit") };

        return command.Kind switch
        {
            CommandKind.Reserve => Draw("reserve", node, visit, again, 5) switch { 0 => new JourneyAnswer("refused"), 1 => new JourneyAnswer { Until = now.AddHours(5) }, _ => new JourneyAnswer { Channel = "email" } },
            CommandKind.Draft => Draw("draft", node, visit, again, 8) == 0 ? new JourneyAnswer("refused") : new JourneyAnswer(),
            CommandKind.Dispatch => Draw("send", node, visit, again, 5) switch { 0 => new JourneyAnswer("refused"), 1 => new JourneyAnswer { Until = now.AddHours(7) }, _ => new JourneyAnswer("next") },
            CommandKind.Decide => Draw("decide", node, visit, 0, 2) == 0 ? new JourneyAnswer("none") : new JourneyAnswer("next") { Action = "one", Decision = "d", Channel = "sms" },
            CommandKind.Call => new JourneyAnswer(Draw("call", node, visit, 0, 3) == 0 ? "failed" : "next"),
            _ => journey.Nodes[node] switch
            {
                BranchNode or SplitNode => new JourneyAnswer(journey.Nodes[node].Edges[Draw("way", node, visit, 0, journey.Nodes[node].Edges.Count)].Path),
                LoopNode => new JourneyAnswer(Draw("round", node, visit, 0, 3) == 0 ? "next" : "loop"),
                _ => Draw("date", node, visit, 0, 3) == 0 ? new JourneyAnswer("past") : new JourneyAnswer { Until = now.AddHours(1 + Draw("date", node, visit, 1, 50)) },
            },
        };
    }

    private JourneyAnswer LookAt(JourneyDocument journey, JourneyState state, JourneyHappening happening, DateTimeOffset now)
    {
        if (journey.Exit is not null && IsOut(happening))
            return new JourneyAnswer { Over = new JourneyOutcome(JourneyEnd.Exited, "exit") };
        if (Interpreter.IsGoal(Run, journey, state, happening, now) && (journey.Goal!.When is null || IsGood(happening)))
            return new JourneyAnswer(JourneyAnswer.Goal);
        return Interpreter.Concerns(Run, journey, state, happening) && (Interpreter.WhenOf(journey, state) is null || IsGood(happening))
            ? new JourneyAnswer(JourneyAnswer.Next) : new JourneyAnswer(JourneyAnswer.Ignored);
    }

    private static JourneyHappening[] Make(ulong seed)
    {
        var draws = new Rng(seed ^ 0x9E37);
        var happenings = new List<JourneyHappening>();
        var at = Start;
        for (var i = 0; i < 12; i++)
        {
            at = at.AddHours(1 + draws.Below(60)).AddMinutes(i == 0 ? 1 : 0).AddSeconds(1);
            var kind = draws.Below(4) == 0 ? HappeningKind.Outcome : HappeningKind.Signal;
            // Goals and exits come seldom, so that journeys get somewhere.
            var name = kind == HappeningKind.Outcome ? (draws.Below(2) == 0 ? "accept" : "reject")
                : RandomJourney.Signals[draws.Below(6) == 0 ? 3 + draws.Below(2) : draws.Below(3)];
            happenings.Add(new JourneyHappening($"h{i}", kind, name, at, new JsonObject
            {
                ["good"] = draws.Below(2) == 0, ["debt"] = draws.Below(2) == 0 ? "D-1" : "D-2", ["action"] = draws.Below(3) == 0 ? "two" : "one",
            }));
            if (draws.Below(8) == 0)
                happenings.Add(happenings[^1]);
        }

        return [.. happenings];
    }
}
