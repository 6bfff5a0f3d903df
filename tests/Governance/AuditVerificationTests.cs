using System.Text.Json.Nodes;
using Azure;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Governance;
using ServerlessCLM.Tests.Emulator;

namespace ServerlessCLM.Tests.Governance;

public class AuditVerificationTests : ProductTests
{
    private static readonly CustomerId Customer = CustomerId.Parse("C-1"), Other = CustomerId.Parse("C-2");

    [Fact]
    public async Task A_chain_goes_in_with_its_commits_and_verifies()
    {
        await using var product = await PartsAsync();
        await RecordAsync(product, Customer, 2);
        await RecordAsync(product, Customer, 1);
        await RecordAsync(product, Other, 3);

        var report = await VerifyAsync(product);
        Assert.True(report.Intact, Text(report));
        Assert.Equal((2, 6L, 6L, 0L), (report.Customers, report.Entries, report.Unanchored, report.Anchors));
        Assert.Equal(2, await product.Get<Anchors>().RunAsync(CancellationToken.None));
        Assert.Equal(0, await product.Get<Anchors>().RunAsync(CancellationToken.None));

        report = await VerifyAsync(product);
        Assert.True(report.Intact, Text(report));
        Assert.Equal((0L, 1L, (DateTimeOffset?)Product.Now), (report.Unanchored, report.Anchors, report.LastAnchorAt));
        var trail = await product.Get<CustomerStore>().ReadAuditAsync(Customer, CancellationToken.None);
        Assert.Equal([1L, 2L, 3L], trail!.Select(entry => entry.Sequence));
        Assert.Equal("entry 0", (string)trail![0].Content!["text"]!);
    }

    [Fact]
    public async Task Parallel_commits_make_one_chain()
    {
        await using var product = await PartsAsync();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => RecordAsync(product, Customer, 2))));
        var report = await VerifyAsync(product);
        Assert.True(report.Intact, Text(report));
        Assert.Equal(12, report.Entries);
    }

    [Fact]
    public async Task An_erased_customers_chain_verifies_without_a_word_about_the_customer()
    {
        await using var product = await PartsAsync();
        await RecordAsync(product, Customer, 3);
        await product.Get<Anchors>().RunAsync(CancellationToken.None);
        await product.Get<CustomerStore>().EraseAsync(Customer, CancellationToken.None);

        var report = await VerifyAsync(product);
        Assert.True(report.Intact, Text(report));
        Assert.Equal((1, 1, 4L), (report.Customers, report.Erased, report.Entries));
        Assert.Equal(1, await product.Get<Anchors>().RunAsync(CancellationToken.None));
        Assert.True((await VerifyAsync(product)).Intact);
        var trail = await product.Get<CustomerStore>().ReadAuditAsync(Customer, CancellationToken.None);
        Assert.Equal([null, null, null, "erasure"], trail!.Select(entry => entry.Kind));
        foreach (var row in await RowsAsync(product, Customer))
            Assert.DoesNotContain(AuditChain.Data, row.Keys);
    }

    [Fact]
    public async Task Any_removed_row_is_found_and_named()
    {
        await using var product = await PartsAsync();
        await RecordAsync(product, Customer, 2);
        await RecordAsync(product, Customer, 2);
        await product.Get<Anchors>().RunAsync(CancellationToken.None);
        foreach (var row in await RowsAsync(product, Customer))
        {
            var table = product.Get<CustomerTables>().Of(Customer);
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All);
            var report = await VerifyAsync(product);
            var sequence = row.RowKey == CustomerRows.State ? 4 : long.Parse(row.RowKey.AsSpan(6));
            Assert.Contains(report.Findings, finding => finding.Sequence == sequence && finding.Fault == AuditFault.Missing);
            await table.AddEntityAsync(row);
        }

        Assert.True((await VerifyAsync(product)).Intact);
    }

    [Fact]
    public async Task Any_two_swapped_rows_are_found_and_named()
    {
        await using var product = await PartsAsync();
        for (var i = 0; i < 4; i++)
            await RecordAsync(product, Customer, 1);
        var table = product.Get<CustomerTables>().Of(Customer);
        var rows = (await RowsAsync(product, Customer)).Where(row => row.RowKey != CustomerRows.State).ToList();
        for (var one = 0; one < rows.Count; one++)
        {
            for (var other = one + 1; other < rows.Count; other++)
            {
                await PutAsync(rows[one].RowKey, rows[other]);
                await PutAsync(rows[other].RowKey, rows[one]);
                var report = await VerifyAsync(product);
                Assert.Equal([one + 1L, other + 1L],
                    report.Findings.Where(finding => finding.Fault == AuditFault.Reordered).Select(finding => finding.Sequence).Order());
                await PutAsync(rows[one].RowKey, rows[one]);
                await PutAsync(rows[other].RowKey, rows[other]);
            }
        }

        Assert.True((await VerifyAsync(product)).Intact);

        Task PutAsync(string rowKey, TableEntity content) => table.UpsertEntityAsync(new TableEntity(content.PartitionKey, rowKey)
        {
            [AuditChain.Link] = content.GetBinary(AuditChain.Link), [AuditChain.Data] = content.GetBinary(AuditChain.Data),
        }, TableUpdateMode.Replace);
    }

    [Fact]
    public async Task A_customer_put_back_to_an_earlier_state_is_found_by_the_anchors()
    {
        await using var product = await PartsAsync();
        await RecordAsync(product, Customer, 2);
        var earlier = (await RowsAsync(product, Customer)).Single(row => row.RowKey == CustomerRows.State);
        await RecordAsync(product, Customer, 2);
        await product.Get<Anchors>().RunAsync(CancellationToken.None);
        var table = product.Get<CustomerTables>().Of(Customer);
        await table.UpdateEntityAsync(earlier, ETag.All, TableUpdateMode.Replace);
        foreach (var sequence in new[] { 3, 4 })
            await table.DeleteEntityAsync(earlier.PartitionKey, CustomerRows.Audit(sequence), ETag.All);

        var finding = Assert.Single((await VerifyAsync(product)).Findings);
        Assert.Equal((Customer.Value, 4L, AuditFault.Missing), (finding.Chain, finding.Sequence, finding.Fault));

        // A chain grown anew from there is another, and the anchor says so.
        await using var beside = Product.Beside(product);
        await RecordAsync(beside, Customer, 2);
        finding = Assert.Single((await VerifyAsync(product)).Findings);
        Assert.Equal((4L, AuditFault.Altered), (finding.Sequence, finding.Fault));
    }

    [Fact]
    public async Task A_customer_removed_without_a_trace_is_found_by_the_anchors()
    {
        await using var product = await PartsAsync();
        await RecordAsync(product, Customer, 2);
        await product.Get<Anchors>().RunAsync(CancellationToken.None);
        foreach (var row in await RowsAsync(product, Customer))
            await product.Get<CustomerTables>().Of(Customer).DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All);

        var name = product.Get<Anchors>().PseudonymOf(Customer);
        Assert.Contains((await VerifyAsync(product)).Findings, finding => finding.Chain == name && finding.Sequence == 2);
        Assert.False((await product.Get<AuditVerification>().VerifyAsync([Customer], CancellationToken.None)).Intact);
    }

    [Fact]
    public async Task Anchors_written_at_once_take_numbers_of_their_own()
    {
        await using var product = await PartsAsync();
        await RecordAsync(product, Customer, 1);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => product.Get<Anchors>().RunAsync(CancellationToken.None))));
        var report = await VerifyAsync(product);
        Assert.True(report.Intact, Text(report));
        Assert.True(report.Anchors >= 1);
    }

    [Fact]
    public async Task A_commit_slower_than_the_hour_is_anchored_in_the_next()
    {
        await using var product = await PartsAsync();
        await RecordAsync(product, Customer, 1);
        // The worker announces the commit and pauses; the hour is anchored without it.
        await product.Get<AuditIndex>().AnnounceAsync(Customer.PartitionKey("bank"), 2, CancellationToken.None);
        await product.Get<Anchors>().RunAsync(CancellationToken.None);
        await RecordAsync(product, Customer, 1);
        await foreach (var announced in product.Get<AuditIndex>().AllAsync(CancellationToken.None))
            Assert.Equal(2, announced.Sequence);

        await product.Get<Anchors>().RunAsync(CancellationToken.None);
        Assert.Equal(0, (await VerifyAsync(product)).Unanchored);
    }

    internal static Task RecordAsync(Product product, CustomerId customer, int entries) => product.Get<CustomerStore>().UpdateAsync(customer, session =>
    {
        for (var i = 0; i < entries; i++)
            session.Record(new AuditRecord("test", Product.Now, new JsonObject { ["text"] = $"entry {i}" }));
        return 0;
    }, CancellationToken.None);

    internal static Task<AuditReport> VerifyAsync(Product product) => product.Get<AuditVerification>().VerifyAsync(0, 255, CancellationToken.None);

    internal static async Task<List<TableEntity>> RowsAsync(Product product, CustomerId customer)
    {
        var rows = new List<TableEntity>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {customer.PartitionKey("bank")}");
        await foreach (var row in product.Get<CustomerTables>().Of(customer).QueryAsync<TableEntity>(filter))
            rows.Add(row);
        return rows;
    }

    internal static string Text(AuditReport report) => string.Join('\n', report.Findings);
}

/// <summary>The same over the storage REST protocol.</summary>
public sealed class AuditVerificationOnAzurite(Azurite azurite) : AuditVerificationTests
{
    protected override async Task<string?> NewStorageAsync() => await azurite.NewAccountAsync();
}
