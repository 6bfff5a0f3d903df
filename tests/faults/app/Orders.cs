using Azure;
using Microsoft.AspNetCore.Http;

namespace ServerlessCLM.KilledApp;

/// <summary>What a step leaves: a row under the order, named after the step.</summary>
/// <param name="Order">Whose.</param>
/// <param name="Name">Which; no order has two of the same.</param>
public sealed record Step(string Order, string Name);

/// <summary>An order: two steps one after the other, a short wait, three at once in an orchestration of their own, a last one.</summary>
public sealed class Orders(TableClient table)
{
    /// <summary>Rows that each order ends with.</summary>
    public const int Steps = 6;

    /// <summary>Takes an order; one that was taken before is not taken again.</summary>
    [Function("TakeOrder")]
    public static async Task<IResult> TakeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "orders/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        if (await client.GetInstanceAsync(id) is null)
        {
            try
            {
                await client.ScheduleNewOrchestrationInstanceAsync("Order", id, new StartOrchestrationOptions(id));
            }
            catch (OrchestrationAlreadyExistsException)
            {
                // Asked for twice at once: the other was faster.
            }
        }

        return Results.Accepted();
    }

    [Function("Order")]
    public static async Task<int> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var order = context.GetInput<string>()!;
        var done = await context.CallActivityAsync<int>("Leave", new Step(order, "first"));
        done += await context.CallActivityAsync<int>("Leave", new Step(order, "second"));
        await context.CreateTimer(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        done += await context.CallSubOrchestratorAsync<int>("Parts", order);
        return done + await context.CallActivityAsync<int>("Leave", new Step(order, "last"));
    }

    [Function("Parts")]
    public static async Task<int> RunPartsAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var order = context.GetInput<string>()!;
        var parts = await Task.WhenAll(Enumerable.Range(0, 3).Select(part => context.CallActivityAsync<int>("Leave", new Step(order, $"part {part}"))));
        return parts.Sum();
    }

    /// <summary>Writes the step's row; one that an earlier, killed run has written is left as it is.</summary>
    /// <returns>1, so that the order's result counts what it waited for.</returns>
    [Function("Leave")]
    public async Task<int> LeaveAsync([ActivityTrigger] Step step)
    {
        ArgumentNullException.ThrowIfNull(step);
        try
        {
            await table.AddEntityAsync(new TableEntity(step.Order, step.Name));
        }
        catch (RequestFailedException known) when (known.Status == 409)
        {
            // An activity runs at least once.
        }

        return 1;
    }
}
