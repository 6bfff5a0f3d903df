using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Models;

namespace ServerlessCLM.Journeys;

/// <summary>What came of answering a task.</summary>
public enum TaskAnswer { Taken, Unknown, UnknownOutcome, Closed }

/// <summary>Tasks of people: a row of the customer's partition each, and an index by queue.</summary>
public sealed class PersonTasks(
    CustomerStore store, CustomerTables tables, LiveJourneys journeys, LiveModels models, ProductOptions options, TimeProvider time)
{
    private const string Customer = "Customer";

    /// <summary>Opens the task of a node; opened again it is as it was.</summary>
    public async Task<PersonTask> OpenAsync(JourneyWork work, CancellationToken cancellation)
    {
        var compiled = await journeys.VersionAsync(work.Run.Journey, work.Run.Digest, cancellation);
        var node = (TaskNode)compiled.Document.Nodes[work.State.Node];
        var (set, id, customer, now) = (await models.GetAsync(cancellation), work.Command.Id!, CustomerId.Parse(work.Run.Customer), time.GetUtcNow());
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
            session.Put(PersonTask.RowOf(id), fresh, JourneysJson.Default.PersonTask);
            return fresh;
        }, cancellation, [PersonTask.RowOf(id), .. CustomerSnapshot.Rows])).Result;

        // After the row, so that what the index names is there.
        if (task.Status == PersonTaskStatus.Open)
            await tables.Journeys.UpsertEntityAsync(new TableEntity(Partition(task.Queue), Place(task)) { [Customer] = customer.Value }, TableUpdateMode.Replace, cancellation);
        return task;
    }

    /// <summary>The journey does not wait any more: what was answered counts; else it is withdrawn or late.</summary>
    public async Task<JourneyAnswer> CloseAsync(JourneyRun run, string id, bool isWithdrawn, CancellationToken cancellation)
    {
        var closed = await ChangeAsync(CustomerId.Parse(run.Customer), id, task => task.Status == PersonTaskStatus.Open
            ? task with { Status = isWithdrawn ? PersonTaskStatus.Withdrawn : PersonTaskStatus.Late, Closed = time.GetUtcNow() }
            : task, cancellation);
        return closed is { Status: PersonTaskStatus.Answered } ? new JourneyAnswer($"outcomes.{closed.Outcome}") : new JourneyAnswer("late");
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
            return answer == TaskAnswer.Taken && known.Status == PersonTaskStatus.Open
                ? known with { Status = PersonTaskStatus.Answered, Outcome = outcome, By = by, Note = note, Closed = time.GetUtcNow() } : known;
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
            if (open.Count == most)
                break;
        }

        return open;
    }

    private async Task<PersonTask?> ChangeAsync(CustomerId customer, string id, Func<PersonTask, PersonTask> change, CancellationToken cancellation)
    {
        var row = PersonTask.RowOf(id);
        var task = (await store.UpdateAsync(customer, session =>
        {
            if (session.Erased is not null || session.Get(row, JourneysJson.Default.PersonTask) is not { } known)
                return null;

            var changed = change(known);
            if (ReferenceEquals(changed, known))
                return known;

            session.Put(row, changed, JourneysJson.Default.PersonTask);
            session.Record(new AuditRecord("task", time.GetUtcNow(), new JsonObject
            {
                ["id"] = id, ["queue"] = changed.Queue, ["status"] = changed.Status.ToString(), ["outcome"] = changed.Outcome, ["by"] = changed.By,
            }));
            return changed;
        }, cancellation, row)).Result;
        if (task is { Status: not PersonTaskStatus.Open })
            await tables.Journeys.DeleteEntityAsync(Partition(task.Queue), Place(task), cancellationToken: cancellation);
        return task;
    }

    private string Partition(string queue) => $"{options.Tenant}|tasks|{queue}";

    private static string Place(PersonTask task) => string.Create(CultureInfo.InvariantCulture, $"{task.Due.ToUnixTimeMilliseconds():D15}|{task.Id}");
}
