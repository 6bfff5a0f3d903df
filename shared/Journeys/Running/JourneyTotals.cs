using System.Globalization;
using System.Text.Json;
using Azure;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Journeys;

/// <summary>How many went through a journey's version, by node.</summary>
public sealed record JourneyFigures
{
    public long Entered { get; init; }

    public long Goals { get; init; }

    public double Value { get; init; }

    /// <summary>How many ended, by how.</summary>
    public Dictionary<string, long> Ended { get; init => field = value ?? []; } = [];

    public Dictionary<string, StepFigures> Nodes { get; init => field = value ?? []; } = [];

    /// <summary>Those who are in it now.</summary>
    public long Running => Entered - Ended.Values.Sum();

    public void Add(JourneyFigures other)
    {
        foreach (var (name, count) in other.Ended)
            Ended[name] = Ended.GetValueOrDefault(name) + count;
        foreach (var (name, figures) in other.Nodes)
            Nodes[name] = Nodes.GetValueOrDefault(name) + figures;
    }
}

/// <summary>Of one node.</summary>
/// <param name="Reached">How often it was reached.</param>
/// <param name="Left">How often it was left.</param>
/// <param name="Customers">Runs that reached it.</param>
/// <param name="Converted">Of them those that reached the goal.</param>
public readonly record struct StepFigures(long Reached, long Left, long Customers, long Converted)
{
    public static StepFigures operator +(StepFigures one, StepFigures other) =>
        new(one.Reached + other.Reached, one.Left + other.Left, one.Customers + other.Customers, one.Converted + other.Converted);
}

/// <summary>
/// The figures of journeys, each count taken exactly once however often it comes: its id is a row added in the same transaction as the figures, and a
/// transaction with a row that is there already fails as a whole.
/// </summary>
/// <remarks>Customers spread over shards, one table partition each.</remarks>
public sealed class JourneyTotals(CustomerTables tables, ProductOptions options, TimeProvider time)
{
    public const int Shards = 16;

    /// <summary>Days for which ids are remembered; the stream keeps events for seven, and effects are sent within minutes of their commit.</summary>
    public const int RememberedDays = 30;

    private const string Total = "total", Figures = "Figures", Applied = "applied|";

    /// <summary>Counts of one transaction: a row each, and one for the figures.</summary>
    private const int Batch = 90;

    public async Task AddAsync(IEnumerable<(CustomerId Customer, JourneyCount Count)> counts, CancellationToken cancellation)
    {
        foreach (var partition in counts.GroupBy(each => Partition(each.Count.Journey, each.Count.Version, (int)(Digest64.Of(each.Customer.Value) % Shards))))
        {
            foreach (var chunk in partition.Select(each => each.Count).DistinctBy(count => count.Id).Chunk(Batch))
                await AddAsync(partition.Key, chunk, cancellation);
        }
    }

    /// <summary>The figures of a version.</summary>
    public async Task<JourneyFigures> ReadAsync(string journey, int version, CancellationToken cancellation)
    {
        var (sum, entered, goals, value) = (new JourneyFigures(), 0L, 0L, 0.0);
        for (var shard = 0; shard < Shards; shard++)
        {
            var (figures, _) = await ReadAsync(Partition(journey, version, shard), cancellation);
            sum.Add(figures);
            (entered, goals, value) = (entered + figures.Entered, goals + figures.Goals, value + figures.Value);
        }

        return sum with { Entered = entered, Goals = goals, Value = value };
    }

    /// <summary>Forgets ids that cannot come again.</summary>
    public async Task ForgetAsync(string journey, int version, CancellationToken cancellation)
    {
        var before = string.Create(CultureInfo.InvariantCulture, $"{Applied}{time.GetUtcNow().UtcDateTime.AddDays(-RememberedDays):yyyyMMdd}");
        for (var shard = 0; shard < Shards; shard++)
        {
            var partition = Partition(journey, version, shard);
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {Applied} and RowKey lt {before}");
            await foreach (var entity in tables.Journeys.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellation))
                await CustomerTables.DeleteAsync(tables.Journeys, partition, entity.RowKey, cancellation);
        }
    }

    private async Task AddAsync(string partition, JourneyCount[] counts, CancellationToken cancellation)
    {
        while (true)
        {
            var fresh = new List<JourneyCount>();
            foreach (var count in counts)
            {
                if (!await IsKnownAsync(partition, count, cancellation))
                    fresh.Add(count);
            }

            if (fresh.Count == 0)
                return;

            var (known, version) = await ReadAsync(partition, cancellation);
            var entity = new TableEntity(partition, Total) { [Figures] = JsonSerializer.Serialize(With(known, fresh), JourneyCountJson.Default.JourneyFigures) };
            var actions = fresh.Select(count => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(partition, RowOf(count)))).ToList();
            actions.Add(version is { } seen
                ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, entity, seen)
                : new TableTransactionAction(TableTransactionActionType.Add, entity));
            try
            {
                await tables.Journeys.SubmitTransactionAsync(actions, cancellation);
                return;
            }
            catch (RequestFailedException faster) when (faster.Status is 409 or 412)
            {
                // Another worker counted some of these or others: look again at what is left.
            }
        }
    }

    private static JourneyFigures With(JourneyFigures known, IReadOnlyList<JourneyCount> counts)
    {
        var (nodes, ended) = (new Dictionary<string, StepFigures>(known.Nodes), new Dictionary<string, long>(known.Ended));
        void Count(IEnumerable<string> names, StepFigures one)
        {
            foreach (var name in names)
                nodes[name] = nodes.GetValueOrDefault(name) + one;
        }

        foreach (var count in counts)
        {
            Count(count.Reached, new StepFigures(1, 0, 0, 0));
            Count(count.Left, new StepFigures(0, 1, 0, 0));
            Count(count.First, new StepFigures(0, 0, 1, 0));
            Count(count.Converted, new StepFigures(0, 0, 0, 1));
            if (count.Ended is { } how)
                ended[how] = ended.GetValueOrDefault(how) + 1;
        }

        return known with
        {
            Entered = known.Entered + counts.Sum(count => count.Entered), Goals = known.Goals + counts.Sum(count => count.Goals), Value = known.Value + counts.Sum(count => count.Value),
            Nodes = nodes, Ended = ended,
        };
    }

    private async Task<bool> IsKnownAsync(string partition, JourneyCount count, CancellationToken cancellation) =>
        await tables.Journeys.GetEntityIfExistsAsync<TableEntity>(partition, RowOf(count), cancellationToken: cancellation) is { HasValue: true };

    private async Task<(JourneyFigures Figures, ETag? Version)> ReadAsync(string partition, CancellationToken cancellation) =>
        await tables.Journeys.GetEntityIfExistsAsync<TableEntity>(partition, Total, cancellationToken: cancellation) is { HasValue: true, Value: { } entity }
            ? (JsonSerializer.Deserialize(entity.GetString(Figures)!, JourneyCountJson.Default.JourneyFigures)!, entity.ETag)
            : (new JourneyFigures(), null);

    private static string RowOf(JourneyCount count) => string.Create(CultureInfo.InvariantCulture, $"{Applied}{count.At.UtcDateTime:yyyyMMdd}|{count.Id}");

    private string Partition(string journey, int version, int shard) => string.Create(CultureInfo.InvariantCulture, $"{options.Tenant}|{journey}|{version}|{shard:x}");
}
