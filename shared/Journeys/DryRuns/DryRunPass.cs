using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Experiments;
using ServerlessCLM.Governance;
using ServerlessCLM.Messages.Templates;

namespace ServerlessCLM.Journeys;

/// <summary>What all customers of a dry run have in common, as of one instant.</summary>
/// <param name="Seed">Of all draws.</param>
/// <param name="Start">When the virtual clock begins.</param>
/// <param name="Lasts">How long it runs.</param>
/// <param name="Everyone">Whether the condition of entry is left aside.</param>
/// <param name="Assumed">What customers are taken to do.</param>
/// <param name="Policies">The packs.</param>
/// <param name="Templates">Those in force, by id.</param>
/// <param name="Strategies">Those in force.</param>
/// <param name="Experiments">Those in force.</param>
/// <param name="Journeys">Those in force, by id: for nodes that start another.</param>
/// <param name="Holdout">Customers who are never touched.</param>
internal sealed record DryRunSetting(
    int Seed, DateTimeOffset Start, TimeSpan Lasts, bool Everyone, DryRunAssumptions Assumed, PolicySet Policies, IReadOnlyDictionary<string, TemplateDocument> Templates,
    IReadOnlyList<ReadyStrategy> Strategies, IReadOnlyList<LiveExperiment> Experiments, IReadOnlyDictionary<string, CompiledJourney> Journeys, UniversalHoldout Holdout)
{
    public DateTimeOffset End => Start + Lasts;
}

/// <summary>A customer of a dry run.</summary>
/// <param name="Id">Who.</param>
/// <param name="Snapshot">As known at the start; features and scores stay so.</param>
/// <param name="Life">What happens to a simulated customer after the start, in ascending time.</param>
internal sealed record DryRunCustomer(string Id, CustomerSnapshot Snapshot, IReadOnlyList<JourneyHappening> Life);

/// <summary>
/// Takes one customer through one version of a journey on a virtual clock: the product's interpreter, gate, arbitration, templates and proof, over what
/// is known of the customer in memory. Nothing is written, and nothing leaves.
/// </summary>
internal sealed partial class DryRunPass
{
    /// <summary>Commands of one customer at the most: what goes round longer is left where it is.</summary>
    private const int MostCommands = 5_000;

    /// <summary>Tenant of runs that are none.</summary>
    private const string Virtual = "dry-run";

    /// <summary>Journeys within journeys.</summary>
    private const int MostDepth = 4;

    private readonly DryRunSetting _setting;
    private readonly DryRunCustomer _customer;
    private readonly ForecastTally _tally;
    private readonly DryRunWorld _world;
    private readonly PriorityQueue<JourneyHappening, (DateTimeOffset At, int Number)> _coming = new();
    private readonly List<DryRunCourse> _courses = [];
    private readonly Dictionary<string, int> _sent = new(StringComparer.Ordinal);
    private readonly List<string> _path = [], _messages = [];
    private readonly CompiledJourney _journey;
    private CustomerSnapshot _known;
    private DateTimeOffset _now;
    private (TimeSpan After, double? Value)? _goal;
    private int _commands, _numbered;

    public DryRunPass(DryRunSetting setting, DryRunCustomer customer, CompiledJourney journey, ForecastTally tally)
    {
        (_setting, _customer, _journey, _tally, _known, _now) = (setting, customer, journey, tally, customer.Snapshot, setting.Start);
        _world = new DryRunWorld(setting.Seed, customer.Id, setting.Assumed);
        foreach (var happening in customer.Life.Concat(_world.Signals(setting.Start, setting.Lasts)).OrderBy(happening => happening.At))
            Comes(happening);
    }

    public void Go()
    {
        _tally.Looked();
        var (document, signal) = (_journey.Document, (JsonObject)_setting.Assumed.Entry.DeepClone());
        signal["name"] ??= document.Entry.Signal.FirstOrDefault() ?? "dry run";
        var conditions = new[] { document.Entry.When, document.Entry.Segment }.OfType<string>();
        if (!_setting.Everyone && !conditions.All(condition => _journey[condition].Holds(InputsOf(signal, null))))
            return;

        _tally.Entered();
        var main = Begin(_journey, "dry run", signal, null);
        while (Next() is { } at && at <= _setting.End && _commands < MostCommands)
        {
            _now = at;
            if (_coming.TryPeek(out var happening, out var due) && due.At == at)
                Deliver(main, _coming.Dequeue());
            else
                Wake(_courses.First(course => course.Wakes == at));
        }

        _tally.Over(main.State, _goal, new DryRunExample(_customer.Id, _path, _messages, main.State.Outcome is { } end ? $"{end.Kind}: {end.Reason}" : null));
    }

    /// <summary>The next instant at which anything happens to a run; null when nothing can any more.</summary>
    private DateTimeOffset? Next()
    {
        if (_courses.Count == 0 && (_goal is not null || _journey.Document.Goal?.Within is null))
            return null;

        DateTimeOffset? next = _coming.TryPeek(out _, out var due) ? due.At : null;
        foreach (var course in _courses)
        {
            if (course.Wakes is { } wakes && (next is null || wakes < next))
                next = wakes;
        }

        return next;
    }

    private void Comes(JourneyHappening happening) => _coming.Enqueue(happening, (happening.At, _numbered++));

    private DryRunCourse Begin(CompiledJourney journey, string cause, JsonObject signal, DryRunCourse? parent)
    {
        var instance = JourneyIds.Instance(Virtual, _customer.Id, journey.Document.Id, cause);
        var run = new JourneyRun(Virtual, _customer.Id, journey.Document.Id, journey.Document.Version, journey.Digest, instance, signal);
        var course = new DryRunCourse(journey, run, parent) { State = Interpreter.Begin(journey.Document, _now) };
        _courses.Add(course);
        Advance(course);
        return course;
    }

    /// <summary>Carries out commands until the run waits or is over.</summary>
    private void Advance(DryRunCourse course)
    {
        course.Wakes = null;
        while (Interpreter.CommandOf(course.Run, course.Document, course.State) is { } command && ++_commands < MostCommands)
        {
            Note(course);
            if (!command.IsWait)
            {
                course.State = Interpreter.Answered(course.Run, course.Document, course.State, Do(course, command), _now);
                continue;
            }

            var isNew = command.Kind == CommandKind.Follow && course.Follows?.Id != command.Id;
            if (isNew)
                course.Follows = FollowingOf(course, command);
            else if (command.Kind == CommandKind.Wait)
                course.Follows = null;
            course.Wakes = (command.Until, course.Follows?.At) switch
            {
                ({ } until, { } at) => until < at ? until : at,
                var (until, at) => until ?? at,
            };

            // It may be over as it begins, and lead this one on.
            if (isNew && course.Follows!.Instance is not null)
                Begin(_setting.Journeys[((SubJourneyNode)course.Node).Journey], command.Id!, course.Run.Signal, course);
            return;
        }

        if (course.State.IsOver)
            Over(course);
    }

    private void Note(DryRunCourse course)
    {
        foreach (var step in course.State.Trail.Where(step => step.Number > course.Noted))
        {
            course.Noted = step.Number;
            if (course.Parent is not null)
                continue;
            _path.Add(step.Node);
            _tally.Passed(step);
        }
    }

    private void Wake(DryRunCourse course)
    {
        var (state, follows) = (course.State, course.Follows);
        if (follows is { At: { } at } && at <= _now)
            course.State = Interpreter.Answered(course.Run, course.Document, state, new JourneyAnswer(follows.Way), _now);
        else
        {
            course.State = Interpreter.Elapsed(course.Document, state, _now);
            // A journey that was given a time ends with it.
            if (follows is not null && _courses.Find(other => other.Parent == course && other.Run.Instance == follows.Instance) is { } late)
            {
                late.State = Interpreter.Happened(late.Run, late.Document, late.State, new JourneyHappening($"{follows.Id}-left", HappeningKind.Stop, "late", _now, []), _now);
                Advance(late);
            }
        }

        course.Follows = null;
        Advance(course);
    }

    private void Over(DryRunCourse course)
    {
        _courses.Remove(course);
        if (course is { Parent: null, State.Outcome.Kind: JourneyEnd.Goal })
            Reach(course, (course.Node as GoalNode)?.Value ?? course.Document.Goal?.Value, course.State.Event);
        if (course.Parent is not { } parent || parent.Follows?.Instance != course.Run.Instance || !_courses.Contains(parent))
            return;

        parent.Follows = null;
        parent.State = Interpreter.Answered(
            parent.Run, parent.Document, parent.State, new JourneyAnswer(course.State.Outcome!.Kind == JourneyEnd.Goal ? JourneyAnswer.Goal : JourneyAnswer.Next), _now);
        Advance(parent);
    }

    private void Reach(DryRunCourse main, string? value, JsonObject? happened) =>
        _goal ??= (_now - main.State.Entered, value is not null && main.Journey[value].TryNumber(InputsOf(main.Run.Signal, happened), out var worth) ? worth : null);

    private void Deliver(DryRunCourse main, JourneyHappening happening)
    {
        if (happening.Kind == HappeningKind.Outcome)
            Learn(happening);
        foreach (var course in _courses.ToArray())
        {
            if (!_courses.Contains(course) || !Listening.To(course.Document, happening))
                continue;

            course.State = Interpreter.Happened(course.Run, course.Document, course.State, happening with { Data = Matched(course, happening.Data) }, _now);
            Advance(course);
        }

        // A goal that is reached after the journey has ended still counts within its time.
        if (main.State.IsOver && _goal is null && _journey.Document.Goal is { Within: not null } goal
            && Interpreter.IsGoal(main.Run, _journey.Document, main.State, happening with { Data = Matched(main, happening.Data) }, _now)
            && (goal.When is null || _journey[goal.When].Holds(InputsOf(main.Run.Signal, happening.Data))))
            Reach(main, goal.Value, happening.Data);
    }

    /// <summary>What a signal must have in common with what started the journey, it has: it is drawn for this journey.</summary>
    private static JsonObject Matched(DryRunCourse course, JsonObject data)
    {
        var matched = (JsonObject)data.DeepClone();
        foreach (var (name, value) in course.Run.Signal)
        {
            if (!matched.ContainsKey(name))
                matched[name] = value?.DeepClone();
        }

        return matched;
    }

    /// <summary>What came of a message is known of the customer from then on.</summary>
    private void Learn(JourneyHappening happening)
    {
        var (outcome, contact) = (happening.Name, _known.Contacts.Find((string)happening.Data["message"]!));
        if (contact is null)
            return;

        _known = _known with { Contacts = _known.Contacts.WithOutcome(contact with { Status = outcome }) };
        if (outcome == "opt_out")
        {
            _known = _known with
            {
                Consents = [.. _known.Consents.Where(known => (known.Purpose, known.Channel) != (contact.Purpose, contact.Channel)),
                    new Consent(contact.Purpose!, contact.Channel, ConsentStatus.Withdrawn, _now, "dry run")],
            };
        }

        if (outcome is "accept" or "reject" && (string?)happening.Data["action"] is { } action)
            _known = _known with { Answers = [new ActionAnswer(action, outcome == "accept", _now), .. _known.Answers] };
    }

    private CustomerStanding Standing() => new(new Profile(0, _known.Profile), _known.Consents, _known.Contacts);

    private DecisionInputs InputsOf(JsonObject signal, JsonObject? happened) => (_known with { Now = _now }).Inputs(DecisionVocabulary.Scores) with
    {
        Signal = DecisionVocabulary.Members(signal), Event = DecisionVocabulary.Members(happened),
    };
}
