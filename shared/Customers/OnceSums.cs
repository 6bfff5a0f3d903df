using System.Numerics;
using Azure;

namespace ServerlessCLM.Customers;

/// <summary>What one cause adds to sums.</summary>
/// <param name="Row">Named by the cause: it is added with the sums, and where it is there already nothing is added.</param>
/// <param name="Changes">By row of the sum; at most twelve.</param>
internal readonly record struct OnceAddition<T>(string Row, IReadOnlyCollection<KeyValuePair<string, T>> Changes);

/// <summary>
/// Adds to sums in the rows of a partition, each addition exactly once however often it comes: its row is added in the same transaction as the
/// sums, and a transaction with a row that is there already fails as a whole.
/// </summary>
/// <param name="read">A sum as its row has it.</param>
/// <param name="write">Puts a sum into its row.</param>
internal sealed class OnceSums<T>(TableClient table, Func<TableEntity, T> read, Action<TableEntity, T> write) where T : struct, IAdditionOperators<T, T, T>
{
    /// <summary>Additions of one transaction, which holds 100 rows.</summary>
    private const int Batch = 8;

    public async Task AddAsync(string partition, IEnumerable<OnceAddition<T>> additions, CancellationToken cancellation)
    {
        foreach (var chunk in additions.DistinctBy(each => each.Row).Chunk(Batch))
            await AddAsync(partition, chunk, cancellation);
    }

    private async Task AddAsync(string partition, OnceAddition<T>[] additions, CancellationToken cancellation)
    {
        while (true)
        {
            var actions = new List<TableTransactionAction>();
            var changes = new Dictionary<string, T>(StringComparer.Ordinal);
            foreach (var addition in additions)
            {
                if (await table.GetEntityIfExistsAsync<TableEntity>(partition, addition.Row, cancellationToken: cancellation) is { HasValue: true })
                    continue;

                actions.Add(new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(partition, addition.Row)));
                foreach (var (row, change) in addition.Changes)
                    changes[row] = changes.GetValueOrDefault(row) + change;
            }

            if (actions.Count == 0)
                return;

            foreach (var (row, change) in changes)
            {
                var known = await table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellation);
                actions.Add(known is { HasValue: true, Value: { } entity }
                    ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, Written(partition, row, read(entity) + change), entity.ETag)
                    : new TableTransactionAction(TableTransactionActionType.Add, Written(partition, row, change)));
            }

            try
            {
                await table.SubmitTransactionAsync(actions, cancellation);
                return;
            }
            catch (RequestFailedException faster) when (faster.Status is 409 or 412)
            {
                // Another worker counted some of these or others: look again at what is left.
            }
        }
    }

    private TableEntity Written(string partition, string row, T sum)
    {
        var entity = new TableEntity(partition, row);
        write(entity, sum);
        return entity;
    }
}
