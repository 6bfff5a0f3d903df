using System.Text.Json.Nodes;
using ServerlessCLM.Decisions;
using ServerlessCLM.Experiments;
using ServerlessCLM.Governance;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Channels;
using ServerlessCLM.Messages.Proof;
using ServerlessCLM.Messages.Templates;

namespace ServerlessCLM.Journeys;

internal sealed partial class DryRunPass
{
    /// <summary>Why a message is not sent that the gate would let through.</summary>
    private const string CannotWrite = "cannot-write";

    /// <summary>Names are not part of what is known: one stands for all.</summary>
    private static readonly Fact[] Names = [new PersonalFact("given_name", "Kim"), new PersonalFact("family_name", "Martin")];

    private JourneyAnswer Do(DryRunCourse course, JourneyCommand command)
    {
        if (command.Kind is CommandKind.Record or CommandKind.End or CommandKind.Tell)
            return new JourneyAnswer();

        var (state, node) = (course.State, course.Node);
        var inputs = InputsOf(course.Run.Signal, state.Happening?.Data ?? state.Event);
        if (command.Kind is CommandKind.Ask or CommandKind.Reserve or CommandKind.Dispatch or CommandKind.Call && JourneyReading.Out(course.Journey, inputs) is { } over)
            return over;

        return command.Kind switch
        {
            CommandKind.Ask when state.Happening is { } happening => JourneyReading.Heard(course.Run, course.Journey, state, happening, inputs, _now),
            CommandKind.Ask when node is SplitNode split => new JourneyAnswer($"arms.{ArmOf(split)}"),
            CommandKind.Ask => JourneyReading.Way(node, course.Journey, inputs, (string?)_known.Profile["timeZone"], _now),
            CommandKind.Reserve => Reserve(course, (ContactNode)node, command, inputs),
            CommandKind.Draft => Draft(course, (ContactNode)node, command, inputs),
            CommandKind.Dispatch => Dispatch(course, (ContactNode)node, command, inputs),
            CommandKind.Decide => Decide((DecideNode)node, command, course.Document.Id),
            CommandKind.Call => new JourneyAnswer(_world.Draw($"webhook\n{((WebhookNode)node).Webhook}\n{command.Visit}") < _setting.Assumed.Webhooks ? JourneyAnswer.Next : "failed"),
            _ => throw new InvalidOperationException($"a journey has no command {command.Kind}"),
        };
    }

    private JourneyAnswer Reserve(DryRunCourse course, ContactNode node, JourneyCommand command, DecisionInputs inputs)
    {
        var written = _setting.Templates.GetValueOrDefault(node.Template)?.Texts.Select(text => text.Channel.Text()).ToHashSet(StringComparer.Ordinal);
        var standing = Standing();
        (ContactRequest Request, GateResult Result)? best = null;
        string? code = null;
        foreach (var channel in ChannelChoice.Order(command.Channels, written, _known.Contacts))
        {
            var request = RequestOf(course, node.Purpose, command, channel, inputs);
            var result = ContactGate.Judge(standing, request, _setting.Policies, _now);
            if (result.Kind == VerdictKind.Refuse)
                code ??= result.Code;
            else if (best is not { } known || (result.Until ?? DateTimeOffset.MinValue) < (known.Result.Until ?? DateTimeOffset.MinValue))
                best = (request, result);
        }

        if (best is not { } chosen)
            return Refuse(course, code ?? "no-channel");

        _known = _known with { Contacts = ContactReservations.Reserve(standing, chosen.Request, _setting.Policies, _now).Ledger };
        if (chosen.Result.Kind != VerdictKind.Postpone)
            return new JourneyAnswer { Channel = chosen.Request.Channel };

        _tally.PutOff(NameOf(course));
        return new JourneyAnswer { Until = chosen.Result.Until };
    }

    /// <summary>The words with their facts, and their proof. Approvals are taken to be given.</summary>
    private JourneyAnswer Draft(DryRunCourse course, ContactNode node, JourneyCommand command, DecisionInputs inputs)
    {
        if (_setting.Templates.GetValueOrDefault(node.Template) is { } template)
        {
            var (standing, facts) = (Standing(), JourneyReading.Facts(template, node.Facts, course.Journey, inputs, course.Run.Signal));
            var occasion = new Occasion(
                command.Id!, Enum.Parse<MessageChannel>(command.Channels[0], ignoreCase: true), (string?)_known.Profile["language"], DateOnly.FromDateTime(inputs.Local.DateTime),
                standing.Has("vulnerable") || standing.Has("hardship"), [.. facts, .. Names.Where(name => facts.TrueForAll(fact => fact.Name != name.Name))]);
            if (template.Compose(occasion).Assignment is { } assignment && MessageProof.Prove(assignment.Brief, assignment.Template).Accepted)
                return new JourneyAnswer();
        }

        _known = _known with { Contacts = _known.Contacts.Without(command.Id!) };
        return Refuse(course, CannotWrite);
    }

    private JourneyAnswer Dispatch(DryRunCourse course, ContactNode node, JourneyCommand command, DecisionInputs inputs)
    {
        var request = RequestOf(course, node.Purpose, command, command.Channels[0], inputs);
        var (result, ledger) = ContactReservations.Dispatch(Standing(), request, _setting.Policies, _now);
        _known = _known with { Contacts = ledger };
        if (result.Kind == VerdictKind.Refuse)
            return Refuse(course, result.Code!);
        if (result.Kind == VerdictKind.Postpone)
        {
            _tally.PutOff(NameOf(course));
            return new JourneyAnswer { Until = result.Until };
        }

        _tally.Sent(NameOf(course), request.Channel);
        _messages.Add($"{request.Channel} {node.Template}");
        var number = _sent[node.Template] = _sent.GetValueOrDefault(node.Template) + 1;
        var action = node is OfferNode offer ? (offer.Offer == OfferNode.Decided ? course.State.Action : offer.Offer) : null;
        foreach (var happening in _world.After(node.Template, number, command.Id!, node is OfferNode, _now))
        {
            if (action is not null)
                happening.Data["action"] = action;
            Comes(happening);
        }

        return new JourneyAnswer(JourneyAnswer.Next);
    }

    /// <summary>By the strategy in force that has the actions, with what it has learned.</summary>
    private JourneyAnswer Decide(DecideNode node, JourneyCommand command, string journey)
    {
        var channel = node.Channel is [var only] && only != ContactNode.Best ? only : null;
        var request = new DecisionRequest(channel, Placement: journey, Limit: 1, Actions: node.Decide);
        try
        {
            var strategy = NextBestActions.StrategyFor(request, (string?)_known.Profile["country"], _setting.Strategies);
            var source = strategy.Strategy.Source;
            var held = source.Holdout is > 0 and var share && new UniversalHoldout(source.Id, share).Holds(_customer.Id);
            using var outcome = new DecisionCase(
                command.Id!, strategy, _known with { Now = _now }, _setting.Policies, request, new DecisionGroups(_setting.Holdout.Holds(_customer.Id), held, [])).Decide();
            if (outcome.Choice.Action >= 0 && strategy.Strategy.Actions[outcome.Choice.Action] is { Source.Kind: not ActionKind.None } action)
                return new JourneyAnswer(JourneyAnswer.Next) { Action = action.Source.Id, Decision = command.Id, Channel = action.Channels[outcome.Actions[outcome.Choice.Action].Channel] };
        }
        catch (DecisionRefusedException refused) when (refused.Refusal is DecisionRefusal.NoStrategy or DecisionRefusal.Invalid)
        {
            // As in the journey itself: where nothing can be decided, nothing is offered.
        }

        return new JourneyAnswer("none") { Decision = command.Id };
    }
}
