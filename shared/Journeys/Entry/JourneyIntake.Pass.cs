using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Models;

namespace ServerlessCLM.Journeys;

public sealed partial class JourneyIntake
{
    /// <summary>One pass over what happened to a customer, within a commit.</summary>
    private sealed class Pass(
        CustomerSession session, ModelSet models, IReadOnlyDictionary<string, CompiledJourney> inForce, LiveJourneys versions, IReadOnlyDictionary<string, long> running,
        string tenant, DateTimeOffset now)
    {
        private readonly List<JourneyStart> _starts = [];
        private readonly List<(string, JourneyHappening)> _told = [];

        /// <summary>Entries whose version must be read before anything is done.</summary>
        public IReadOnlyList<JourneyEntryRecord> Missing() =>
            [.. JourneyBook.Of(session).Entries.Where(entry => (entry.IsRunning || entry.Goal is null) && versions.Known(entry.Digest) is null)];

        /// <returns>What has come of it, and how far this commit goes.</returns>
        public (JourneyNews News, int Passed) Take(IReadOnlyList<JourneyHappening> happenings, int from)
        {
            var next = from;
            for (; next < happenings.Count && session.HasRoom; next++)
            {
                session.Trace = happenings[next].Trace ?? session.Trace;
                Tell(happenings[next]);
                if (happenings[next].Kind == HappeningKind.Signal)
                    Start(happenings[next]);
            }

            return (new JourneyNews(_starts, _told), next);
        }

        /// <summary>A customer enters a journey, if its rules allow it.</summary>
        public (EntryVerdict Verdict, JourneyStart? Start) Enter(CompiledJourney compiled, string cause, string by, JsonObject signal, string? seen)
        {
            var (journey, book) = (compiled.Document, JourneyBook.Of(session));
            var instance = JourneyIds.Instance(tenant, session.Customer.Value, journey.Id, cause);
            if (book.Find(instance) is { } known)
                return (new EntryVerdict(EntryRefusal.None, "", []), known.IsRunning && versions.Known(known.Digest) is { } its ? StartOf(known, its, known.Signal ?? signal, seen) : null);

            if (journey.Entry.When is { } when && !compiled[when].Holds(JourneyInputs.Of(session, models, now, signal, null)))
                return (new EntryVerdict(EntryRefusal.Conditions, "what the journey asks of those who enter does not hold, or is not known", []), null);

            var verdict = EntryRules.Judge(journey, book, other => versions.Known(other.Digest)?.Document, running.GetValueOrDefault(journey.Id), now);
            if (!verdict.IsAllowed)
                return (verdict, null);

            foreach (var ended in verdict.Ends)
                _told.Add((ended, new JourneyHappening($"{instance}-outranks", HappeningKind.Stop, journey.Id, now, []) { End = JourneyEnd.Outranked }));

            var entry = new JourneyEntryRecord(instance, journey.Id, journey.Version, compiled.Digest, cause, now) { Signal = signal };
            book.With(entry).PutInto(session);
            JourneyRecords.Entered(session, entry, by);
            var start = StartOf(entry, compiled, signal, seen);
            JourneyRecords.Passed(session, start.Run, Interpreter.Begin(journey, entry.Entered).Trail);
            return (verdict, start);
        }

        public JourneyNews News => new(_starts, _told);

        private JourneyStart StartOf(JourneyEntryRecord entry, CompiledJourney compiled, JsonObject signal, string? seen) => new(
            new JourneyRun(tenant, session.Customer.Value, entry.Journey, entry.Version, entry.Digest, entry.Instance, signal) { Trace = session.Trace }, compiled.Content,
            Interpreter.Begin(compiled.Document, entry.Entered) with { Trail = [], Seen = seen is null ? [] : [seen] });

        private void Start(JourneyHappening happening)
        {
            foreach (var compiled in inForce.Values.Where(compiled => compiled.Document.Entry.Signal.Contains(happening.Name)).OrderByDescending(compiled => compiled.Document.Priority))
            {
                if (Enter(compiled, happening.Id, happening.Name, happening.Data, happening.Id).Start is { } start)
                    _starts.Add(start);
            }
        }

        private void Tell(JourneyHappening happening)
        {
            foreach (var entry in JourneyBook.Of(session).Entries)
            {
                if (versions.Known(entry.Digest) is not { } compiled)
                    continue;
                if (entry.IsRunning && Listening.To(compiled.Document, happening))
                    _told.Add((entry.Instance, happening));
                else if (!entry.IsRunning && entry.Goal is null && compiled.Document.Goal is { Within: { } within } goal && now - entry.Entered <= within)
                    ReachLate(entry, compiled, goal, happening);
            }
        }

        /// <summary>A goal that is reached after the journey has ended still counts within its time.</summary>
        private void ReachLate(JourneyEntryRecord entry, CompiledJourney compiled, JourneyGoal goal, JourneyHappening happening)
        {
            var run = new JourneyRun(tenant, session.Customer.Value, entry.Journey, entry.Version, entry.Digest, entry.Instance, entry.Signal ?? []);
            if (!Interpreter.IsGoal(run, compiled.Document, new JourneyState { Entered = entry.Entered }, happening, now))
                return;

            var inputs = JourneyInputs.Of(session, models, now, run.Signal, happening.Data);
            if (goal.When is { } when && !compiled[when].Holds(inputs))
                return;

            var reached = JourneyGoals.Reach(session, entry, now, goal.Value is { } text && compiled[text].TryNumber(inputs, out var value) ? value : null);
            JourneyBook.Of(session).With(reached).PutInto(session);
        }
    }
}

/// <summary>What a journey could want to hear of, wherever it stands.</summary>
public static class Listening
{
    public static bool To(JourneyDocument journey, JourneyHappening happening) => happening.Kind switch
    {
        HappeningKind.Stop => true,
        HappeningKind.Profile => journey.Exit is not null,
        HappeningKind.Outcome => journey.Exit is not null || journey.Nodes.Values.Any(node => node is OfferNode or WaitForNode { WaitFor.Outcome: not null }),
        _ => journey.Exit is not null || journey.ExitOn.Contains(happening.Name) || journey.Goal?.Signal.Contains(happening.Name) == true
            || journey.Nodes.Values.Any(node => node switch
            {
                WaitForNode wait => wait.WaitFor.Signal.Contains(happening.Name),
                PaymentPlanNode plan => plan.PaymentPlan.Signal.Contains(happening.Name),
                _ => false,
            }),
    };
}
