using Azure;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Governance;
using static ServerlessCLM.Tests.Governance.AuditVerificationTests;

namespace ServerlessCLM.Tests.Governance;

/// <summary>Byte by byte: whatever is changed of chain or anchors is found.</summary>
public class AuditTamperingTests
{
    private static readonly CustomerId Customer = CustomerId.Parse("C-1");

    [Fact]
    public async Task Any_changed_byte_of_a_chain_is_found_and_named()
    {
        await using var product = await Product.PartsAsync();
        await RecordAsync(product, Customer, 2);
        await RecordAsync(product, Customer, 1);
        await product.Get<Anchors>().RunAsync(CancellationToken.None);
        var table = product.Get<CustomerTables>().Of(Customer);
        foreach (var row in await RowsAsync(product, Customer))
        {
            if (row.RowKey == CustomerRows.State)
            {
                // The number of the last entry, one too many and one too few.
                foreach (var wrong in new[] { 2L, 4L })
                {
                    row[AuditHead.SequenceName] = wrong;
                    await table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace);
                    Assert.False((await VerifyAsync(product)).Intact);
                }

                row[AuditHead.SequenceName] = 3L;
            }

            var isState = row.RowKey == CustomerRows.State;
            foreach (var column in isState ? [AuditHead.HashName] : (string[])[AuditChain.Link, AuditChain.Data])
            {
                var good = row.GetBinary(column)!;
                // Every byte of what links; of the content, whose digest covers it alike, every seventh.
                for (var i = 0; i < good.Length; i += column == AuditChain.Data ? 7 : 1)
                {
                    var bad = (byte[])good.Clone();
                    bad[i] ^= 0x20;
                    row[column] = bad;
                    await table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace);
                    var report = await product.Get<AuditVerification>().VerifyAsync([Customer], CancellationToken.None);
                    var sequence = isState ? 3 : long.Parse(row.RowKey.AsSpan(6));
                    Assert.True(report.Findings.Any(finding => finding.Chain == Customer.Value && finding.Sequence == sequence), $"{row.RowKey} {column} {i}: {Text(report)}");
                }

                row[column] = good;
                await table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace);
            }
        }

        Assert.True((await VerifyAsync(product)).Intact);
    }

    [Fact]
    public async Task Any_changed_byte_of_an_anchor_and_any_missing_anchor_is_found()
    {
        await using var product = await Product.PartsAsync();
        for (var i = 0; i < 3; i++)
        {
            await RecordAsync(product, Customer, 1);
            await product.Get<Anchors>().RunAsync(CancellationToken.None);
        }

        var blobs = product.Get<BlobServiceClient>().GetBlobContainerClient(Anchors.Container);
        var middle = blobs.GetBlobClient("bank/anchor-0000000002.json");
        var good = (await middle.DownloadContentAsync()).Value.Content.ToArray();
        for (var i = 0; i < good.Length; i++)
        {
            var bad = (byte[])good.Clone();
            bad[i] ^= 0x20;
            await middle.UploadAsync(BinaryData.FromBytes(bad), overwrite: true);
            var report = await VerifyAsync(product);
            Assert.True(report.Findings.Any(finding => finding is { Chain: "anchors", Sequence: 2 }), $"byte {i}: {Text(report)}");
        }

        await middle.DeleteAsync();
        Assert.Contains((await VerifyAsync(product)).Findings, finding => finding is { Chain: "anchors", Sequence: 2, Fault: AuditFault.Missing });
    }
}
