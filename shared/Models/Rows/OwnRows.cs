using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using ServerlessCLM.Customers;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Models;

/// <summary>A prediction as it was made: the features as they stood and what each version said of them.</summary>
public sealed record Prediction(Snapshot Snapshot, IReadOnlyDictionary<string, double> Scores);

/// <summary>What one of the bank's own customers teaches.</summary>
/// <param name="Id">Who.</param>
/// <param name="Timeline">What became known of them.</param>
/// <param name="Predictions">Oldest first.</param>
/// <param name="Groups">Protected attributes and values, for fairness alone; empty where none were given.</param>
public sealed record OwnCustomer(CustomerId Id, Timeline Timeline, IReadOnlyList<Prediction> Predictions, IReadOnlyDictionary<string, string> Groups);

/// <summary>
/// The product's own training rows, read where they are kept: in each customer's partition, sealed, gone with the customer. Nothing is
/// copied anywhere.
/// </summary>
public sealed class OwnRows(CustomerStore store, ProductOptions options, TimeProvider time)
{
    private const int Readers = 16;

    /// <summary>Customers with a prediction, at most so many; where there are more, those of the first hash prefixes stand for all.</summary>
    /// <param name="most">Customers looked at, to the end of their prefix.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<IReadOnlyList<OwnCustomer>> ReadAsync(int most, CancellationToken cancellation)
    {
        var (customers, looked) = (new List<OwnCustomer>(), 0);
        for (var prefix = 0; prefix < 256 && looked < most; prefix++)
        {
            var (listed, found) = await ReadAsync((byte)prefix, cancellation);
            looked += listed;
            customers.AddRange(found);
        }

        return [.. customers.OrderBy(customer => customer.Id.Value, StringComparer.Ordinal)];
    }

    /// <summary>Customers of a hash prefix with a prediction, and how many there are in all.</summary>
    public async Task<(int Looked, IReadOnlyList<OwnCustomer> Found)> ReadAsync(byte prefix, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var (customers, looked) = (new List<OwnCustomer>(), 0);
        var gate = new Lock();
        await Parallel.ForEachAsync(store.ListAsync(prefix, cancellation), new ParallelOptions { MaxDegreeOfParallelism = Math.Min(Readers, options.CommitConcurrency), CancellationToken = cancellation },
            async (id, token) =>
            {
                Interlocked.Increment(ref looked);
                // Most of a partition is not about predictions: it is read only where there are some.
                if (!await store.ReadRowsAsync(id, CustomerRows.PredictionPrefix, token).AnyAsync(token)
                    || await store.ReadAsync(id, token) is not { Block: not null } partition || Of(partition, now) is not { Predictions.Count: > 0 } customer)
                    return;

                lock (gate)
                    customers.Add(customer);
            });
        return (looked, [.. customers.OrderBy(customer => customer.Id.Value, StringComparer.Ordinal)]);
    }

    /// <summary>What a partition teaches.</summary>
    public static OwnCustomer Of(CustomerPartition partition, long now)
    {
        var predictions = new List<Prediction>();
        foreach (var (key, plain) in partition.Rows.Where(row => row.Key.StartsWith(CustomerRows.PredictionPrefix, StringComparison.Ordinal)))
        {
            var row = JsonSerializer.Deserialize(plain, ScoringJson.Default.PredictionRow) ?? throw new InvalidDataException($"{partition.Customer} {key}: is empty");
            if (PredictionLog.VectorOf(row) is { } vector)
                predictions.Add(new Prediction(new Snapshot(partition.Customer.Value, row.At.ToUnixTimeMilliseconds(), vector), row.Scores));
        }

        var clock = (string?)partition.Of(CustomerRows.Profile).FirstOrDefault()?["members"]?["timeZone"] is { } zone ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) : null;
        var happenings = partition.Of(CustomerRows.LifecyclePrefix).Select(Lifecycle)
            .Concat(partition.Of(CustomerRows.OutcomePrefix).Select(row => Answer(row, clock)))
            .Concat(predictions.Select(prediction => Timeline.SpentBefore(prediction.Snapshot.At, prediction.Snapshot.Vector)))
            .Concat(partition.Of(CustomerRows.SignalPrefix).Where(row => (string)row["name"]! == Timeline.Dormant).Select(row => new Happening(At(row), Timeline.Dormant)));
        var groups = partition.Of(CustomerRows.ProtectedGroups).FirstOrDefault()?.AsObject()
            .ToDictionary(group => group.Key, group => (string)group.Value!, StringComparer.Ordinal);
        return new OwnCustomer(partition.Customer, new Timeline(happenings, now), [.. predictions.OrderBy(each => each.Snapshot.At)],
            groups ?? new Dictionary<string, string>(StringComparer.Ordinal));
    }

    private static Happening Lifecycle(JsonNode row)
    {
        var details = row["details"];
        double? part = Number(details?["exposure"]) is > 0 and var exposure && Number(details?["recovered"]) is { } recovered
            ? Math.Clamp(recovered / exposure, 0, 1)
            : null;
        return new Happening(At(row), (string)row["name"]!, details?["product"] is JsonValue product && product.TryGetValue(out string? name) ? name : null, part);
    }

    private static Happening Answer(JsonNode row, DateTimeZone? clock) => new(At(row), (string)row["outcome"]!, (string?)row["action"])
    {
        Channel = (string?)row["channel"], Hour = clock is null ? null : NodaTime.Instant.FromUnixTimeMilliseconds(At(row)).InZone(clock).Hour,
    };

    private static double? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out double number) ? number : null;

    private static long At(JsonNode row) => row["at"]!.GetValue<DateTimeOffset>().ToUnixTimeMilliseconds();
}
