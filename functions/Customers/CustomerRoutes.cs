using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring.Lifecycle;

namespace ServerlessCLM.Functions.Customers;

/// <summary>One customer over HTTP: look, export, erase.</summary>
public sealed class CustomerRoutes(CustomerStore store, CustomerReference names, LiveModels live, DecisionRecords decisions, StageCensus stages, TimeProvider time)
{
    [Function("GetCustomer")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "customers/{customerId}")] HttpRequest request,
        string customerId, CancellationToken cancellation)
    {
        var asOf = time.GetUtcNow();
        if (request.Query["asOf"].ToString() is { Length: > 0 } text
            && (!Instant.TryParse(text, out asOf) || asOf.Year is < 1971 or > 2148))
            return Problems.Invalid("asOf", "must be an instant like 2026-11-21T12:00:00Z from 1971 to 2148");

        var (partition, problem) = await ReadAsync(customerId, cancellation);
        return problem ?? JsonAnswer.Of(CustomerView.Of(partition!, asOf, await live.GetAsync(cancellation)));
    }

    [Function("ExportCustomer")]
    public async Task<IResult> ExportAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "customers/{customerId}/export")] HttpRequest request,
        string customerId, CancellationToken cancellation)
    {
        var (partition, problem) = await ReadAsync(customerId, cancellation);
        if (problem is not null)
            return problem;

        var export = CustomerView.Export(
            partition!, await store.ReadAuditAsync(partition!.Customer, cancellation) ?? [], time.GetUtcNow(), await live.GetAsync(cancellation));
        var decided = new JsonArray();
        await foreach (var record in decisions.OfAsync(partition.Customer, cancellation))
            decided.Add(JsonNode.Parse(record.ToJson().Json.Span));
        export["decisionRecords"] = decided;
        return JsonAnswer.Of(export);
    }

    [Function("EraseCustomer")]
    public async Task<IResult> EraseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "customers/{customerId}")] HttpRequest request,
        string customerId, CancellationToken cancellation)
    {
        if (!names.TryResolve(customerId, out var customer))
            return Problems.Invalid("customerId", CustomerId.Rule);

        if (await store.EraseAsync(customer, cancellation) is null)
            return Unknown(customer);

        await stages.ForgetAsync(customer, cancellation);
        return Results.NoContent();
    }

    private async Task<(CustomerPartition?, IResult?)> ReadAsync(string customerId, CancellationToken cancellation)
    {
        if (!names.TryResolve(customerId, out var customer))
            return (null, Problems.Invalid("customerId", CustomerId.Rule));

        var partition = await store.ReadAsync(customer, cancellation);
        return partition switch
        {
            null => (null, Unknown(customer)),
            { Erased: { } erased } => (null, Problems.NotFound($"the customer was erased on {erased:yyyy-MM-dd}")),
            _ => (partition, null),
        };
    }

    internal static IResult Unknown(CustomerId customer) => Problems.NotFound("nothing is known of the customer");
}
