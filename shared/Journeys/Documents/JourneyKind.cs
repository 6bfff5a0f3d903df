using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Conditions;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Journeys;

/// <summary>Journeys as documents: every way ends, every name is known, and no wait lies in the past.</summary>
/// <param name="vocabulary">What their conditions can speak of.</param>
/// <param name="names">Reads what journeys may name; null where other documents are not looked at.</param>
/// <param name="time">Waits for an instant are held against it.</param>
public sealed partial class JourneyKind(
    Vocabulary<DecisionInputs> vocabulary, Func<CancellationToken, Task<JourneyNames>>? names, TimeProvider time) : DocumentKind(JourneyDocument.Kind, "journeys")
{
    protected override void CheckMeaning(JsonObject document, Findings findings)
    {
        JourneyDocument journey;
        try
        {
            journey = JourneyJson.Read(document);
        }
        catch (JsonException wrong)
        {
            findings.Error(wrong.Path ?? JsonPath.Root, wrong.Message);
            return;
        }

        JourneyGraph.Check(journey, findings);
        CheckExpressions(journey, findings);
        CheckEntry(journey.Entry, findings);
        CheckGoal(journey, findings);
        var earliest = journey.Effective is { } effective && effective > time.GetUtcNow() ? effective : time.GetUtcNow();
        foreach (var (name, node) in journey.Nodes)
            CheckNode(journey, node, JourneyGraph.PathOf(name), earliest, findings);
    }

    private void CheckExpressions(JourneyDocument journey, Findings findings)
    {
        foreach (var (path, text, role) in JourneyExpression.Of(journey))
        {
            try
            {
                var compiled = role switch
                {
                    ExpressionRole.Condition => vocabulary.Condition(text),
                    ExpressionRole.Amount => vocabulary.Amount(text),
                    _ => vocabulary.Compile(text),
                };
                if (role == ExpressionRole.Condition)
                    CheckRule(compiled, path, findings);
                else if (role == ExpressionRole.Amount && compiled.IsConstant && (!compiled.TryNumber(null!, out var number) || number < 0))
                    findings.Error(path, "must be a number that is not negative");
                CheckNames(compiled, path, findings);
            }
            catch (ConditionException wrong)
            {
                foreach (var finding in wrong.Findings)
                    findings.Error(path, finding.Reason, finding.Position);
            }
        }
    }

    private static void CheckRule(Expression<DecisionInputs> rule, string path, Findings findings)
    {
        foreach (var fault in RuleAnalysis.Of(rule))
        {
            if (fault.Fault == RuleFault.NeverTrue)
                findings.Error(path, fault.Finding.Reason, fault.Finding.Position);
            else
                findings.Warning(path, fault.Finding.Reason, fault.Finding.Position);
        }
    }

    /// <summary>Nothing has happened yet when a customer is looked at for the entry.</summary>
    private static void CheckNames(Expression<DecisionInputs> expression, string path, Findings findings)
    {
        if (path is "$.entry.when" or "$.entry.segment" or "$.debt" && expression.Names.Contains("event"))
            findings.Error(path, "event is not known at the entry; what started the journey is signal");
    }

    private static void CheckEntry(JourneyEntry entry, Findings findings)
    {
        if (entry.Reentry == JourneyEntry.Always && entry.Segment is not null)
            findings.Error("$.entry.reentry", "must be never or a duration: who stays in a segment would enter again at every look");
    }

    private static void CheckGoal(JourneyDocument journey, Findings findings)
    {
        if (journey.Goal is not { } goal)
        {
            if (!journey.Nodes.Values.Any(node => node is GoalNode))
                findings.Warning("$.goal", "there is no goal, so that nothing tells whether the journey does any good");
            return;
        }

        foreach (var name in goal.Signal.Where(journey.ExitOn.Contains))
            findings.Error("$.exitOn", $"{name} is the goal");
        foreach (var name in goal.Signal.Where(name => goal.When is null && goal.Match.Count == 0 && journey.Entry.Signal.Contains(name)))
            findings.Error("$.goal.signal", $"{name} starts the journey, so that it would end as it begins");
    }

    private static void CheckNode(JourneyDocument journey, JourneyNode node, string path, DateTimeOffset earliest, Findings findings)
    {
        switch (node)
        {
            case ContactNode contact:
                CheckContact(journey, contact, path, findings);
                break;
            case DecideNode decide:
                CheckOnce(decide.Decide, $"{path}.decide", findings);
                CheckOnce(decide.Channel, $"{path}.channel", findings);
                break;
            case WaitNode wait:
                CheckWait(wait, path, earliest, findings);
                break;
            case WaitForNode wait:
                if (wait.WaitFor.Of is { } of && (!journey.Nodes.TryGetValue(of, out var sender) || sender is not ContactNode))
                    findings.Error($"{path}.waitFor.of", $"must be a node with a message{NearestName.Hint(of, journey.Nodes.Where(known => known.Value is ContactNode).Select(known => known.Key))}");
                break;
            case SubJourneyNode sub:
                if (sub.Journey == journey.Id)
                    findings.Error($"{path}.journey", "must be another journey");
                break;
        }
    }

    private static void CheckContact(JourneyDocument journey, ContactNode contact, string path, Findings findings)
    {
        CheckOnce(contact.Channel, $"{path}.channel", findings);
        if (contact is OfferNode { Offer: OfferNode.Decided } && !journey.Nodes.Values.Any(node => node is DecideNode))
            findings.Error($"{path}.offer", "nothing has been decided: there is no node with decide");

        if ((contact.Purpose ?? journey.Purpose) is "arrears" or "collections" && journey.Debt is null)
            findings.Warning("$.debt", "contacts about a debt name it, or the rules count them for all debts together");
    }

    private static void CheckWait(WaitNode node, string path, DateTimeOffset earliest, Findings findings)
    {
        var wait = node.Wait;
        if (wait.At <= earliest)
            findings.Error($"{path}.wait.at", $"lies in the past: it must be after {Instant.Text(earliest)}, when the first customer could enter");
        if (node.Past is not null && wait.For is not null)
            findings.Error($"{path}.past", "a length of time is never past");
        if (wait.Offset.Duration() > TimeSpan.FromDays(3660))
            findings.Error($"{path}.wait.offset", "must be ten years at the most");
    }

    private static void CheckOnce(IReadOnlyList<string> given, string path, Findings findings)
    {
        foreach (var twice in given.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            findings.Error(path, $"{twice.Key} is there twice");
    }
}
