using System.Globalization;
using ServerlessCLM.Customers;
using ServerlessCLM.Experiments;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Decisions.Learning;

/// <summary>
/// Prices budgets: what is left of them is shared out over a sample of customers as if each were decided on now, with as much of it as their share of
/// the decisions expected until the period ends.
/// </summary>
public sealed class BudgetPricing(
    CustomerSampler sampler, LiveStrategies strategies, PublishedPrices prices, Policies policies, UniversalHoldout holdout, TimeProvider time)
{
    public const int SampleSize = 1000;

    /// <summary>Decisions of so many days say how many are to be expected.</summary>
    private const int RateDays = 7;

    /// <summary>Solves and publishes for every strategy in force that has budgets, where the prices of before do not hold any more.</summary>
    /// <returns>The strategies priced, by name.</returns>
    public async Task<IReadOnlyList<(string Strategy, PriceSolution Solution)>> PriceAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var solved = new List<(string, PriceSolution)>();
        CustomerSample? sample = null;
        foreach (var strategy in await strategies.GetAsync(cancellation))
        {
            var source = strategy.Strategy.Source;
            if (source.Budgets.Count == 0 || (await prices.FindAsync(source.Id, cancellation))?.Holds(source, LeftOf(strategy), now) == true)
                continue;

            sample ??= await sampler.TakeAsync(SampleSize, Digest64.Of(now.ToString("yyyyMMddHH", CultureInfo.InvariantCulture)), now, cancellation);
            var solution = Price(strategy, sample, await policies.GetAsync(cancellation), holdout, now);
            await prices.PublishAsync(source.Id, solution, cancellation);
            solved.Add((strategy.Name, solution));
        }

        return solved;
    }

    /// <summary>Prices of a strategy's budgets. Pure.</summary>
    /// <param name="strategy">The version, with what it has learned and what is left of its budgets.</param>
    /// <param name="sample">Customers for all.</param>
    /// <param name="policies">The packs.</param>
    /// <param name="holdout">Customers who are never touched.</param>
    /// <param name="now">The clock.</param>
    public static PriceSolution Price(ReadyStrategy strategy, CustomerSample sample, PolicySet policies, UniversalHoldout holdout, DateTimeOffset now)
    {
        var source = strategy.Strategy.Source;
        List<SampledCustomer> customers = [.. sample.Customers.Where(customer => customer.IsFor(source))];
        var shares = source.Budgets.ToDictionary(budget => budget.Id, budget => ShareOf(budget, source, customers, sample, now), StringComparer.Ordinal);
        var left = LeftOf(strategy);
        var portfolio = new Portfolio([.. source.Budgets.Select(budget => left[budget.Id] * shares[budget.Id])]);
        var free = strategy.With(strategy.Learning with { Budgets = [] });
        foreach (var customer in customers)
        {
            using var outcome = customer.CaseOf(free, policies, holdout).Decide();
            for (var place = 0; place < outcome.Actions.Length; place++)
            {
                if (outcome.Actions[place] is { Verdict: ActionVerdict.Ranked, Priority: > 0 and var priority })
                    portfolio.Add(priority, strategy.Strategy.Actions[place].Uses);
            }

            portfolio.EndCustomer();
        }

        var plan = ShadowPrices.Solve(portfolio);
        return new PriceSolution(now, source.Version,
            source.Budgets.Select((budget, place) => (budget.Id, Price: plan.Prices[place])).ToDictionary(each => each.Id, each => each.Price, StringComparer.Ordinal),
            plan.Gap, customers.Count, shares, left);
    }

    /// <summary>Sampled customers over decisions expected until the budget's period ends. Where none has been made lately, one of each customer is.</summary>
    private static double ShareOf(Budget budget, Strategy strategy, List<SampledCustomer> customers, CustomerSample sample, DateTimeOffset now)
    {
        if (customers.Count == 0 || !BudgetPeriod.TryRead(budget.Per, out var period))
            return 1;

        var since = now.AddDays(-RateDays);
        var recent = customers.Sum(customer => customer.History.Decisions.Count(decision =>
            decision.At > since && decision.Strategy.StartsWith($"{strategy.Id}@", StringComparison.Ordinal)));
        var population = sample.Population * customers.Count / sample.Customers.Count;
        var perCustomer = recent == 0 ? 1 : recent / (double)customers.Count / RateDays * (period.At(now).End - now).TotalDays;
        return Math.Min(1, customers.Count / Math.Max(population * perCustomer, 1));
    }

    private static Dictionary<string, double> LeftOf(ReadyStrategy strategy) => strategy.Strategy.Source.Budgets.Select((budget, place) => (budget.Id,
        Left: place < strategy.Learning.Budgets.Count ? strategy.Learning.Budgets[place].Left : (double)budget.Limit)).ToDictionary(each => each.Id, each => each.Left, StringComparer.Ordinal);
}
