using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Decisions.Learning;

/// <summary>Shadow prices of a strategy's budgets, as the last solution found them.</summary>
/// <param name="At">When.</param>
/// <param name="Version">The strategy's version.</param>
/// <param name="Prices">Value per unit, by budget.</param>
/// <param name="Gap">Share of the bound on the best plan that the plan does not reach.</param>
/// <param name="Customers">Customers in the sample.</param>
/// <param name="Share">Sampled customers over the decisions expected until the periods end; limits were scaled by it.</param>
/// <param name="Left">What was left of each budget; null in what was published before it was kept.</param>
public sealed record PriceSolution(
    DateTimeOffset At, int Version, IReadOnlyDictionary<string, double> Prices, double Gap, int Customers, IReadOnlyDictionary<string, double> Share,
    IReadOnlyDictionary<string, double>? Left = null)
{
    /// <summary>What remains is meant for fewer and fewer days: where something is used daily, where nothing is.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromDays(1), LastingUnused = TimeSpan.FromDays(7);

    /// <summary>As a share of the limit.</summary>
    private const double Moved = 0.02;

    /// <summary>Whether the prices still say what an hour's new solution would: they are of today, or of this week where nothing was used, and what is left of the budgets has hardly moved.</summary>
    public bool Holds(Strategy strategy, IReadOnlyDictionary<string, double> left, DateTimeOffset now)
    {
        if (Left is not { } before || Version != strategy.Version || now < At || strategy.Budgets.Any(budget => !before.ContainsKey(budget.Id)))
            return false;

        var lasting = strategy.Budgets.All(budget => before[budget.Id] == left[budget.Id]) ? LastingUnused : Lasting;
        return now - At < lasting && strategy.Budgets.All(budget => Math.Abs(before[budget.Id] - left[budget.Id]) <= Moved * (double)budget.Limit);
    }
}

/// <summary>Where the solutions are kept for arbitration to read: the latest of each strategy.</summary>
public sealed class PublishedPrices(CustomerTables tables, ProductOptions options)
{
    private const string Solution = "Solution";

    private string Partition => $"{options.Tenant}|prices";

    public async Task<PriceSolution?> FindAsync(string strategy, CancellationToken cancellation)
    {
        var found = await tables.Budgets.GetEntityIfExistsAsync<TableEntity>(Partition, strategy, cancellationToken: cancellation);
        return found is { HasValue: true, Value: { } entity } ? JsonSerializer.Deserialize(entity.GetString(Solution)!, PricesJson.Default.PriceSolution) : null;
    }

    public Task PublishAsync(string strategy, PriceSolution solution, CancellationToken cancellation) => tables.Budgets.UpsertEntityAsync(
        new TableEntity(Partition, strategy) { [Solution] = JsonSerializer.Serialize(solution, PricesJson.Default.PriceSolution) }, TableUpdateMode.Replace, cancellation);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(PriceSolution))]
public sealed partial class PricesJson : JsonSerializerContext;
