using System.Globalization;
using Azure;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Messages.Drafting;

/// <summary>
/// Tokens spent on one UTC day, by the institution and for each customer, over all instances: two rows of one partition, changed together.
/// What a call may cost at the most is taken before it, and what it did not cost is given back after it.
/// </summary>
public sealed class TokenBudget(CustomerTables tables, ProductOptions product, DraftingOptions options, TimeProvider time)
{
    private const string Everybody = "all", Spent = "Spent";
    private const int MaxAttempts = 20;

    /// <summary>Takes tokens.</summary>
    /// <returns>Null, or why there are not enough.</returns>
    public async Task<string?> TakeAsync(CustomerId customer, int tokens, CancellationToken cancellation)
    {
        var refusal = "";
        var taken = await ChangeAsync(customer, tokens, (all, mine) =>
        {
            refusal = all + tokens > options.TokensPerDay ? "the day's tokens are spent" : "the customer's tokens of the day are spent";
            return all + tokens <= options.TokensPerDay && mine + tokens <= options.TokensPerCustomer;
        }, cancellation);
        return taken ? null : refusal;
    }

    /// <summary>Gives back what was taken and not used.</summary>
    public Task ReturnAsync(CustomerId customer, int tokens, CancellationToken cancellation) =>
        tokens == 0 ? Task.CompletedTask : ChangeAsync(customer, -tokens, static (_, _) => true, cancellation);

    private async Task<bool> ChangeAsync(CustomerId customer, int by, Func<long, long, bool> allowed, CancellationToken cancellation)
    {
        var partition = string.Create(CultureInfo.InvariantCulture, $"{product.Tenant}|{time.GetUtcNow():yyyy-MM-dd}");
        // A digest: the table outlives an erasure.
        var row = string.Create(CultureInfo.InvariantCulture, $"customer|{Digest64.Of(customer.Value):x16}");
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var (all, allTag) = await ReadAsync(partition, Everybody, cancellation);
            var (mine, mineTag) = await ReadAsync(partition, row, cancellation);
            if (!allowed(all, mine))
                return false;

            try
            {
                await tables.Budgets.SubmitTransactionAsync(
                    [Write(partition, Everybody, all + by, allTag), Write(partition, row, mine + by, mineTag)], cancellation);
                return true;
            }
            catch (RequestFailedException other) when (other.Status is 409 or 412)
            {
                // Another instance was faster; look again.
            }
        }

        throw new InvalidOperationException($"the token budget of {partition} was changed by others during {MaxAttempts} attempts; try again");
    }

    private async Task<(long Spent, ETag? Tag)> ReadAsync(string partition, string row, CancellationToken cancellation)
    {
        var found = await tables.Budgets.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellation);
        return found is { HasValue: true, Value: { } entity } ? (entity.GetInt64(Spent) ?? 0, entity.ETag) : (0, null);
    }

    private static TableTransactionAction Write(string partition, string row, long spent, ETag? tag)
    {
        var entity = new TableEntity(partition, row) { [Spent] = Math.Max(0, spent) };
        return tag is { } known
            ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, entity, known)
            : new TableTransactionAction(TableTransactionActionType.Add, entity);
    }
}
