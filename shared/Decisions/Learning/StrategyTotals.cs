using System.Globalization;
using ServerlessCLM.Customers;
using ServerlessCLM.Features;

namespace ServerlessCLM.Decisions.Learning;

/// <summary>An answer as it came: its id tells a repetition.</summary>
public readonly record struct AnswerEvent(string Id, CustomerId Customer, AnswerChange Change);

/// <summary>The sums of a strategy.</summary>
/// <param name="Answers">By action and channel, since ever.</param>
/// <param name="Used">Of actions that use budgets, by day of the decision and action.</param>
public sealed record StrategySums(
    IReadOnlyDictionary<(string Action, string Channel), AnswerSums> Answers, IReadOnlyDictionary<(int Day, string Action), AnswerSums> Used)
{
    public static readonly StrategySums None = new(new Dictionary<(string, string), AnswerSums>(), new Dictionary<(int, string), AnswerSums>());
}

/// <summary>
/// What strategies learn from outcomes, and what their choices take from budgets, each answer counted exactly once however often it comes
/// (<see cref="OnceSums{T}"/>).
/// </summary>
/// <remarks>Customers spread over shards, one table partition each. What is learned belongs to the strategy's id and outlives its version.</remarks>
public sealed class StrategyTotals(CustomerTables tables, ProductOptions options)
{
    /// <summary>Few, because every instance reads them all once a minute.</summary>
    public const int Shards = 4;

    /// <summary>Days for which ids are remembered; the stream keeps events for seven, and effects are sent within minutes of their commit.</summary>
    public const int RememberedDays = 60;

    private const string Chosen = "Chosen", Taken = "Taken", Returned = "Returned", Asked = "Asked", Accepted = "Accepted",
        Weight = "Weight", WeightSquares = "WeightSquares", WeightAccepted = "WeightAccepted";

    private readonly OnceSums<AnswerSums> _sums = new(tables.Answers, Read, Write);

    public async Task AddAsync(IEnumerable<AnswerEvent> answers, CancellationToken cancellation)
    {
        foreach (var partition in answers.GroupBy(each => Partition(each.Change.Strategy, (int)(Digest64.Of(each.Customer.Value) % Shards))))
            await _sums.AddAsync(partition.Key, partition.Select(AdditionOf), cancellation);
    }

    /// <param name="strategy">Its id.</param>
    /// <param name="since">The first day of <see cref="StrategySums.Used"/> that is wanted.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<StrategySums> ReadAsync(string strategy, DateTimeOffset since, CancellationToken cancellation)
    {
        var answers = new Dictionary<(string, string), AnswerSums>();
        var used = new Dictionary<(int, string), AnswerSums>();
        var (first, day) = ("answers|", string.Create(CultureInfo.InvariantCulture, $"used|{Days.Of(since.ToUnixTimeMilliseconds()):D6}"));
        for (var shard = 0; shard < Shards; shard++)
        {
            var filter = TableClient.CreateQueryFilter(
                $"PartitionKey eq {Partition(strategy, shard)} and ((RowKey ge {first} and RowKey lt {"answers~"}) or (RowKey ge {day} and RowKey lt {"used~"}))");
            await foreach (var entity in tables.Answers.QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
            {
                var parts = entity.RowKey.Split('|', 3);
                if (parts[0] == "answers")
                    answers[(parts[1], parts[2])] = answers.GetValueOrDefault((parts[1], parts[2])) + Read(entity);
                else
                {
                    var place = (int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]);
                    used[place] = used.GetValueOrDefault(place) + Read(entity);
                }
            }
        }

        return new StrategySums(answers, used);
    }

    /// <summary>Forgets ids that cannot come again.</summary>
    public async Task<int> ForgetAsync(string strategy, DateTimeOffset now, CancellationToken cancellation)
    {
        var forgotten = 0;
        for (var shard = 0; shard < Shards; shard++)
        {
            var partition = Partition(strategy, shard);
            var filter = TableClient.CreateQueryFilter(
                $"PartitionKey eq {partition} and RowKey ge {"applied|"} and RowKey lt {"applied~"} and Timestamp lt {now.AddDays(-RememberedDays)}");
            await foreach (var entity in tables.Answers.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellation))
            {
                await CustomerTables.DeleteAsync(tables.Answers, partition, entity.RowKey, cancellation);
                forgotten++;
            }
        }

        return forgotten;
    }

    private static OnceAddition<AnswerSums> AdditionOf(AnswerEvent each)
    {
        var (change, day) = (each.Change, Days.Of(each.Change.Decided.ToUnixTimeMilliseconds()));
        var changes = new List<KeyValuePair<string, AnswerSums>> { new($"answers|{change.Action}|{change.Channel}", change.Sums) };
        if (change.Sums is { Chosen: not 0 } or { Taken: not 0 } or { Returned: not 0 })
            changes.Add(new(string.Create(CultureInfo.InvariantCulture, $"used|{day:D6}|{change.Action}"), change.Sums));
        return new OnceAddition<AnswerSums>($"applied|{each.Id}", changes);
    }

    private static AnswerSums Read(TableEntity entity) => new(
        entity.GetInt64(Chosen)!.Value, entity.GetInt64(Taken)!.Value, entity.GetInt64(Returned)!.Value, entity.GetInt64(Asked)!.Value,
        entity.GetInt64(Accepted)!.Value, entity.GetDouble(Weight)!.Value, entity.GetDouble(WeightSquares)!.Value, entity.GetDouble(WeightAccepted)!.Value);

    private static void Write(TableEntity entity, AnswerSums sums)
    {
        (entity[Chosen], entity[Taken], entity[Returned], entity[Asked], entity[Accepted]) = (sums.Chosen, sums.Taken, sums.Returned, sums.Asked, sums.Accepted);
        (entity[Weight], entity[WeightSquares], entity[WeightAccepted]) = (sums.Weight, sums.WeightSquares, sums.WeightAccepted);
    }

    private string Partition(string strategy, int shard) => string.Create(CultureInfo.InvariantCulture, $"{options.Tenant}|{strategy}|{shard:x}");
}
