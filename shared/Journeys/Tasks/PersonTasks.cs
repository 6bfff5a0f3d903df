using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Governance;
using ServerlessCLM.Journeys.Collections;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Journeys;

/// <summary>What came of answering a task.</summary>
public enum TaskAnswer { Taken, Unknown, UnknownOutcome, Closed }

/// <summary>
/// Tasks of people: a row of the customer's partition each, and an index by queue. A call or appointment passes the contact gate and counts in the
/// ledger. Each is a case of its queue as well, which an agent takes, gives back and ends.
/// </summary>
public sealed class PersonTasks(
    CustomerStore store, Outbox outbox, CustomerTables tables, LiveJourneys journeys, LiveModels models, Policies policies, CaseQueue cases, CaseIndex index,
    ProductOptions options, TimeProvider time)
{
    private const string Customer = "Customer";

    /// <summary>Opens the task of a node; opened again it is as it was. What the gate refuses is not opened.</summary>
    public async Task<PersonTask> OpenAsync(JourneyWork work, CancellationToken cancellation)
    {
        var compiled = await journeys.VersionAsync(work.Run.Journey, work.Run.Digest, cancellation);
        var node = (TaskNode)compiled.Document.Nodes[work.State.Node];
        var (set, packs, customer, now) = (await models.GetAsync(cancellation), await policies.GetAsync(cancellation), CustomerId.Parse(work.Run.Customer), time.GetUtcNow());
        var id = work.Command.Id!;
        var task = (await store.UpdateAsync(customer, session =>
        {
            var fresh = new PersonTask(id, node.Task, node.Queue, work.Run.Journey, work.Run.Instance, now, now + node.Due, [.. node.Outcomes.Keys]) { Brief = node.Brief };
            if (session.Erased is not null)
                return fresh with { Status = PersonTaskStatus.Withdrawn, Due = now };
            if (session.Get(PersonTask.RowOf(id), JourneysJson.Default.PersonTask) is { } known)
                return known;

            var inputs = JourneyInputs.Of(session, set, now, work.Run.Signal, work.State.Event);
            foreach (var (name, text) in node.Facts)
                fresh.Facts[name] = JourneyInputs.Text(compiled[text].Evaluate(inputs));
            fresh = Allowed(session, fresh with { Purpose = node.Purpose ?? compiled.Document.Purpose, Debt = JourneyReading.Debt(compiled, inputs) }, packs, now);
            session.Put(PersonTask.RowOf(id), fresh, JourneysJson.Default.PersonTask);
            return fresh;
        }, cancellation, [PersonTask.RowOf(id), .. CustomerSnapshot.Rows])).Result;

        // After the row, so that what the index names is there.
        if (task.Status != PersonTaskStatus.Open)
            return task;

        await tables.Journeys.UpsertEntityAsync(new TableEntity(Partition(task.Queue), Place(task)) { [Customer] = customer.Value }, TableUpdateMode.Replace, cancellation);
        await OpenCaseAsync(customer, task, cancellation);
        return task;
    }

    /// <summary>The journey does not wait any more: what was answered counts; else it is withdrawn, late, or was never allowed.</summary>
    public async Task<JourneyAnswer> CloseAsync(JourneyWork work, string id, bool isWithdrawn, CancellationToken cancellation)
    {
        var closed = await ChangeAsync(CustomerId.Parse(work.Run.Customer), id, task => task.Status == PersonTaskStatus.Open
            ? task with { Status = isWithdrawn ? PersonTaskStatus.Withdrawn : PersonTaskStatus.Late, Closed = time.GetUtcNow() }
            : task, cancellation);
        if (closed is { Status: PersonTaskStatus.Answered })
            return new JourneyAnswer($"outcomes.{closed.Outcome}");

        var node = (TaskNode)(await journeys.VersionAsync(work.Run.Journey, work.Run.Digest, cancellation)).Document.Nodes[work.State.Node];
        return new JourneyAnswer(closed is { Status: PersonTaskStatus.Refused } && node.Refused is not null ? JourneyAnswer.Refused : "late");
    }

    /// <summary>A person answers a task. The same answer again is taken again.</summary>
    public async Task<(TaskAnswer Answer, PersonTask? Task)> AnswerAsync(
        CustomerId customer, string id, string outcome, string by, string? note, CancellationToken cancellation)
    {
        var answer = TaskAnswer.Unknown;
        var task = await ChangeAsync(customer, id, known =>
        {
            answer = !known.Outcomes.Contains(outcome) ? TaskAnswer.UnknownOutcome
                : known.Status == PersonTaskStatus.Open || (known.Status == PersonTaskStatus.Answered && known.Outcome == outcome) ? TaskAnswer.Taken : TaskAnswer.Closed;
            return answer == TaskAnswer.Taken && known.Status == PersonTaskStatus.Open ? known.Answered(outcome, by, note, time.GetUtcNow()) : known;
        }, cancellation);
        return (answer, task);
    }

    /// <summary>Open tasks of a queue, the most urgent first.</summary>
    public async Task<IReadOnlyList<(CustomerId Customer, PersonTask Task)>> OpenOfAsync(string queue, int most, CancellationToken cancellation)
    {
        var open = new List<(CustomerId, PersonTask)>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition(queue)}");
        await foreach (var entity in tables.Journeys.QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
        {
            var (customer, row) = (CustomerId.Parse(entity.GetString(Customer)!), PersonTask.RowOf(entity.RowKey[(entity.RowKey.IndexOf('|', StringComparison.Ordinal) + 1)..]));
            if ((await store.UpdateAsync(customer, session => session.Get(row, JourneysJson.Default.PersonTask), cancellation, row)).Result is { Status: PersonTaskStatus.Open } task)
                open.Add((customer, task));
            else
                await CustomerTables.DeleteAsync(tables.Journeys, entity.PartitionKey, entity.RowKey, cancellation);
            if (open.Count == most)
                break;
        }

        return open;
    }

    /// <summary>The case of a task is done, in the case's commit: so is the task. Its row in the index goes when the queue is looked at.</summary>
    internal static void Answer(CustomerSession session, string id, string outcome, string by, string? note, DateTimeOffset now)
    {
        if (session.Get(PersonTask.RowOf(id), JourneysJson.Default.PersonTask) is { Status: PersonTaskStatus.Open } known)
            Close(session, known.Answered(outcome, by, note, now), now);
    }

    /// <summary>A call or appointment takes a place in the ledger, or is not to be made, or not yet.</summary>
    private static PersonTask Allowed(CustomerSession session, PersonTask task, PolicySet packs, DateTimeOffset now)
    {
        if (task.Contact is not { } contact)
            return task;

        var gate = ContactReservations.Reserve(session, contact, packs, now);
        return gate.Kind == VerdictKind.Refuse
            ? task with { Status = PersonTaskStatus.Refused, Due = now, Closed = now, Note = gate.Code }
            : task with { From = gate.Until };
    }

    private async Task OpenCaseAsync(CustomerId customer, PersonTask task, CancellationToken cancellation)
    {
        var debt = task.Debt is { } named && (await store.UpdateAsync(customer, session => Debts.Find(session, named) is not null, cancellation, Debts.RowsOf(named))).Result ? named : null;
        var kind = task.Kind switch { TaskKind.Call => CaseKind.Call, TaskKind.Appointment => CaseKind.Appointment, _ => CaseKind.Approve };
        await cases.OpenAsync(customer, new CaseRequest(kind, task.Queue, debt, task.Brief, task.Outcomes, task.Due, task.Id), $"journey {task.Journey}", task.Id, cancellation);
    }

    private async Task<PersonTask?> ChangeAsync(CustomerId customer, string id, Func<PersonTask, PersonTask> change, CancellationToken cancellation)
    {
        IReadOnlyList<string> ended = [];
        var row = PersonTask.RowOf(id);
        var commit = await store.UpdateAsync(customer, session =>
        {
            ended = [];
            if (session.Erased is not null || session.Get(row, JourneysJson.Default.PersonTask) is not { } known)
                return null;

            var changed = change(known);
            if (ReferenceEquals(changed, known))
                return known;

            Close(session, changed, time.GetUtcNow());
            ended = CaseQueue.EndWith(session, changed, time.GetUtcNow());
            return changed;
        }, cancellation, row, CustomerRows.CasePrefix, CustomerRows.Contacts);
        if (commit.Result is { Status: not PersonTaskStatus.Open } task)
            await CustomerTables.DeleteAsync(tables.Journeys, Partition(task.Queue), Place(task), cancellation);
        foreach (var over in ended)
            await index.RemoveAsync(over, customer, cancellation);
        if (commit.Outbox is { } entry)
            await outbox.DispatchAsync([entry], cancellation);
        return commit.Result;
    }

    /// <summary>Puts a task on record that is over; a call or appointment that was made counts as a contact, one that was not gives its place back.</summary>
    private static void Close(CustomerSession session, PersonTask task, DateTimeOffset now)
    {
        session.Put(PersonTask.RowOf(task.Id), task, JourneysJson.Default.PersonTask);
        session.Record(new AuditRecord("task", now, new JsonObject
        {
            ["id"] = task.Id, ["queue"] = task.Queue, ["status"] = task.Status.ToString(), ["outcome"] = task.Outcome, ["by"] = task.By,
        }));
        if (task.Contact is not { } contact)
            return;

        if (task.Status == PersonTaskStatus.Answered)
        {
            var status = task.Outcome == PersonTask.Unreachable ? Contact.Sent : "conversation";
            var ledger = session.Get(CustomerRows.Contacts, CustomersJson.Default.ContactLedger) ?? ContactLedger.Empty;
            session.Put(CustomerRows.Contacts, ledger.With(new Contact(contact.Id, contact.Channel, contact.Purpose, now, status, contact.Debt, contact.Journey)), CustomersJson.Default.ContactLedger);
        }
        else
            ContactReservations.Release(session, contact, now);
    }

    private string Partition(string queue) => $"{options.Tenant}|tasks|{queue}";

    private static string Place(PersonTask task) => string.Create(CultureInfo.InvariantCulture, $"{task.Due.ToUnixTimeMilliseconds():D15}|{task.Id}");
}
