using System.Text.Json;
using ServerlessCLM.Customers;
using ServerlessCLM.Messages.Drafting;

namespace ServerlessCLM.Messages.Approvals;

/// <summary>
/// Words that a person has approved, by the digest of what they were written from: the same brief gets them again, without a model and without another approval. They
/// have placeholders and no customer.
/// </summary>
public sealed class ApprovedWording(CustomerTables tables, ProductOptions options)
{
    private const string Words = "Words", By = "By", At = "At";

    public async Task<Draft?> FindAsync(string wording, CancellationToken cancellation)
    {
        var found = await tables.Messages.GetEntityIfExistsAsync<TableEntity>(Partition, wording, cancellationToken: cancellation);
        return found is { HasValue: true, Value: { } entity } ? JsonSerializer.Deserialize(entity.GetString(Words)!, MessagesJson.Default.Draft) : null;
    }

    public Task KeepAsync(string wording, Draft draft, string by, DateTimeOffset at, CancellationToken cancellation) => tables.Messages.UpsertEntityAsync(
        new TableEntity(Partition, wording) { [Words] = JsonSerializer.Serialize(draft, MessagesJson.Default.Draft), [By] = by, [At] = at },
        TableUpdateMode.Replace, cancellation);

    private string Partition => $"{options.Tenant}|words";
}
