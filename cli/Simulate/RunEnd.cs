using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Cli.Simulate;

/// <summary>The end of a run, for those who look it through; the product is still there.</summary>
/// <param name="Product">At rest.</param>
/// <param name="Workload">What went on.</param>
/// <param name="Answers">What the product has answered.</param>
/// <param name="Mailbox">What it has handed over.</param>
/// <param name="Partitions">What it knows of each customer.</param>
internal sealed record RunEnd(
    SimulatedProduct Product, Workload Workload, Answers Answers, Mailbox Mailbox, IReadOnlyDictionary<string, CustomerPartition> Partitions)
{
    /// <summary>Partitions of those who were not erased.</summary>
    public IEnumerable<CustomerPartition> Living => Partitions.Values.Where(partition => partition.Erased is null);

    public static async Task<RunEnd> ReadAsync(SimulatedProduct product, Workload workload, Answers answers, Mailbox mailbox, CancellationToken cancellation)
    {
        var partitions = new SortedDictionary<string, CustomerPartition>(StringComparer.Ordinal);
        foreach (var customer in workload.Customers)
        {
            if (await product.Get<CustomerStore>().ReadAsync(CustomerId.Parse(customer), cancellation) is { } partition)
                partitions[customer] = partition;
        }

        return new RunEnd(product, workload, answers, mailbox, partitions);
    }

    /// <summary>Everything on a hub, partition by partition in the order of each.</summary>
    public List<EventData> Hub(string hub)
    {
        var events = new List<EventData>();
        foreach (var log in Product.Get<EventHubsNamespace>().GetHub(hub).Partitions)
            log.ReadFrom(0).Read(events, int.MaxValue);
        return events;
    }
}
