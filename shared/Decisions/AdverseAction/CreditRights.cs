using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions.CreditLines;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Decisions.AdverseAction;

/// <summary>The decision, notice or review is not there.</summary>
public sealed class UnknownCreditRecordException(string what) : Exception(what);

/// <summary>The step has been taken before, in another way.</summary>
public sealed class CreditRecordConflictException(string what) : Exception(what);

/// <summary>What a customer is owed after a credit decision: its notice in time, and a person's look at it on request.</summary>
public sealed class CreditRights(CustomerStore store, DutyIndex duties, Outbox outbox, TimeProvider time)
{
    /// <summary>A notice that is still owed so long before its time is reminded of.</summary>
    public static readonly TimeSpan Reminder = TimeSpan.FromDays(7);

    /// <summary>An announced duty whose commit has not come after so long will not come.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    /// <summary>Takes note that the notice was sent. Told twice, the first telling holds.</summary>
    /// <exception cref="UnknownCreditRecordException">There is no such notice.</exception>
    public async Task<AdverseActionNotice> SentAsync(CustomerId customer, string notice, string channel, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var row = CustomerRows.Notice(notice);
        var commit = await store.UpdateAsync(customer, session =>
        {
            var owed = session.Get(row, CreditJson.Default.AdverseActionNotice);
            if (owed is not { SentAt: null })
                return owed;

            var sent = owed with { SentAt = now, Channel = channel };
            session.Put(row, sent, CreditJson.Default.AdverseActionNotice);
            session.Record(new AuditRecord("adverse-action-notice", now, new JsonObject { ["id"] = notice, ["channel"] = channel, ["dueBy"] = Instant.Text(owed.DueBy) }));
            return sent;
        }, cancellation, row);
        var told = commit.Result ?? throw new UnknownCreditRecordException($"the customer is owed no notice {notice}");
        await duties.EndAsync(CreditLineDecisions.DutyOf(customer, told), cancellation);
        return told;
    }

    /// <summary>Puts a decision into the queue for a person. Asked for twice, the first asking holds.</summary>
    /// <exception cref="UnknownCreditRecordException">There is no such decision.</exception>
    public async Task<CreditReview> AskAsync(CustomerId customer, string decisionId, string? statement, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (await store.ReadAsync(customer, cancellation) is not { Erased: null } partition
            || partition.Of(CustomerRows.CreditPrefix).All(row => (string?)row["id"] != decisionId))
            throw new UnknownCreditRecordException($"the customer has no credit decision {decisionId}");

        var review = new CreditReview(decisionId, decisionId, now, now.AddMonths(1), statement);
        var row = CustomerRows.Review(review.Id);
        await duties.AnnounceAsync(DutyOf(customer, review), cancellation);
        var commit = await store.UpdateAsync(customer, session =>
        {
            if (session.Get(row, CreditJson.Default.CreditReview) is { } known)
                return known;

            session.Put(row, review, CreditJson.Default.CreditReview);
            Record(session, review, now);
            return review;
        }, cancellation, row);
        if (commit.Result.DueBy != review.DueBy)
            await duties.EndAsync(DutyOf(customer, review), cancellation);
        return commit.Result;
    }

    /// <summary>A named person's word on a decision.</summary>
    /// <exception cref="UnknownCreditRecordException">There is no such review.</exception>
    /// <exception cref="CreditRecordConflictException">Somebody has resolved it before.</exception>
    public async Task<CreditReview> ResolveAsync(
        CustomerId customer, string id, string reviewer, ReviewOutcome outcome, decimal? line, string? note, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var row = CustomerRows.Review(id);
        var commit = await store.UpdateAsync(customer, session =>
        {
            if (session.Get(row, CreditJson.Default.CreditReview) is not { } open)
                throw new UnknownCreditRecordException($"the customer has asked for no review {id}");

            if (open.ResolvedAt is not null)
            {
                return open.Reviewer == reviewer && open.Outcome == outcome && open.Line == line
                    ? open
                    : throw new CreditRecordConflictException($"review {id} was resolved by {open.Reviewer} on {open.ResolvedAt:yyyy-MM-dd}");
            }

            var resolved = open with { Reviewer = reviewer, Outcome = outcome, Line = line, Note = note, ResolvedAt = now };
            session.Put(row, resolved, CreditJson.Default.CreditReview);
            Record(session, resolved, now);
            SignalEffects.Raise(session, new LifecycleRow($"{id}-review", "credit_review_resolved", now, null));
            return resolved;
        }, cancellation, row);
        await duties.EndAsync(DutyOf(customer, commit.Result), cancellation);
        if (commit.Outbox is { } entry)
            await outbox.DispatchAsync([entry], cancellation);
        return commit.Result;
    }

    /// <summary>Reviews that wait for a person, the most urgent first.</summary>
    public async Task<IReadOnlyList<(CustomerId Customer, CreditReview Review)>> OpenReviewsAsync(int most, CancellationToken cancellation)
    {
        var open = new List<(CustomerId, CreditReview)>();
        await foreach (var duty in duties.DueAsync(DutyKind.Review, DateTimeOffset.MaxValue, cancellation))
        {
            var row = CustomerRows.Review(duty.Id);
            var found = await store.UpdateAsync(duty.Customer, session => session.Get(row, CreditJson.Default.CreditReview), cancellation, row);
            if (found.Result is { ResolvedAt: null } review)
                open.Add((duty.Customer, review));
            else if (duty.DueBy.AddMonths(-1) < time.GetUtcNow() - Patience)
                await duties.EndAsync(duty, cancellation);
            if (open.Count == most)
                break;
        }

        return open;
    }

    /// <summary>
    /// Raises <c>adverse_action_notice_due</c> for notices that are still owed a week before their time, and <c>adverse_action_notice_late</c> once it is
    /// over, each once; forgets duties that have ended.
    /// </summary>
    /// <returns>Reminders raised, and notices that are late.</returns>
    public async Task<(int Reminded, int Late)> RemindAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (reminded, late) = (0, 0);
        await foreach (var duty in duties.DueAsync(DutyKind.Notice, now + Reminder, cancellation))
        {
            var name = duty.DueBy < now ? "adverse_action_notice_late" : "adverse_action_notice_due";
            var (notice, marker) = (CustomerRows.Notice(duty.Id), CustomerRows.Dated(CustomerRows.LifecyclePrefix, duty.DueBy.ToUnixTimeMilliseconds(), $"{name}-{duty.Id}"));
            var commit = await store.UpdateAsync(duty.Customer, session =>
            {
                var owed = session.Get(notice, CreditJson.Default.AdverseActionNotice);
                if (owed is { SentAt: null } && session.Get(marker, CustomersJson.Default.LifecycleRow) is null)
                {
                    var reminder = new LifecycleRow($"{name}-{duty.Id}", name, now, null);
                    session.Put(marker, reminder, CustomersJson.Default.LifecycleRow);
                    SignalEffects.Raise(session, reminder);
                }

                return owed;
            }, cancellation, notice, marker);
            if (commit.Result is { SentAt: not null } || (commit.Result is null && duty.DueBy - AdverseActionNotice.Within < now - Patience))
                await duties.EndAsync(duty, cancellation);
            late += commit.Result is { SentAt: null } && duty.DueBy < now ? 1 : 0;
            if (commit.Outbox is not { } entry)
                continue;

            reminded++;
            await outbox.DispatchAsync([entry], cancellation);
        }

        return (reminded, late);
    }

    private static void Record(CustomerSession session, CreditReview review, DateTimeOffset at) => session.Record(
        new AuditRecord("credit-review", at, JsonSerializer.SerializeToNode(review, CreditJson.Default.CreditReview)!.AsObject()));

    private static Duty DutyOf(CustomerId customer, CreditReview review) => new(DutyKind.Review, customer, review.Id, review.DueBy);
}
