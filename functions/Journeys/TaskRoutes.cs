using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Journeys;

namespace ServerlessCLM.Functions.Journeys;

/// <summary>What journeys give to people: a queue's open tasks, and their answers.</summary>
public sealed class TaskRoutes(PersonTasks tasks, CustomerReference names, Principals principals)
{
    private const int Most = 100, MostNote = 2000;

    [Function("ListTasks")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "tasks/{queue}")] HttpRequest request, string queue, CancellationToken cancellation) =>
        JsonAnswer.Of(new JsonObject
        {
            ["queue"] = queue,
            ["tasks"] = new JsonArray([.. (await tasks.OpenOfAsync(queue, Most, cancellation)).Select(each =>
            {
                var task = JsonSerializer.SerializeToNode(each.Task, JourneysJson.Default.PersonTask)!.AsObject();
                task["customerId"] = each.Customer.Value;
                return (JsonNode)task;
            })]),
        });

    /// <remarks>Body: outcome, one of the task's; note.</remarks>
    [Function("AnswerTask")]
    public async Task<IResult> AnswerAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{customerId}/tasks/{task}/answer")] HttpRequest request,
        string customerId, string task, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        if (!names.TryResolve(customerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);
        if (!principals.TryGet(request, out var by, out var unknown))
            return unknown;
        var (body, problem) = await Bodies.ReadObjectAsync(request, cancellation);
        if (problem is not null)
            return problem;
        if (Text(body!["outcome"]) is not { } outcome)
            return Problems.Invalid("outcome", "must name one of the task's outcomes");
        var note = Text(body["note"]);
        if (note?.Length > MostNote)
            return Problems.Invalid("note", $"must be at most {MostNote} characters");

        var (answer, known) = await tasks.AnswerAsync(customer, task, outcome, by, note, cancellation);
        switch (answer)
        {
            case TaskAnswer.Unknown:
                return Problems.NotFound($"the customer has no task {Rejection.Shorten(task, 120)}");
            case TaskAnswer.UnknownOutcome:
                return Problems.Invalid("outcome", $"must be one of {string.Join(", ", known!.Outcomes)}");
            case TaskAnswer.Closed:
                return Problems.Conflict($"the task is {JsonNamingPolicy.CamelCase.ConvertName(known!.Status.ToString())} already{(known.By is { } other ? $", by {other}" : "")}");
        }

        await client.AnswerAsync(task, outcome, cancellation);
        return JsonAnswer.Of(JsonSerializer.SerializeToNode(known, JourneysJson.Default.PersonTask)!.AsObject());
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? (string)node! : null;
}
