using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Governance;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Journeys.Collections;

/// <summary>What somebody wants a person to do.</summary>
/// <param name="Kind">What.</param>
/// <param name="Queue">Whose work.</param>
/// <param name="Debt">About which debt.</param>
/// <param name="Instructions">What to do.</param>
/// <param name="Outcomes">What may come of it; null for those of a call.</param>
/// <param name="DueBy">When it is of no use any more.</param>
/// <param name="Task">The task of a journey that is done with it.</param>
public sealed record CaseRequest(
    CaseKind Kind, string Queue, string? Debt, string? Instructions = null, IReadOnlyList<string>? Outcomes = null, DateTimeOffset? DueBy = null, string? Task = null);

/// <summary>A case in its place in the queue.</summary>
/// <param name="Customer">Whose.</param>
/// <param name="Case">The case.</param>
/// <param name="Value">What a call is expected to bring: chance times balance, less its cost; null where no model tells the chance.</param>
public sealed record QueuedCase(CustomerId Customer, CollectionsCase Case, double? Value);

/// <summary>
/// The agents' work, most worthwhile first. Each step of a case is a commit of its customer's partition, so that of two agents who take the same
/// case one is refused.
/// </summary>
public sealed class CaseQueue(
    CustomerStore store, Outbox outbox, CaseIndex index, LiveModels live, CollectionsPolicies policies, Policies packs, TimeProvider time)
{
    /// <summary>Raised when a person is done, with the case and its outcome in the lifecycle event's details.</summary>
    public const string CompletedSignal = "case_completed";

    /// <summary>Cases looked at for each that is asked for, as some have become pointless.</summary>
    private const int LookedAtPerCase = 3;

    private const int Lanes = 16;

    /// <summary>Opens a case. About the same debt and of the same kind there is one at a time; asked for again, the open one is given.</summary>
    /// <param name="customer">Whose.</param>
    /// <param name="request">What is to be done.</param>
    /// <param name="openedBy">Who wants it.</param>
    /// <param name="cause">What it comes of.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    /// <exception cref="CollectionsRefusedException">The customer or the debt is not known.</exception>
    public async Task<CollectionsCase> OpenAsync(CustomerId customer, CaseRequest request, string openedBy, string cause, CancellationToken cancellation)
    {
        var id = DebtAgreements.IdOf(customer, request.Debt ?? "", request.Kind.ToString(), cause);
        await index.PutAsync(new CaseEntry(id, customer, request.Queue, 0), cancellation);
        var now = time.GetUtcNow();
        var commit = await store.UpdateAsync(customer, session =>
        {
            if (session.Erased is not null || !session.Exists)
                throw new CollectionsRefusedException(CollectionsRefusal.NotFound, "customerId", "nothing is known of the customer");

            if (request.Debt is { } debt && Debts.Find(session, debt) is null)
                throw DebtAgreements.Unknown(customer, debt);

            var cases = session.All(CustomerRows.CasePrefix, CollectionsJson.Default.CollectionsCase).ToList();
            if ((cases.Find(known => known.Id == id) ?? cases.Find(known => known.IsOpen && known.Kind == request.Kind && known.Queue == request.Queue && known.Debt == request.Debt && request.Debt is not null)) is { } there)
            {
                // The journey's question is asked in the call that is in the queue already.
                if (request.Task is null || there.Task is not null || !there.IsOpen)
                    return there;

                var joined = there with { Task = request.Task, Instructions = request.Instructions, Outcomes = request.Outcomes!, DueBy = request.DueBy, Version = there.Version + 1 };
                Put(session, joined);
                return joined;
            }

            var opened = new CollectionsCase(id, request.Kind, request.Queue, now, openedBy)
            {
                Debt = request.Debt, Instructions = request.Instructions, DueBy = request.DueBy, Outcomes = request.Outcomes ?? CollectionsCase.CallOutcomes, Task = request.Task,
            };
            Put(session, opened);
            return opened;
        }, cancellation, [CustomerRows.CasePrefix, .. request.Debt is { } about ? Debts.RowsOf(about) : []]);
        if (commit.Result.Id != id)
            await index.RemoveAsync(id, customer, cancellation);
        return commit.Result;
    }

    /// <summary>The cases of a queue that are worth an agent's time, the most worthwhile first, then the most urgent; of the collections agents' no more than they can do.</summary>
    /// <param name="queue">Whose work.</param>
    /// <param name="most">Cases at the most.</param>
    /// <param name="cancellation">Stops in the middle.</param>
    public async Task<IReadOnlyList<QueuedCase>> ListAsync(string queue, int most, CancellationToken cancellation)
    {
        var (policy, models, now) = (await policies.GetAsync(cancellation), await live.GetAsync(cancellation), time.GetUtcNow());
        if (queue == CollectionsCase.Agents)
            most = Math.Min(most, policy.Queue.Capacity);
        var set = await packs.GetAsync(cancellation);
        var entries = new List<CaseEntry>();
        await foreach (var entry in index.OfAsync(queue, cancellation))
            entries.Add(entry);

        var looked = new List<QueuedCase>();
        var gate = new Lock();
        // What was never looked at comes before what is known to be worth less than the rest.
        await Parallel.ForEachAsync(entries.OrderBy(entry => entry.Value != 0).ThenByDescending(entry => entry.Value).Take(most * LookedAtPerCase),
            new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = cancellation }, async (entry, token) =>
            {
                var read = await store.UpdateAsync(entry.Customer, session => Look(session, entry, policy, models, set, now), token, LookedAt(entry.Id));
                if (read.Result is not { } found)
                {
                    await index.RemoveAsync(entry.Id, entry.Customer, token);
                    return;
                }

                if (found.Value is { } value && Math.Abs(value - entry.Value) >= 0.01)
                    await index.PutAsync(entry with { Value = value }, token);
                if (found.IsOffered)
                {
                    lock (gate)
                        looked.Add(new QueuedCase(entry.Customer, found.Case, found.Value));
                }
            });
        return [.. looked.OrderByDescending(each => each.Value ?? double.NegativeInfinity)
            .ThenBy(each => each.Case.DueBy ?? DateTimeOffset.MaxValue).ThenBy(each => each.Case.OpenedAt).ThenBy(each => each.Case.Id, StringComparer.Ordinal).Take(most)];
    }

    /// <summary>A case with its brief, and the journey's task that is done with it.</summary>
    /// <exception cref="CollectionsRefusedException">There is none.</exception>
    public async Task<(CollectionsCase Case, CaseBrief? Brief, PersonTask? Task)> FindAsync(CustomerId customer, string id, CancellationToken cancellation)
    {
        var (policy, models, set, now) = (await policies.GetAsync(cancellation), await live.GetAsync(cancellation), await packs.GetAsync(cancellation), time.GetUtcNow());
        var read = await store.UpdateAsync(customer, session =>
        {
            var known = Find(session, id);
            return (Case: known, Brief: known.Debt is { } debt && Debts.Find(session, debt) is { } about
                ? CaseBrief.Of(session, about, policy, models, set, now)
                : null, Task: TaskOf(session, known));
        }, cancellation, [.. RowsOf(id), CustomerRows.TaskPrefix, CustomerRows.Contacts, CustomerRows.Consent("collections", "call")]);
        return read.Result;
    }

    /// <summary>An agent takes a case.</summary>
    /// <param name="customer">Whose.</param>
    /// <param name="id">Which.</param>
    /// <param name="version">The version that the agent saw; null for any.</param>
    /// <param name="agent">The principal.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    /// <exception cref="CollectionsRefusedException">It is another's, has ended, has another version, or the customer is protected or not to be contacted.</exception>
    public async Task<CollectionsCase> ClaimAsync(CustomerId customer, string id, int? version, string agent, CancellationToken cancellation)
    {
        var (policy, models, set, now) = (await policies.GetAsync(cancellation), await live.GetAsync(cancellation), await packs.GetAsync(cancellation), time.GetUtcNow());
        return await ChangeAsync(customer, id, version, (session, known) =>
        {
            var claimed = known.Claimed(agent, TimeSpan.FromMinutes(policy.Queue.LeaseMinutes), now);
            return Look(session, new CaseEntry(id, session.Customer, known.Queue, 0), policy, models, set, now)?.Obstacle is { } obstacle
                ? throw new CollectionsRefusedException(CollectionsRefusal.Conflict, "case", $"{id} is not to be worked on: {obstacle}")
                : claimed;
        }, cancellation, LookedAt(id));
    }

    public Task<CollectionsCase> ReleaseAsync(CustomerId customer, string id, int? version, string agent, CancellationToken cancellation) =>
        ChangeAsync(customer, id, version, (_, known) => known.Released(agent), cancellation);

    /// <summary>An agent says what came of a case; told again by the same agent, the first telling holds.</summary>
    public Task<CollectionsCase> CompleteAsync(CustomerId customer, string id, int? version, string agent, string outcome, string? note, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return ChangeAsync(customer, id, version, (session, known) =>
        {
            if (known.Status == CaseStatus.Completed && known.EndedBy == agent && known.Outcome == outcome)
                return known;

            var completed = known.Completed(agent, outcome, note, now);
            Complete(session, completed, now);
            if (known.Task is { } task)
                PersonTasks.Answer(session, task, outcome, agent, note, now);
            return completed;
        }, cancellation, CustomerRows.TaskPrefix, CustomerRows.Contacts);
    }

    /// <summary>A journey's task is over: so is the case, in the same commit.</summary>
    /// <returns>Ids of cases that have ended.</returns>
    internal static IReadOnlyList<string> EndWith(CustomerSession session, PersonTask task, DateTimeOffset now)
    {
        var over = session.All(CustomerRows.CasePrefix, CollectionsJson.Default.CollectionsCase).Where(known => known.IsOpen && known.Task == task.Id).ToList();
        foreach (var known in over)
        {
            var ended = task.Status == PersonTaskStatus.Answered
                ? known.Ended(CaseStatus.Completed, task.By!, now) with { Outcome = task.Outcome, Note = task.Note }
                : known.Withdrawn($"the task of {task.Journey} is over", now);
            Put(session, ended);
            if (ended.Status == CaseStatus.Completed)
                Complete(session, ended, now);
        }

        return [.. over.Select(known => known.Id)];
    }

    internal static void Complete(CustomerSession session, CollectionsCase ended, DateTimeOffset now)
    {
        var happened = new LifecycleRow($"{ended.Id}-ended", CompletedSignal, now, new JsonObject
        {
            ["case"] = ended.Id, ["kind"] = ended.Kind.ToString(), ["outcome"] = ended.Outcome, ["debt"] = ended.Debt,
        });
        session.Put(CustomerRows.Dated(CustomerRows.LifecyclePrefix, now.ToUnixTimeMilliseconds(), happened.Id), happened, CustomersJson.Default.LifecycleRow);
        SignalEffects.Raise(session, happened, ended.Debt);
        session.Record(new AuditRecord("case", now, new JsonObject
        {
            ["id"] = ended.Id, ["kind"] = ended.Kind.ToString(), ["debt"] = ended.Debt, ["outcome"] = ended.Outcome, ["by"] = ended.EndedBy, ["note"] = ended.Note,
        }));
    }

    internal async Task<CollectionsCase> ChangeAsync(
        CustomerId customer, string id, int? version, Func<CustomerSession, CollectionsCase, CollectionsCase> change, CancellationToken cancellation, params IReadOnlyList<string> more)
    {
        var commit = await store.UpdateAsync(customer, session =>
        {
            var known = Find(session, id);
            if (version is { } seen && seen != known.Version)
                throw new CollectionsRefusedException(CollectionsRefusal.Stale, "If-Match", $"case {id} is at version {known.Version}, not {seen}; read it again");

            var changed = change(session, known);
            if (!ReferenceEquals(changed, known))
                Put(session, changed);
            return changed;
        }, cancellation, [.. RowsOf(id), .. more]);
        if (!commit.Result.IsOpen)
            await index.RemoveAsync(id, customer, cancellation);
        if (commit.Outbox is { } entry)
            await outbox.DispatchAsync([entry], cancellation);
        return commit.Result;
    }

    private static CollectionsCase Find(CustomerSession session, string id) =>
        (session.Erased is null ? session.Get(CustomerRows.Case(id), CollectionsJson.Default.CollectionsCase) : null)
        ?? throw new CollectionsRefusedException(CollectionsRefusal.NotFound, "case", $"the customer has no case {id}");

    private static void Put(CustomerSession session, CollectionsCase changed) => session.Put(CustomerRows.Case(changed.Id), changed, CollectionsJson.Default.CollectionsCase);

    private static IReadOnlyList<string> RowsOf(string id) => [CustomerRows.Case(id), .. Debts.AllRows];

    /// <summary>What a look reads: of a journey's task also what the gate does.</summary>
    private static IReadOnlyList<string> LookedAt(string id) => [.. RowsOf(id), CustomerRows.TaskPrefix, CustomerRows.ConsentPrefix, CustomerRows.Contacts];

    private static PersonTask? TaskOf(CustomerSession session, CollectionsCase known) =>
        known.Task is { } task ? session.Get(PersonTask.RowOf(task), JourneysJson.Default.PersonTask) : null;

    private sealed record Looked(CollectionsCase Case, double? Value, string? Obstacle, bool IsOffered);

    /// <summary>
    /// A case as it stands now; null where there is nothing to do any more, which is put on record. What a journey asks for is worth asking, and the gate says
    /// whether it may be; what arrears ask for depends on the debt.
    /// </summary>
    private static Looked? Look(CustomerSession session, CaseEntry entry, CollectionsPolicy policy, ModelSet models, PolicySet packs, DateTimeOffset now)
    {
        if (session.Erased is not null || session.Get(CustomerRows.Case(entry.Id), CollectionsJson.Default.CollectionsCase) is not { IsOpen: true } known)
            return null;

        var (debt, task, calendar) = (known.Debt is { } about ? Debts.Find(session, about) : null, TaskOf(session, known), DebtCalendar.Of(session));
        var today = calendar.Today(now);
        var over = known.DueBy < now ? "its time is over"
            : task is { Status: not PersonTaskStatus.Open } ? $"the task of {task.Journey} is over"
            : task is null && known.Kind == CaseKind.Call && debt is not null && debt.DaysPastDue(calendar, today) == 0 && debt.ChargedOffAt is null
                ? "nothing is past due any more" : null;
        if (over is not null)
        {
            Put(session, known.Withdrawn(over, now));
            return null;
        }

        var obstacle = task is not null ? NotAllowed(session, task, packs, now) : known.Kind == CaseKind.Call ? NotPursued(session, debt, today) : null;
        var value = debt is not null && DebtorOutlook.Of(session.Block.Span, now, models).PayChance is { } chance
            ? Math.Round((chance * (double)debt.Balance) - (double)policy.Queue.CostOfCall, 2) : (double?)null;
        var isFree = known.Status == CaseStatus.Open || known.ClaimedUntil <= now;
        return new Looked(known, value, obstacle, isFree && obstacle is null && (task is not null || known.Kind != CaseKind.Call || value is not <= 0));
    }

    /// <summary>Why the customer is not to be contacted now for a journey's task; null where they may be.</summary>
    private static string? NotAllowed(CustomerSession session, PersonTask task, PolicySet packs, DateTimeOffset now)
    {
        if (task.Contact is not { } contact)
            return null;

        var gate = ContactGate.Judge(ContactReservations.StandingOf(session, contact), contact, packs, now);
        return gate.Kind switch
        {
            VerdictKind.Allow => null,
            VerdictKind.Postpone => $"not before {Instant.Text(gate.Until!.Value)}",
            _ => $"the contact gate refuses it ({gate.Code})",
        };
    }

    /// <summary>Why a debt is not to be pursued by a call now; null where it may be.</summary>
    private static string? NotPursued(CustomerSession session, Debt? debt, DateOnly today)
    {
        var protection = Protection.Of(session.Get(CustomerRows.Profile, CustomersJson.Default.Profile));
        return protection.StopsPursuit ? $"the customer is protected ({string.Join(", ", protection.All)})"
            : debt is null ? null
            : debt.HasOpenPromise ? $"a promise is open until {debt.Promise!.By:yyyy-MM-dd}"
            : debt.HasActivePlan ? "a plan is being kept"
            : debt.IsLeftAlone(today) ? $"the customer is left alone until {debt.LeftAloneUntil:yyyy-MM-dd}" : null;
    }
}
