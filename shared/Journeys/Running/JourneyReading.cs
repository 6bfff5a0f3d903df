using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Conditions;
using ServerlessCLM.Decisions;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Templates;

namespace ServerlessCLM.Journeys;

/// <summary>What a journey reads of a customer: pure, given what is known of them.</summary>
public static class JourneyReading
{
    /// <summary>That the exit condition holds; null where it does not, or is unknown.</summary>
    public static JourneyAnswer? Out(CompiledJourney compiled, DecisionInputs inputs) =>
        compiled.Document.Exit is { } exit && compiled[exit].Holds(inputs) ? new JourneyAnswer { Over = new JourneyOutcome(JourneyEnd.Exited, "exit") } : null;

    /// <summary>Whether what happened is the goal, what the node waits for, or nothing to the journey.</summary>
    public static JourneyAnswer Heard(JourneyRun run, CompiledJourney compiled, JourneyState state, JourneyHappening happening, DecisionInputs inputs, DateTimeOffset now)
    {
        var journey = compiled.Document;
        if (Interpreter.IsGoal(run, journey, state, happening, now) && (journey.Goal!.When is not { } goal || compiled[goal].Holds(inputs)))
            return new JourneyAnswer(JourneyAnswer.Goal);

        return Interpreter.Concerns(run, journey, state, happening) && (Interpreter.WhenOf(journey, state) is not { } when || compiled[when].Holds(inputs))
            ? new JourneyAnswer(JourneyAnswer.Next)
            : new JourneyAnswer(JourneyAnswer.Ignored);
    }

    /// <summary>The way from a branch or loop, or until when to wait.</summary>
    /// <exception cref="InvalidOperationException">The node reads nothing.</exception>
    public static JourneyAnswer Way(JourneyNode node, CompiledJourney compiled, DecisionInputs inputs, string? zone, DateTimeOffset now) => node switch
    {
        BranchNode branch => new JourneyAnswer(WayOf(branch, compiled, inputs)),
        LoopNode loop => new JourneyAnswer(loop.While is null || compiled[loop.While].Holds(inputs) ? "loop" : JourneyAnswer.Next),
        WaitNode wait => WaitOf(wait.Wait, compiled, inputs, zone, now),
        _ => throw new InvalidOperationException($"a node of the kind {node.Kind} reads nothing of the customer"),
    };

    /// <summary>The debt that the journey's contacts are about; null where it is about none or it is not known.</summary>
    public static string? Debt(CompiledJourney compiled, DecisionInputs inputs) =>
        compiled.Document.Debt is { } text && compiled[text].Evaluate(inputs) is { IsKnown: true } value ? JourneyInputs.Text(value)?.ToString() : null;

    /// <summary>Facts of a node as a template or an endpoint is given them; null where one is not known.</summary>
    public static JsonObject Facts(IReadOnlyDictionary<string, string> expressions, CompiledJourney compiled, DecisionInputs inputs)
    {
        var facts = new JsonObject();
        foreach (var (name, text) in expressions)
            facts[name] = JourneyInputs.Text(compiled[text].Evaluate(inputs));
        return facts;
    }

    /// <summary>
    /// The facts that the template declares and the node gives, as the template wants them written: a number that is money gets the currency of what
    /// started the journey, an instant becomes the customer's day; a day stays what it is.
    /// </summary>
    public static List<Fact> Facts(
        TemplateDocument template, IReadOnlyDictionary<string, string> expressions, CompiledJourney compiled, DecisionInputs inputs, JsonObject signal)
    {
        var facts = new List<Fact>();
        var given = Facts(expressions, compiled, inputs);
        var currency = signal["currency"]?.GetValueKind() == JsonValueKind.String ? (string)signal["currency"]! : "EUR";
        foreach (var declared in template.Facts)
        {
            if (given[declared.Name] is not { } value)
                continue;

            if (declared.Kind == FactKind.Money && decimal.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount))
                value = string.Create(CultureInfo.InvariantCulture, $"{decimal.Round(Math.Abs(amount), 2):0.00} {currency}");
            else if (declared.Kind == FactKind.Date && value.ToString().Contains('T') && Instant.TryParse(value.ToString(), out var at))
                value = (at + (inputs.Local - inputs.Now)).UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            facts.AddRange(declared.ReadAll(value) ?? []);
        }

        return facts;
    }

    private static string WayOf(BranchNode branch, CompiledJourney compiled, DecisionInputs inputs)
    {
        for (var place = 0; place < branch.Branch.Count; place++)
        {
            if (compiled[branch.Branch[place].When].Holds(inputs))
                return string.Create(CultureInfo.InvariantCulture, $"branch[{place}].next");
        }

        return "else";
    }

    private static JourneyAnswer WaitOf(WaitRule wait, CompiledJourney compiled, DecisionInputs inputs, string? zone, DateTimeOffset now)
    {
        if (wait.Time is { } at)
            return new JourneyAnswer { Until = LocalTimes.Next(now, at, wait.Days, zone) };

        var value = compiled[wait.Date!].Evaluate(inputs);
        return LocalTimes.Of(value, zone) is { } date && date + wait.Offset is var until && until > now ? new JourneyAnswer { Until = until } : new JourneyAnswer("past");
    }
}
