using ServerlessCLM.Conditions;
using ServerlessCLM.Decisions;

namespace ServerlessCLM.Journeys;

/// <summary>What conditions and amounts of journeys can speak of: all that strategies can, and what happened.</summary>
public static class JourneyVocabulary
{
    /// <summary>With the scores that every host has.</summary>
    public static Vocabulary<DecisionInputs> Default { get; } = Of(DecisionVocabulary.Scores);

    /// <param name="scores">Names of scores, in the order of <see cref="DecisionInputs.Scores"/>.</param>
    public static Vocabulary<DecisionInputs> Of(IEnumerable<string> scores)
    {
        var members = CelType.Map(CelType.String, CelType.Dyn);
        return DecisionVocabulary.Of(scores)
            .Value("signal", members, inputs => Value.Map(inputs.Signal))
            .Value("event", members, inputs => Value.Map(inputs.Event));
    }
}

public enum ExpressionRole { Condition, Amount, Any }

/// <summary>An expression of a journey, and where it stands.</summary>
public readonly record struct JourneyExpression(string Path, string Text, ExpressionRole Role)
{
    /// <summary>Every expression of a journey.</summary>
    public static IEnumerable<JourneyExpression> Of(JourneyDocument journey)
    {
        IEnumerable<(string Path, string? Text, ExpressionRole Role)> all =
        [
            ("$.entry.when", journey.Entry.When, ExpressionRole.Condition), ("$.entry.segment", journey.Entry.Segment, ExpressionRole.Condition),
            ("$.goal.when", journey.Goal?.When, ExpressionRole.Condition), ("$.goal.value", journey.Goal?.Value, ExpressionRole.Amount),
            ("$.exit", journey.Exit, ExpressionRole.Condition), ("$.debt", journey.Debt, ExpressionRole.Any),
            .. journey.Nodes.SelectMany(node => Of(node.Value).Select(each => ($"{JourneyGraph.PathOf(node.Key)}.{each.Path}", each.Text, each.Role))),
        ];
        foreach (var (path, text, role) in all)
        {
            if (text is not null)
                yield return new JourneyExpression(path, text, role);
        }
    }

    private static IEnumerable<(string Path, string? Text, ExpressionRole Role)> Of(JourneyNode node) => node switch
    {
        ContactNode contact => Facts(contact.Facts),
        WebhookNode webhook => Facts(webhook.Facts),
        TaskNode task => Facts(task.Facts),
        WaitNode wait => [("wait.date", wait.Wait.Date, ExpressionRole.Any)],
        WaitForNode wait => [("waitFor.when", wait.WaitFor.When, ExpressionRole.Condition)],
        BranchNode branch => branch.Branch.Select((way, place) => ($"branch[{place}].when", (string?)way.When, ExpressionRole.Condition)),
        GoalNode goal => [("value", goal.Value, ExpressionRole.Amount)],
        LoopNode loop => [("while", loop.While, ExpressionRole.Condition)],
        PaymentPlanNode { PaymentPlan: var plan } =>
        [
            ("paymentPlan.amount", plan.Amount, ExpressionRole.Amount), ("paymentPlan.instalments", plan.Instalments, ExpressionRole.Amount),
            ("paymentPlan.paid", plan.Paid, ExpressionRole.Amount),
        ],
        _ => [],
    };

    private static IEnumerable<(string Path, string? Text, ExpressionRole Role)> Facts(IReadOnlyDictionary<string, string> facts) =>
        facts.Select(fact => ($"facts.{fact.Key}", (string?)fact.Value, ExpressionRole.Any));
}
