using ServerlessCLM.Documents;
using ServerlessCLM.Emulator;
using ServerlessCLM.Tests.Decisions;

namespace ServerlessCLM.Tests.Documents;

public class DocumentWorkflowTests : ProductTests
{
    [Fact]
    public async Task Of_many_who_change_the_same_draft_at_once_one_is_taken_and_the_others_are_told()
    {
        await using var product = await PartsAsync();
        var (workflow, kind) = (product.Get<DocumentWorkflow>(), product.Get<IEnumerable<DocumentKind>>().Single(kind => kind.Name == "strategy"));
        var (record, _) = await workflow.SaveAsync(kind, "card-retail", SampleStrategy.Example(), null, "ann", null, CancellationToken.None);
        var seen = record.Versions[0].Digest;

        var outcomes = await Task.WhenAll(Enumerable.Range(1, 6).Select(async writer =>
        {
            var changed = SampleStrategy.Example();
            changed["holdout"] = (writer + 10) / 100.0;
            try
            {
                await workflow.SaveAsync(kind, "card-retail", changed, seen, $"p{writer}", null, CancellationToken.None);
                return true;
            }
            catch (DocumentRefusedException refused) when (refused.Refusal == DocumentRefusal.Stale)
            {
                return false;
            }
        }));
        Assert.Single(outcomes, taken => taken);

        var stored = await product.Get<DocumentStore>().FindAsync("strategy", "card-retail", CancellationToken.None);
        Assert.Equal(2, stored!.History.Count);
        var content = await product.Get<DocumentStore>().ContentAsync("strategy", "card-retail", stored.Versions[0].Digest, CancellationToken.None);
        Assert.Equal(stored.Versions[0].Digest, DocumentStore.DigestOf(content));
    }

    [Fact]
    public async Task What_was_altered_in_storage_is_not_taken_for_what_was_approved()
    {
        await using var product = await PartsAsync();
        var (workflow, kind) = (product.Get<DocumentWorkflow>(), product.Get<IEnumerable<DocumentKind>>().Single(kind => kind.Name == "strategy"));
        var (record, _) = await workflow.SaveAsync(kind, "card-retail", SampleStrategy.Example(), null, "ann", null, CancellationToken.None);
        var container = product.Get<ServerlessCLM.Emulator.BlobServiceClient>().GetBlobContainerClient("documents");
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix: null, CancellationToken.None))
        {
            if (blob.Name.Contains("/contents/", StringComparison.Ordinal))
                await container.GetBlobClient(blob.Name).UploadAsync(BinaryData.FromString("""{"id":"card-retail","version":1}"""), overwrite: true, CancellationToken.None);
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => workflow.SubmitAsync(kind, "card-retail", record.Versions[0].Version, "ann", null, CancellationToken.None));
    }
}

/// <summary>The same over the storage REST protocol.</summary>
public sealed class DocumentWorkflowOnAzurite(Emulator.Azurite azurite) : DocumentWorkflowTests
{
    protected override async Task<string?> NewStorageAsync() => await azurite.NewAccountAsync();
}
