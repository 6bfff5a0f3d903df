using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Governance;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Approvals;
using ServerlessCLM.Messages.Channels;
using ServerlessCLM.Messages.Templates;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Journeys;

public sealed partial class JourneyExecution
{
    /// <summary>Reserves a place for the contact on the first channel that the gate allows now, or else later.</summary>
    public async Task<JourneyAnswer> ReserveAsync(JourneyWork work, CancellationToken cancellation)
    {
        var (compiled, set, models_) = (await CompiledAsync(work, cancellation), await policies.GetAsync(cancellation), await models.GetAsync(cancellation));
        var node = (ContactNode)compiled.Document.Nodes[work.State.Node];
        var template = (await templates.GetAsync(cancellation)).GetValueOrDefault(node.Template);
        (string Channel, GateResult Result)? verdict = null;
        var answer = await CommitAsync(work, (session, now) =>
        {
            verdict = null;
            var inputs = JourneyInputs.Of(session, models_, now, work.Run.Signal, work.State.Event);
            if (JourneyReading.Out(compiled, inputs) is { } over)
                return over;

            var ledger = session.Get(CustomerRows.Contacts, CustomersJson.Default.ContactLedger) ?? ContactLedger.Empty;
            var requests = ChannelChoice.Order(work.Command.Channels, template?.Texts.Select(text => text.Channel.Text()).ToHashSet(StringComparer.Ordinal), ledger)
                .Select(channel => RequestOf(work, compiled, node, channel, inputs)).ToList();
            var judged = requests.Select(request => (Request: request, Result: ContactGate.Judge(ContactReservations.StandingOf(session, request), request, set, now))).ToList();
            var best = judged.Where(each => each.Result.Kind != VerdictKind.Refuse).OrderBy(each => each.Result.Until ?? DateTimeOffset.MinValue).FirstOrDefault();
            if ((best.Request ?? requests.FirstOrDefault()) is not { } chosen)
                return new JourneyAnswer(JourneyAnswer.Refused);

            var answered = node.Channel is [ContactNode.Best]
                ? MostAnswered(session, models_, work, [.. judged.Where(each => each.Result.Kind != VerdictKind.Refuse).Select(each => each.Request)], set, now) : null;
            if (answered is { } found)
                chosen = requests.Find(request => request.Channel == found.Best.Slot.Channel)!;

            var result = ContactReservations.Reserve(session, chosen, set, now);
            verdict = (chosen.Channel, result);
            return result.Kind switch
            {
                VerdictKind.Refuse => new JourneyAnswer(JourneyAnswer.Refused),
                _ when answered is { } choice && choice.At > now => new JourneyAnswer { Until = choice.At },
                VerdictKind.Postpone => new JourneyAnswer { Until = result.Until },
                _ => new JourneyAnswer { Channel = chosen.Channel },
            };
        }, cancellation, [.. CustomerSnapshot.Rows]);
        if (verdict is { } judgement)
            ProductMetrics.Judged("reserve", judgement.Channel, judgement.Result);
        return answer;
    }

    /// <summary>Has the message written by its template. One that cannot be written is not sent, and its place is given back.</summary>
    public async Task<JourneyAnswer> DraftAsync(JourneyWork work, CancellationToken cancellation)
    {
        var (compiled, models_) = (await CompiledAsync(work, cancellation), await models.GetAsync(cancellation));
        var node = (ContactNode)compiled.Document.Nodes[work.State.Node];
        var (channel, customer) = (work.Command.Channels[0], CustomerId.Parse(work.Run.Customer));
        if ((await templates.GetAsync(cancellation)).GetValueOrDefault(node.Template) is { } template)
        {
            IReadOnlyList<Fact> facts = [];
            var answer = await CommitAsync(work, (session, now) =>
            {
                facts = JourneyReading.Facts(template, node.Facts, compiled, JourneyInputs.Of(session, models_, now, work.Run.Signal, work.State.Event), work.Run.Signal);
                return new JourneyAnswer();
            }, cancellation, CustomerSnapshot.Rows);
            if (answer.Over is not null)
                return answer;

            var request = new WritingRequest(work.Command.Id!, template.Id, Enum.Parse<MessageChannel>(channel, ignoreCase: true), facts);
            var (record, _) = await writing.WriteAsync(customer, request, cancellation);
            var settled = record?.Settled(time.GetUtcNow());
            if (settled?.Approval is { Status: ApprovalStatus.Waiting })
                return new JourneyAnswer(JourneyAnswer.Pending);
            if (settled?.Body is not null)
                return new JourneyAnswer();
        }

        return await CommitAsync(work, (session, now) =>
        {
            var purpose = node.Purpose ?? compiled.Document.Purpose;
            ContactReservations.Release(session, new ContactRequest(work.Command.Id!, channel, purpose, Journey: work.Run.Journey), now);
            return new JourneyAnswer(JourneyAnswer.Refused);
        }, cancellation, CustomerRows.Contacts);
    }

    /// <summary>Sends the message, if the gate still allows it: the same id is sent once.</summary>
    public async Task<JourneyAnswer> SendAsync(JourneyWork work, CancellationToken cancellation)
    {
        var (compiled, models_) = (await CompiledAsync(work, cancellation), await models.GetAsync(cancellation));
        var (node, customer) = ((ContactNode)compiled.Document.Nodes[work.State.Node], CustomerId.Parse(work.Run.Customer));
        string? debt = null;
        var answer = await CommitAsync(work, (session, now) =>
        {
            var inputs = JourneyInputs.Of(session, models_, now, work.Run.Signal, work.State.Event);
            debt = RequestOf(work, compiled, node, work.Command.Channels[0], inputs).Debt;
            return JourneyReading.Out(compiled, inputs) ?? new JourneyAnswer();
        }, cancellation, CustomerSnapshot.Rows);
        if (answer.Over is not null)
            return answer;

        if (await drafting.FindAsync(customer, work.Command.Id!, cancellation) is not { } record || !record.TryAddress(null, debt, work.Run.Journey, time.GetUtcNow(), out var message, out _))
            return new JourneyAnswer(JourneyAnswer.Refused);

        try
        {
            var gate = (await dispatch.SendAsync(customer, message, cancellation)).Gate;
            return gate.Kind switch
            {
                VerdictKind.Allow => new JourneyAnswer(JourneyAnswer.Next),
                VerdictKind.Postpone => new JourneyAnswer { Until = gate.Until },
                _ => new JourneyAnswer(JourneyAnswer.Refused),
            };
        }
        catch (CustomerErasedException)
        {
            return Erased;
        }
    }

    /// <summary>Has the arbitration choose; the same visit of a node is the same decision.</summary>
    public async Task<JourneyAnswer> DecideAsync(JourneyWork work, CancellationToken cancellation)
    {
        if (await RecordAsync(work, cancellation) is { Over: not null } over)
            return over;

        var node = (DecideNode)(await CompiledAsync(work, cancellation)).Document.Nodes[work.State.Node];
        var channel = node.Channel is [var only] && only != ContactNode.Best ? only : null;
        try
        {
            var answer = await decisions.DecideAsync(
                CustomerId.Parse(work.Run.Customer), new DecisionRequest(channel, Placement: work.Run.Journey, Limit: 1, Actions: node.Decide), work.Command.Id, time.GetUtcNow(), cancellation);
            return answer is { Chosen: { } action, Actions: [{ Kind: not ActionKind.None } best, ..] }
                ? new JourneyAnswer(JourneyAnswer.Next) { Action = action, Decision = answer.DecisionId, Channel = best.Channel }
                : new JourneyAnswer("none") { Decision = answer.DecisionId };
        }
        catch (DecisionRefusedException refused) when (refused.Refusal is DecisionRefusal.NoStrategy or DecisionRefusal.Invalid or DecisionRefusal.UnknownCustomer)
        {
            return new JourneyAnswer("none");
        }
    }

    /// <summary>Calls an endpoint of the bank's.</summary>
    /// <exception cref="WebhookFailedException">In a way that may pass.</exception>
    public async Task<JourneyAnswer> CallAsync(JourneyWork work, CancellationToken cancellation)
    {
        var (compiled, models_) = (await CompiledAsync(work, cancellation), await models.GetAsync(cancellation));
        var node = (WebhookNode)compiled.Document.Nodes[work.State.Node];
        JsonObject facts = [];
        var answer = await CommitAsync(work, (session, now) =>
        {
            var inputs = JourneyInputs.Of(session, models_, now, work.Run.Signal, work.State.Event);
            facts = JourneyReading.Facts(node.Facts, compiled, inputs);
            return JourneyReading.Out(compiled, inputs) ?? new JourneyAnswer();
        }, cancellation, CustomerSnapshot.Rows);
        return answer.Over is not null ? answer
            : new JourneyAnswer(await webhooks.CallAsync(node.Webhook, work.Command.Id!, work.Run, work.State.Node, facts, cancellation) ? JourneyAnswer.Next : "failed");
    }

    private static ContactRequest RequestOf(JourneyWork work, CompiledJourney compiled, ContactNode node, string channel, DecisionInputs inputs) =>
        new(work.Command.Id!, channel, node.Purpose ?? compiled.Document.Purpose, JourneyReading.Debt(compiled, inputs), work.Run.Journey);
}
