using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Scoring;
using ServerlessCLM.Tests.Emulator;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Faults;

/// <summary>
/// Two instances share storage and hubs, as when a partition moves from one to the other: batches come to both at once, and late to the
/// second, whose memory of the customers is old by then. Everything must end as with one instance and one delivery.
/// </summary>
public class OverlapTests
{
    private const string RelayAtOnce = "--Clm:RelayAfter=00:00:00";
    private const int Customers = 24, Payments = 1200;

    [Theory(Timeout = 120_000)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Batches_delivered_to_two_instances_at_once_or_late_change_nothing(int seed)
    {
        await using var alone = await Product.StartAsync(SmallBatches, null, RelayAtOnce);
        await StreamAsync(alone, seed);

        Product? second = null;
        var overlap = new OverlappingDelivery(seed, delivery => RunAsync(second!, delivery));
        await using var first = await Product.StartAsync(services =>
        {
            SmallBatches(services);
            services.AddSingleton(overlap);
        }, null, RelayAtOnce);
        await using var beside = second = Product.Beside(first);
        await StreamAsync(first, seed);
        await overlap.SettleAsync();

        Assert.True(overlap is { AtOnce: > 3, Late: > 3 }, $"seed {seed}: {overlap.AtOnce} at once, {overlap.Late} late: too few to tell");
        // Whoever lost the race of sending has left nothing behind for good.
        foreach (var product in new[] { alone, first })
            await product.Get<Outbox>().RelayAsync(CancellationToken.None);

        for (var customer = 0; customer < Customers; customer++)
            Assert.Equal(await StateAsync(alone, customer), await StateAsync(first, customer));
        Assert.Equal(Sent(alone), Sent(first));
        Assert.NotEmpty(Sent(first));
    }

    /// <summary>Payments of some customers, also late and repeated ones, in the order that the seed gives; returns when all have been scored.</summary>
    private static async Task StreamAsync(Product product, int seed)
    {
        var random = new Rng((ulong)seed);
        var producer = new EventHubProducerClient(product.Get<EventHubsNamespace>(), EventStreams.TransactionsHub);
        for (var i = 0; i < Payments; i++)
        {
            var customer = $"C-{random.Below(Customers)}";
            var id = random.Below(10) == 0 ? $"{i - 1}" : $"{i}";
            var payment = Product.Payment(customer, id, Product.Now.AddDays(-50).AddHours(i - random.Below(300)), (random.Below(2000) - 1500) / 10m,
                kind: (PaymentKind)random.Below(10), balance: random.Below(3) == 0 ? random.Below(3000) : null, mcc: random.Below(6) == 0 ? "3001" : "5411");
            await producer.SendAsync([new EventData(payment)], new SendEventOptions { PartitionKey = customer });
        }

        await product.DrainAsync(EventStreams.TransactionsHub).WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>The second instance runs the function that the first one's trigger runs.</summary>
    private static Task RunAsync(Product instance, BatchDelivery delivery) =>
        instance.Get<FunctionInvoker>().InvokeAsync(
            instance.Get<FunctionCatalogue>().Get(delivery.Function.Name)!, delivery.Value, delivery.BindingData, retryCount: 0, CancellationToken.None);

    private static async Task<string[]> StateAsync(Product product, int customer)
    {
        var partition = await product.Get<CustomerStore>().ReadAsync(CustomerId.Parse($"C-{customer}"), CancellationToken.None);
        Assert.NotNull(partition);
        Assert.Empty(partition.Of(CustomerRows.OutboxPrefix));
        return [Convert.ToHexString(partition.Block!), .. partition.Of(CustomerRows.SignalPrefix).Select(row => row.ToJsonString())];
    }

    /// <summary>Ids on the signals hub; one that was sent again has the id of the first.</summary>
    private static string[] Sent(Product product) =>
    [
        .. product.Get<EventHubsNamespace>().ReadAll(EventStreams.SignalsHub)
            .Select(sent => (string)JsonNode.Parse(sent.EventBody.ToMemory().Span)!["id"]!).Distinct().Order(StringComparer.Ordinal),
    ];

    private static void SmallBatches(IServiceCollection services) =>
        services.AddSingleton(new HostConfiguration { EventHubs = new() { MaxEventBatchSize = 10 } });
}
