using ServerlessCLM.Customers;
using ServerlessCLM.Experiments;
using ServerlessCLM.Governance;
using ServerlessCLM.Models;

namespace ServerlessCLM.Decisions.Learning;

/// <summary>A customer of a sample, as known.</summary>
public sealed record SampledCustomer(CustomerId Id, CustomerSnapshot Snapshot, DecisionHistory History)
{
    /// <summary>Whether a strategy decides on the customer.</summary>
    public bool IsFor(Strategy strategy) => strategy.Jurisdiction is not { } jurisdiction || jurisdiction == (string?)Snapshot.Profile["country"];

    /// <summary>What a decision would be a function of, were it made now without being asked for.</summary>
    public DecisionCase CaseOf(ReadyStrategy strategy, PolicySet policies, UniversalHoldout holdout)
    {
        var source = strategy.Strategy.Source;
        var held = source.Holdout is > 0 and var share && new UniversalHoldout(source.Id, share).Holds(Id.Value);
        return new DecisionCase($"sample {Id}", strategy, Snapshot, policies, new DecisionRequest(), new DecisionGroups(holdout.Holds(Id.Value), held, []));
    }
}

/// <summary>Some customers for all.</summary>
/// <param name="Customers">In the order of their ids.</param>
/// <param name="Population">About how many customers there are.</param>
public sealed record CustomerSample(IReadOnlyList<SampledCustomer> Customers, double Population);

/// <summary>Takes samples of customers by what their ids hash to, so that a few partitions of the table are read and all customers are equally likely.</summary>
public sealed class CustomerSampler(CustomerStore store, LiveModels models)
{
    private const int Prefixes = 256;

    /// <param name="most">Customers at the most.</param>
    /// <param name="seed">The same seed, the same customers.</param>
    /// <param name="now">The clock.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<CustomerSample> TakeAsync(int most, ulong seed, DateTimeOffset now, CancellationToken cancellation)
    {
        var (listed, visited) = (new List<CustomerId>(), 0);
        foreach (var prefix in Enumerable.Range(0, Prefixes).OrderBy(prefix => Digest64.Of($"{prefix}", seed)))
        {
            await foreach (var customer in store.ListAsync((byte)prefix, cancellation))
                listed.Add(customer);
            visited++;
            if (listed.Count >= most)
                break;
        }

        var live = await models.GetAsync(cancellation);
        var customers = new List<SampledCustomer>();
        foreach (var customer in listed.OrderBy(customer => Digest64.Of(customer.Value, seed)).Take(most).OrderBy(customer => customer.Value, StringComparer.Ordinal))
        {
            var read = await store.UpdateAsync(customer, session => session.Erased is null && session.Exists
                ? new SampledCustomer(customer, CustomerSnapshot.Of(session, live, now), DecisionHistory.Of(session))
                : null, cancellation, CustomerSnapshot.Rows);
            if (read.Result is { } sampled)
                customers.Add(sampled);
        }

        return new CustomerSample(customers, listed.Count * (double)Prefixes / visited);
    }
}
