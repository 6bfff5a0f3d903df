using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Messages.Drafting;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Messages.Approvals;

public enum ApprovalRefusal { NotFound, NotWaiting, SamePrincipal }

/// <summary>A decision that the message's state or the four eyes do not allow; nothing has changed.</summary>
public sealed class ApprovalRefusedException(ApprovalRefusal refusal, string reason) : Exception(reason)
{
    public ApprovalRefusal Refusal { get; } = refusal;
}

/// <summary>A message that waits for a person.</summary>
public sealed record WaitingMessage(CustomerId Customer, MessageRecord Record);

/// <summary>Messages that wait for a person: who may decide, and what follows.</summary>
public sealed class ApprovalQueue(CustomerStore store, MessageIndex index, ApprovedWording wordings, Outbox outbox, TimeProvider time)
{
    /// <summary>Signals that journeys wait for.</summary>
    public const string ApprovedSignal = "message_approved", RejectedSignal = "message_rejected";

    /// <summary>Those that wait, the most urgent first.</summary>
    public async Task<IReadOnlyList<WaitingMessage>> ListAsync(int most, CancellationToken cancellation)
    {
        var (waiting, now) = (new List<WaitingMessage>(), time.GetUtcNow());
        await foreach (var found in index.WaitingAsync(cancellation))
        {
            if (await FindAsync(found.Customer, found.MessageId, cancellation) is { Approval.Status: ApprovalStatus.Waiting } record && record.Approval.Until > now)
                waiting.Add(new(found.Customer, record));
            if (waiting.Count == most)
                break;
        }

        return waiting;
    }

    /// <summary>Approves the words, or rejects them: then the approved template goes out where a model had written, and nothing where it was the template.</summary>
    /// <param name="customer">Whose message it is.</param>
    /// <param name="messageId">Which.</param>
    /// <param name="approve">Or reject.</param>
    /// <param name="by">The principal: another than who had it written.</param>
    /// <param name="why">For the record.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    /// <exception cref="ApprovalRefusedException">It does not wait, or the principal may not decide.</exception>
    public async Task<MessageRecord> DecideAsync(CustomerId customer, string messageId, bool approve, string by, string why, CancellationToken cancellation)
    {
        var (row, now) = (MessageRecord.RowOf(messageId), time.GetUtcNow());
        var commit = await store.UpdateAsync(customer, session =>
        {
            if (session.Erased is not null || session.Get(row, MessagesJson.Default.MessageRecord) is not { } record)
                throw new ApprovalRefusedException(ApprovalRefusal.NotFound, $"the customer has no message {messageId}");
            if (record.Settled(now).Approval is not { Status: ApprovalStatus.Waiting } approval)
                throw new ApprovalRefusedException(ApprovalRefusal.NotWaiting, $"message {messageId} {(record.Approval is null ? "needs no approval" : $"is {record.Settled(now).Approval!.Status}")}");
            if (string.Equals(approval.AskedBy, by, StringComparison.OrdinalIgnoreCase))
                throw new ApprovalRefusedException(ApprovalRefusal.SamePrincipal, $"{by} had message {messageId} written; somebody else must decide on it");

            var decided = approval with { Status = approve ? ApprovalStatus.Approved : ApprovalStatus.Rejected, By = by, At = now, Why = why };
            var changed = record.Decided(decided);
            session.Put(row, changed, MessagesJson.Default.MessageRecord);
            session.Record(new AuditRecord("approval", now, decided.Describe(messageId)));
            SignalEffects.Raise(session, new LifecycleRow($"{messageId}|approval", approve ? ApprovedSignal : RejectedSignal, now, null));
            return changed;
        }, cancellation, row);
        if (commit.Outbox is { } effects)
            await outbox.DispatchAsync([effects], cancellation);

        // Approved words serve the same brief again; a crash before this costs one more approval.
        if (approve && commit.Result.Chosen is { Source: MessageSource.Model or MessageSource.Reused, Draft: { } draft })
            await wordings.KeepAsync(commit.Result.Wording, draft, by, now, cancellation);
        await index.AnsweredAsync(customer, messageId, commit.Result.Approval!.Until, cancellation);
        return commit.Result;
    }

    private async Task<MessageRecord?> FindAsync(CustomerId customer, string messageId, CancellationToken cancellation)
    {
        var row = MessageRecord.RowOf(messageId);
        return (await store.UpdateAsync(customer, session => session.Get(row, MessagesJson.Default.MessageRecord), cancellation, row)).Result;
    }
}
