using System.Reflection;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Functions;

/// <summary>What a load balancer and a new reader ask first.</summary>
public sealed class Health(CustomerTables tables, ProductOptions options)
{
    private static readonly string Version =
        typeof(Health).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <remarks>Healthy means that storage answers.</remarks>
    [Function("Health")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request, CancellationToken cancellation)
    {
        await tables.Requests.GetEntityIfExistsAsync<TableEntity>($"{options.Tenant}|health", "health", cancellationToken: cancellation);
        return Results.Text($$"""{"status":"healthy","version":"{{Version}}"}""", "application/json");
    }

    [Function("OpenApi")]
    public async Task<IResult> OpenApiAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.json")] HttpRequest request, CancellationToken cancellation)
    {
        await using var document = typeof(Health).Assembly.GetManifestResourceStream("openapi.json")
            ?? throw new InvalidOperationException("openapi.json is not part of the build");
        using var reader = new StreamReader(document);
        return Results.Text(await reader.ReadToEndAsync(cancellation), "application/json");
    }
}
