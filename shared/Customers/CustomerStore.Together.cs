using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Customers;

public sealed partial class CustomerStore
{
    /// <summary>
    /// Loads several customers, changes them together, and commits each by itself. Those that another worker changed meanwhile are
    /// loaded and changed again, without the others.
    /// </summary>
    /// <param name="customers">None twice.</param>
    /// <param name="change">A result for each session that it is given. Pure: it may run several times, over fewer sessions each.</param>
    /// <param name="cancellation">Stops between commits.</param>
    /// <returns>A commit for each customer, in their order.</returns>
    /// <exception cref="CustomerConflictException">Others were faster on every attempt.</exception>
    public async Task<Commit<T>[]> UpdateTogetherAsync<T>(
        IReadOnlyList<CustomerId> customers, Func<IReadOnlyList<CustomerSession>, IReadOnlyList<T>> change, CancellationToken cancellation)
    {
        var commits = new Commit<T>[customers.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.CommitConcurrency, CancellationToken = cancellation };
        var open = customers.Select((customer, place) => new Update(place, customer, customer.PartitionKey(options.Tenant))).ToList();
        for (var attempt = 0; attempt < MaxAttempts && open.Count > 0; attempt++)
        {
            await Parallel.ForEachAsync(open, parallel, async (update, token) =>
                (update.Loaded, update.Session) = await OpenAsync(update.Customer, update.PartitionKey, [], token));

            var results = change([.. open.Select(update => update.Session!)]);
            await Parallel.ForEachAsync(open.Zip(results), parallel, async (item, token) =>
            {
                var (update, result) = item;
                OutboxEntry? outbox = null;
                update.Done = !update.Session!.Changed;
                if (!update.Done)
                    (update.Done, outbox) = await CommitAsync(update.Customer, update.PartitionKey, update.Loaded, update.Session, token);
                if (update.Done)
                    commits[update.Place] = new Commit<T>(result, outbox is null || update.Stale.Count == 0 ? outbox : outbox with { StaleIntents = update.Stale });
                else if (outbox is not null)
                    update.Stale.Add(outbox.IntentKey);
            });
            open.RemoveAll(update => update.Done);
            ProductMetrics.Retried(open.Count);
        }

        return open.Count == 0 ? commits : throw new CustomerConflictException(_pseudonyms.Of(open[0].Customer), MaxAttempts);
    }

    private sealed class Update(int place, CustomerId customer, string partitionKey)
    {
        public int Place => place;

        public CustomerId Customer => customer;

        public string PartitionKey => partitionKey;

        public Loaded? Loaded { get; set; }

        public CustomerSession? Session { get; set; }

        /// <summary>Intents of attempts that did not commit.</summary>
        public List<string> Stale { get; } = [];

        public bool Done { get; set; }
    }
}
