using System.Globalization;
using System.Runtime.CompilerServices;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Decisions.AdverseAction;

/// <summary>What is owed to a customer by an instant: a notice or a review.</summary>
/// <param name="Kind">Notice or review.</param>
/// <param name="Customer">To whom.</param>
/// <param name="Id">Id of the notice or review.</param>
/// <param name="DueBy">The last moment.</param>
public readonly record struct Duty(DutyKind Kind, CustomerId Customer, string Id, DateTimeOffset DueBy);

public enum DutyKind { Notice, Review }

/// <summary>
/// Finds what is owed, the most urgent first, without scanning customers. A row is written before the commit that makes the duty and removed after the
/// one that ends it: a row too many is found to be one when it is looked at, one too few does not happen.
/// </summary>
public sealed class DutyIndex(CustomerTables tables, ProductOptions options)
{
    public Task AnnounceAsync(Duty duty, CancellationToken cancellation) =>
        tables.Duties.UpsertEntityAsync(new TableEntity(Partition(duty.Kind), Row(duty)), TableUpdateMode.Replace, cancellation);

    public Task EndAsync(Duty duty, CancellationToken cancellation) =>
        CustomerTables.DeleteAsync(tables.Duties, Partition(duty.Kind), Row(duty), cancellation);

    /// <summary>Duties of a kind that are due at or before an instant, the most urgent first.</summary>
    public async IAsyncEnumerable<Duty> DueAsync(DutyKind kind, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var last = string.Create(CultureInfo.InvariantCulture, $"{until.ToUnixTimeMilliseconds():D15}|~");
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition(kind)} and RowKey le {last}");
        await foreach (var entity in tables.Duties.QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
        {
            // due|id|partition key of the customer, which has bars of its own
            var parts = entity.RowKey.Split('|', 3);
            yield return new Duty(kind, CustomerId.FromPartitionKey(parts[2]), parts[1],
                DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[0], CultureInfo.InvariantCulture)));
        }
    }

    private string Partition(DutyKind kind) => $"{options.Tenant}|{(kind == DutyKind.Notice ? "notice" : "review")}";

    private string Row(Duty duty) =>
        string.Create(CultureInfo.InvariantCulture, $"{duty.DueBy.ToUnixTimeMilliseconds():D15}|{duty.Id}|{duty.Customer.PartitionKey(options.Tenant)}");
}
