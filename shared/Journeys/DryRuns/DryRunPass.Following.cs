using System.Globalization;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Experiments;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Journeys;

internal sealed partial class DryRunPass
{
    private DryRunCourse.Following FollowingOf(DryRunCourse course, JourneyCommand command)
    {
        var id = command.Id!;
        switch (course.Node)
        {
            case TaskNode task:
                var (answered, outcome) = TaskOf(course, task, command);
                return new DryRunCourse.Following(id, answered, outcome);
            case PaymentPlanNode { PaymentPlan: var plan }:
                var (over, isKept) = PlanOf(course, plan);
                return new DryRunCourse.Following(id, over, isKept ? JourneyAnswer.Next : "broken");
            default:
                var journey = ((SubJourneyNode)course.Node).Journey;
                var mayEnter = course.Depth < MostDepth && _setting.Journeys.TryGetValue(journey, out var started)
                    && (started.Document.Entry.When is not { } when || started[when].Holds(InputsOf(course.Run.Signal, null)));
                return mayEnter
                    ? new DryRunCourse.Following(id, null, JourneyAnswer.Next) { Instance = JourneyIds.Instance(Virtual, _customer.Id, journey, id) }
                    : new DryRunCourse.Following(id, _now, JourneyAnswer.Refused);
        }
    }

    /// <summary>When a person answers, and what; a call passes the gate and counts as a contact.</summary>
    private (DateTimeOffset At, string Way) TaskOf(DryRunCourse course, TaskNode task, JourneyCommand command)
    {
        ContactRequest? call = null;
        if (task.Task == TaskKind.Call)
        {
            call = RequestOf(course, task.Purpose, command, "call", InputsOf(course.Run.Signal, course.State.Event));
            var (result, ledger) = ContactReservations.Reserve(Standing(), call, _setting.Policies, _now);
            _known = _known with { Contacts = ledger };
            if (result.Kind == VerdictKind.Refuse)
            {
                Refuse(course, result.Code!);
                return (_now, task.Refused is null ? "late" : JourneyAnswer.Refused);
            }
        }

        var about = string.Create(CultureInfo.InvariantCulture, $"{task.Queue}\n{command.Node}\n{command.Visit}");
        if (_world.Draw($"task\n{about}") >= _setting.Assumed.Tasks)
            return (_now + task.Due, "late");

        var outcomes = task.Outcomes.Keys.ToArray();
        var (outcome, at) = (outcomes[(int)(_world.Draw($"answer\n{about}") * outcomes.Length)], _now + (task.Due * _world.Draw($"task takes\n{about}")));
        if (call is not null)
        {
            var status = outcome == PersonTask.Unreachable ? Contact.Sent : "conversation";
            _known = _known with { Contacts = _known.Contacts.With(new Contact(call.Id, call.Channel, call.Purpose, at, status, call.Debt, call.Journey)) };
            _tally.Sent(NameOf(course), call.Channel);
        }

        return (at, $"outcomes.{outcome}");
    }

    /// <summary>When a plan is over, and whether it was kept; one whose terms are not known is broken at once.</summary>
    private (DateTimeOffset At, bool IsKept) PlanOf(DryRunCourse course, PaymentPlan plan)
    {
        var inputs = InputsOf(course.Run.Signal, course.State.Event);
        if (!course.Journey[plan.Amount].TryNumber(inputs, out var amount) || !course.Journey[plan.Instalments].TryNumber(inputs, out var count)
            || amount is not (> 0 and < 1e12) || count is not (>= 1 and <= 120))
            return (_now, false);

        var progress = new PlanProgress(new PlanTerms(decimal.Round((decimal)amount, 2), (int)count, plan.Every, _now, plan.Grace));
        while (true)
        {
            var number = progress.Next;
            if (_world.Draw(string.Create(CultureInfo.InvariantCulture, $"instalment\n{course.Document.Id}\n{number}")) < _setting.Assumed.Instalments)
                progress = progress.With(progress.Terms.DueBy(number) - progress.Paid);
            if (progress.IsKept)
                return (progress.Terms.DateOf(number), true);
            if (progress.Past() is not { } further)
                return (progress.LookAt, false);
            progress = further;
        }
    }

    /// <summary>The arm that the customer has, or would have were the experiment running; what was decided is everybody's.</summary>
    private string ArmOf(SplitNode split)
    {
        var live = _setting.Experiments.FirstOrDefault(each => each.Document.Id == split.Split);
        var arm = live?.State.Winner ?? (live is { Document: var experiment }
            ? Assignment.TakesPart(experiment, _setting.Holdout, _customer.Id) ? Assignment.ArmOf(experiment, _customer.Id) : experiment.Control
            : "control");
        return split.Arms.ContainsKey(arm) ? arm : live is not null && split.Arms.ContainsKey(live.Document.Control) ? live.Document.Control : split.Arms.Keys.First();
    }

    private static ContactRequest RequestOf(DryRunCourse course, string? purpose, JourneyCommand command, string channel, DecisionInputs inputs) =>
        new(command.Id!, channel, purpose ?? course.Document.Purpose, JourneyReading.Debt(course.Journey, inputs), course.Document.Id);

    private JourneyAnswer Refuse(DryRunCourse course, string code)
    {
        _tally.Refused(NameOf(course), code);
        return new JourneyAnswer(JourneyAnswer.Refused);
    }

    /// <summary>The node, where it is of the journey that is looked at.</summary>
    private static string? NameOf(DryRunCourse course) => course.Parent is null ? course.State.Node : null;
}
