using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using ServerlessCLM.Conditions;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Governance;
using ServerlessCLM.Journeys;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Channels;
using ServerlessCLM.Messages.Proof;
using ServerlessCLM.Messages.Templates;

namespace ServerlessCLM.Tests.Journeys.Catalogue;

/// <summary>
/// Walks one customer through a journey on a virtual clock: the product's interpreter, gate, arbitration, templates and proof, over a customer in
/// memory.
/// </summary>
internal sealed class ScenarioRun(CompiledJourney journey, ScenarioFile file, JourneyScenario scenario)
{
    /// <summary>More than any journey takes that ends.</summary>
    private const int MostCommands = 2000;

    private static readonly PolicySet Policies = new(PolicySet.Defaults);

    private static readonly Strategy Offers = JourneyCatalogue.Strategies.Select(Strategy.Read).Single();

    private static readonly Dictionary<string, TemplateDocument> Templates = TemplateLibrary.Shipped.Select(TemplateDocument.Read).ToDictionary(template => template.Id, StringComparer.Ordinal);

    private readonly JourneyRun _run = new("t", "C-1", journey.Document.Id, journey.Document.Version, journey.Digest, $"scenario-{scenario.Name}", scenario.Signal);
    private readonly VirtualCustomer _customer = new();
    private readonly Queue<(DateTimeOffset At, int Number, ScenarioEvent Event)> _events = new(scenario.Events
        .Select((happens, number) => (scenario.Start + XmlConvert.ToTimeSpan(happens.After), number, happens)).OrderBy(happens => happens.Item1));

    private DateTimeOffset _now = scenario.Start;
    private (string Node, int Visit, DateTimeOffset Due)? _task;
    private int _steps;

    public List<string> Path { get; } = [];

    public List<string> Messages { get; } = [];

    public string End { get; private set; } = "";

    public TimeSpan Lasts => _now - scenario.Start;

    /// <summary>What has not happened when the journey is over.</summary>
    public IReadOnlyCollection<string> Left => [.. _events.Select(left => left.Event.After)];

    public void Go()
    {
        _customer.Learn(file.Customer, _now);
        _customer.Learn(scenario.Customer, _now);
        var entry = journey.Document.Entry;
        if ((entry.When ?? entry.Segment) is { } rule && !journey[rule].Holds(Inputs(null)))
        {
            End = "notEntered";
            return;
        }

        var state = Interpreter.Begin(journey.Document, _now);
        for (var commands = 0; Interpreter.CommandOf(_run, journey.Document, state) is { } command; commands++)
        {
            Assert.True(commands < MostCommands, $"does not end: {string.Join(" → ", Path)}");
            foreach (var step in state.Trail.Where(step => step.Number > _steps))
            {
                Path.Add(step.Node);
                _steps = step.Number;
            }

            state = command.IsWait ? Wait(state, command) : Interpreter.Answered(_run, journey.Document, state, Do(state, command), _now);
        }

        var outcome = state.Outcome!;
        End = $"{JsonNamingPolicy.CamelCase.ConvertName(outcome.Kind.ToString())} {outcome.Reason}";
    }

    private JourneyAnswer Do(JourneyState state, JourneyCommand command)
    {
        if (command.Kind is CommandKind.Record or CommandKind.End)
            return new JourneyAnswer();
        var inputs = Inputs(state.Happening?.Data ?? state.Event);
        if (JourneyReading.Out(journey, inputs) is { } over)
            return over;

        var node = journey.Document.Nodes[command.Node];
        return command.Kind switch
        {
            CommandKind.Ask when state.Happening is { } happening => JourneyReading.Heard(_run, journey, state, happening, inputs, _now),
            CommandKind.Ask when node is SplitNode split => new JourneyAnswer($"arms.{scenario.Arms.GetValueOrDefault(split.Split, split.Arms.Keys.First())}"),
            CommandKind.Ask => JourneyReading.Way(node, journey, inputs, (string?)_customer.Profile.Members["timeZone"], _now),
            CommandKind.Reserve => Reserve((ContactNode)node, command, inputs),
            CommandKind.Draft => Draft((ContactNode)node, command, inputs) is null ? new JourneyAnswer(JourneyAnswer.Refused) : new JourneyAnswer(),
            CommandKind.Dispatch => Dispatch((ContactNode)node, command, inputs),
            CommandKind.Decide => Decide((DecideNode)node, inputs),
            _ => throw new NotSupportedException($"{command.Kind} of {command.Node}"),
        };
    }

    /// <summary>Until the time is over, or the next event or a person's answer comes before.</summary>
    private JourneyState Wait(JourneyState state, JourneyCommand command)
    {
        var task = journey.Document.Nodes[command.Node] as TaskNode;
        if (task is not null && (_task is not { } open || (open.Node, open.Visit) != (command.Node, command.Visit)))
        {
            _task = (command.Node, command.Visit, _now + task.Due);
            if (task.Task != TaskKind.Approve && Judge(task, command).Kind == VerdictKind.Refuse)
                return Interpreter.Answered(_run, journey.Document, state, new JourneyAnswer(task.Refused is null ? "late" : JourneyAnswer.Refused), _now);
        }

        var until = task is null ? command.Until!.Value : _task!.Value.Due;
        if (!_events.TryPeek(out var next) || next.At >= until)
        {
            _now = until;
            return task is null ? Interpreter.Elapsed(journey.Document, state, _now) : Interpreter.Answered(_run, journey.Document, state, new JourneyAnswer("late"), _now);
        }

        _events.Dequeue();
        _now = next.At;
        if (next.Event.Customer is { } changed)
            _customer.Learn(changed, _now);
        if (next.Event.Task is { } answer)
        {
            Assert.True(task is not null && task.Outcomes.ContainsKey(answer), $"{command.Node} cannot be answered by {answer} after {next.Event.After}");
            return Interpreter.Answered(_run, journey.Document, state, new JourneyAnswer($"outcomes.{answer}"), _now);
        }

        return Interpreter.Happened(_run, journey.Document, state, Happening(state, next.Event, next.Number), _now);
    }

    private JourneyHappening Happening(JourneyState state, ScenarioEvent happens, int number)
    {
        var data = happens.Data.DeepClone().AsObject();
        if (happens.Outcome is not { } outcome)
        {
            data["name"] = happens.Signal;
            return new JourneyHappening($"event-{number}", happens.Signal is null ? HappeningKind.Profile : HappeningKind.Signal, happens.Signal ?? "profile", _now, data);
        }

        if (happens.Of is { } of)
        {
            Assert.True(state.Sent.ContainsKey(of), $"{of} has not been sent after {happens.After}");
            data["message"] = state.Sent[of];
            var contact = _customer.Ledger.Find(state.Sent[of])!;
            _customer.Ledger = _customer.Ledger.WithOutcome(contact with { Status = outcome });
            if (outcome == "opt_out")
                _customer.Say(contact.Purpose!, contact.Channel, ConsentStatus.Withdrawn, _now);
        }

        if (outcome is "accept" or "reject" && state.Action is { } action)
            _customer.Answer(action, outcome == "accept", _now);
        return new JourneyHappening($"event-{number}", HappeningKind.Outcome, outcome, _now, data);
    }

    private JourneyAnswer Reserve(ContactNode node, JourneyCommand command, DecisionInputs inputs)
    {
        var written = Templates[node.Template].Texts.Select(text => text.Channel.Text()).ToHashSet(StringComparer.Ordinal);
        var judged = ChannelChoice.Order(command.Channels, written, _customer.Ledger)
            .Select(channel => (Channel: channel, Result: Judge(node, command, channel, inputs))).Where(each => each.Result.Kind != VerdictKind.Refuse).ToList();
        return judged.OrderBy(each => each.Result.Until ?? DateTimeOffset.MinValue).FirstOrDefault() switch
        {
            { Result: null } => new JourneyAnswer(JourneyAnswer.Refused),
            { Result.Kind: VerdictKind.Postpone } later => new JourneyAnswer { Until = later.Result.Until },
            var chosen => new JourneyAnswer { Channel = chosen.Channel },
        };
    }

    private JourneyAnswer Dispatch(ContactNode node, JourneyCommand command, DecisionInputs inputs)
    {
        var (channel, result) = (command.Channels[0], Judge(node, command, command.Channels[0], inputs));
        if (result.Kind == VerdictKind.Refuse)
            return new JourneyAnswer(JourneyAnswer.Refused);
        if (result.Kind == VerdictKind.Postpone)
            return new JourneyAnswer { Until = result.Until };

        _customer.Ledger = _customer.Ledger.With(new Contact(command.Id!, channel, node.Purpose ?? journey.Document.Purpose, _now, Contact.Sent, Journey: journey.Document.Id));
        Messages.Add($"{channel} {node.Template}");
        return new JourneyAnswer(JourneyAnswer.Next);
    }

    private GateResult Judge(ContactNode node, JourneyCommand command, string channel, DecisionInputs inputs) => ContactGate.Judge(
        _customer.Standing, new ContactRequest(command.Id!, channel, node.Purpose ?? journey.Document.Purpose, JourneyReading.Debt(journey, inputs), journey.Document.Id), Policies, _now);

    private GateResult Judge(TaskNode node, JourneyCommand command) => ContactGate.Judge(
        _customer.Standing, new ContactRequest(command.Id!, "call", node.Purpose ?? journey.Document.Purpose, JourneyReading.Debt(journey, Inputs(null)), journey.Document.Id), Policies, _now);

    /// <summary>The text with its facts; null where one is missing or the proof refuses it.</summary>
    private string? Draft(ContactNode node, JourneyCommand command, DecisionInputs inputs)
    {
        var (template, profile) = (Templates[node.Template], _customer.Profile.Members);
        var facts = JourneyReading.Facts(template, node.Facts, journey, inputs, _run.Signal);
        if ((string?)profile["givenName"] is { } name)
            facts.Add(new PersonalFact("given_name", name));
        var occasion = new Occasion(command.Id!, Enum.Parse<MessageChannel>(command.Channels[0], ignoreCase: true), (string?)profile["language"],
            DateOnly.FromDateTime(inputs.Local.DateTime), _customer.Standing.Has("vulnerable") || _customer.Standing.Has("hardship"), facts);
        var (assignment, fault) = template.Compose(occasion);
        Assert.True(fault is null, $"{node.Template} cannot be written at {command.Node}: {fault}");
        var proof = MessageProof.Prove(assignment!.Brief, assignment.Template);
        Assert.True(proof.Accepted, $"{node.Template} fails its proof at {command.Node}");
        return Filling.Fill(assignment.Template.Body, assignment.Brief);
    }

    /// <summary>By the catalogue's strategy without exploring, over the channels that marketing may take.</summary>
    private JourneyAnswer Decide(DecideNode node, DecisionInputs inputs)
    {
        var strategy = CompiledStrategy.Of(
            Offers with { Exploration = new(ExplorationMethod.None, 0), Actions = [.. Offers.Actions.Where(action => node.Decide.Contains(action.Id))] },
            DecisionVocabulary.Of(DecisionVocabulary.Scores));
        var scores = strategy.Source.Actions.Select(action => action.Propensity?.Model is { } model ? _customer.ScoreOf(model) : float.NaN).ToArray();
        var workspace = new ArbitrationWorkspace(strategy);
        var best = Consent.Channels
            .Where(channel => ContactGate.Judge(_customer.Standing, new ContactRequest("decision", channel, "marketing", Journey: journey.Document.Id), Policies, _now).Kind != VerdictKind.Refuse)
            .Select(channel =>
            {
                var choice = Arbitration.Decide(strategy, PropensityBeliefs.Of(strategy), inputs, scores, channel, [], 1, workspace);
                return (Channel: channel, choice.Action, Priority: choice.Action < 0 ? 0 : workspace.Outcomes[choice.Action].Priority);
            })
            .DefaultIfEmpty((Channel: "", Action: -1, Priority: 0)).MaxBy(choice => choice.Priority);
        return best.Action < 0 || strategy.Source.Actions[best.Action].Kind == ActionKind.None
            ? new JourneyAnswer("none")
            : new JourneyAnswer(JourneyAnswer.Next) { Action = strategy.Source.Actions[best.Action].Id, Decision = "decision", Channel = best.Channel };
    }

    private DecisionInputs Inputs(JsonObject? happened) => _customer.Inputs(_now) with
    {
        Signal = DecisionVocabulary.Members(scenario.Signal), Event = DecisionVocabulary.Members(happened),
    };
}
