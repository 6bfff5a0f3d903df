using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Messages;

/// <summary>A message named by an index.</summary>
/// <param name="Customer">Whose.</param>
/// <param name="MessageId">Which.</param>
/// <param name="PartitionKey">Of the index row.</param>
/// <param name="RowKey">Of the index row.</param>
public readonly record struct IndexedMessage(CustomerId Customer, string MessageId, string PartitionKey, string RowKey);

/// <summary>
/// Finds messages without scanning customers: those still to be handed over, by the instant at which somebody must look, those that wait for a
/// person, and those of the embedded outbox, newest first. A row is written before the commit that needs it; one too many is found out and removed.
/// </summary>
public sealed class MessageIndex(CustomerTables tables, ProductOptions options)
{
    /// <summary>Partitions that messages to be handed over spread over.</summary>
    public const int Shards = 8;

    private const string Customer = "Customer", Message = "Message";

    /// <summary>Asks for a look at a message at an instant.</summary>
    public Task ScheduleAsync(CustomerId customer, string messageId, DateTimeOffset at, CancellationToken cancellation) =>
        WriteAsync(DuePartition(customer), at.ToUnixTimeMilliseconds(), customer, messageId, cancellation);

    /// <summary>The look asked for at an instant is no longer needed.</summary>
    public Task ClearAsync(CustomerId customer, string messageId, DateTimeOffset at, CancellationToken cancellation) =>
        CustomerTables.DeleteAsync(tables.Messages, DuePartition(customer), RowOf(at.ToUnixTimeMilliseconds(), customer, messageId), cancellation);

    public Task ClearAsync(IndexedMessage found, CancellationToken cancellation) =>
        CustomerTables.DeleteAsync(tables.Messages, found.PartitionKey, found.RowKey, cancellation);

    /// <summary>Messages to be looked at by an instant.</summary>
    public IAsyncEnumerable<IndexedMessage> DueAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var (first, last, row) = ($"{options.Tenant}|due|", $"{options.Tenant}|due|~", string.Create(CultureInfo.InvariantCulture, $"{now.ToUnixTimeMilliseconds() + 1:D15}"));
        return ReadAsync(TableClient.CreateQueryFilter($"PartitionKey ge {first} and PartitionKey le {last} and RowKey lt {row}"), cancellation);
    }

    /// <summary>Puts a message on the list of the embedded outbox.</summary>
    public Task ListAsync(CustomerId customer, string messageId, DateTimeOffset at, CancellationToken cancellation) =>
        WriteAsync(OutboxPartition, Inverted(at), customer, messageId, cancellation);

    /// <summary>The embedded outbox, newest first.</summary>
    public IAsyncEnumerable<IndexedMessage> OutboxAsync(CancellationToken cancellation) =>
        ReadAsync(TableClient.CreateQueryFilter($"PartitionKey eq {OutboxPartition}"), cancellation);

    /// <summary>Puts a message into the queue of those that wait for a person.</summary>
    public Task AskAsync(CustomerId customer, string messageId, DateTimeOffset until, CancellationToken cancellation) =>
        WriteAsync(ApprovalPartition, until.ToUnixTimeMilliseconds(), customer, messageId, cancellation);

    /// <summary>The queue of those that wait for a person, the most urgent first.</summary>
    public IAsyncEnumerable<IndexedMessage> WaitingAsync(CancellationToken cancellation) =>
        ReadAsync(TableClient.CreateQueryFilter($"PartitionKey eq {ApprovalPartition}"), cancellation);

    public Task AnsweredAsync(CustomerId customer, string messageId, DateTimeOffset until, CancellationToken cancellation) =>
        CustomerTables.DeleteAsync(tables.Messages, ApprovalPartition, RowOf(until.ToUnixTimeMilliseconds(), customer, messageId), cancellation);

    /// <summary>Takes messages older than an instant off the list of the outbox, and those whose wait for a person was over by it out of the queue; they stay with their customers.</summary>
    public async Task ForgetAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var (sent, waited) = (string.Create(CultureInfo.InvariantCulture, $"{Inverted(before):D15}"), string.Create(CultureInfo.InvariantCulture, $"{before.ToUnixTimeMilliseconds():D15}"));
        foreach (var filter in (string[])
        [
            TableClient.CreateQueryFilter($"PartitionKey eq {OutboxPartition} and RowKey gt {sent}"),
            TableClient.CreateQueryFilter($"PartitionKey eq {ApprovalPartition} and RowKey lt {waited}"),
        ])
        {
            var old = new List<TableTransactionAction>();
            await foreach (var entity in tables.Messages.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellation))
                old.Add(new TableTransactionAction(TableTransactionActionType.Delete, entity, ETag.All));
            await CustomerTables.SubmitAsync(tables.Messages, old, cancellation);
        }
    }

    private async IAsyncEnumerable<IndexedMessage> ReadAsync(string filter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var entity in tables.Messages.QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
            yield return new(CustomerId.FromPartitionKey(entity.GetString(Customer)!), entity.GetString(Message)!, entity.PartitionKey, entity.RowKey);
    }

    private Task WriteAsync(string partition, long order, CustomerId customer, string messageId, CancellationToken cancellation) => tables.Messages.UpsertEntityAsync(
        new TableEntity(partition, RowOf(order, customer, messageId)) { [Customer] = customer.PartitionKey(options.Tenant), [Message] = messageId },
        TableUpdateMode.Replace, cancellation);

    private static string RowOf(long order, CustomerId customer, string messageId) =>
        string.Create(CultureInfo.InvariantCulture, $"{order:D15}|{Digest64.Of($"{customer}\n{messageId}"):x16}");

    private static long Inverted(DateTimeOffset at) => 999_999_999_999_999 - at.ToUnixTimeMilliseconds();

    private string DuePartition(CustomerId customer) =>
        string.Create(CultureInfo.InvariantCulture, $"{options.Tenant}|due|{Digest64.Of(customer.Value) % Shards:x}");

    private string ApprovalPartition => $"{options.Tenant}|approvals";

    private string OutboxPartition => $"{options.Tenant}|outbox";
}
