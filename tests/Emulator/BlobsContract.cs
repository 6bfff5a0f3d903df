using System.Runtime.CompilerServices;
using Azure;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>What a blob client does whatever stands behind it; each backend runs the suite over a service of its own.</summary>
public abstract class BlobContract : IAsyncLifetime
{
    protected abstract Task<BlobServiceClient> OpenAsync();

    protected abstract ValueTask CloseAsync();

    /// <summary>What the backend answers where Azure answers as expected; each difference is declared with its reason.</summary>
    /// <param name="question">The test.</param>
    /// <param name="expected">Status and error code.</param>
    protected virtual string AnswerTo(string question, string expected) => expected;

    BlobServiceClient _service = null!;
    BlobContainerClient _container = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await OpenAsync();
        _container = _service.GetBlobContainerClient("contract");
        await _container.CreateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_blob_comes_back_with_its_headers_and_metadata()
    {
        var blob = _container.GetBlobClient("models/churn/1.json");
        var written = (await blob.UploadAsync(BinaryData.FromString("{}"), new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
            Metadata = new Dictionary<string, string> { ["version"] = "1" },
        })).Value;

        var read = (await blob.DownloadContentAsync()).Value;
        var properties = (await blob.GetPropertiesAsync()).Value;

        Assert.Equal("{}", read.Content.ToString());
        Assert.Equal((written.ETag, "application/json", 2L), (read.Details.ETag, read.Details.ContentType, read.Details.ContentLength));
        Assert.Equal((written.ETag, written.LastModified, "1"), (properties.ETag, properties.LastModified, properties.Metadata["Version"]));
        Assert.True((await blob.ExistsAsync()).Value);
        Assert.False((await _container.GetBlobClient("other").ExistsAsync()).Value);
        Assert.False((await _service.GetBlobContainerClient("missing").GetBlobClient("other").ExistsAsync()).Value);
    }

    [Fact]
    public async Task A_stream_goes_in_and_out()
    {
        var bytes = Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31)).ToArray();
        var blob = _container.GetBlobClient("large");
        await blob.UploadAsync(new MemoryStream(bytes));
        await using var content = await blob.OpenReadAsync(position: 100_000);
        await blob.UploadAsync(BinaryData.FromString("new"), overwrite: true);

        using var copy = new MemoryStream();
        await content.CopyToAsync(copy);

        Assert.Equal(bytes[100_000..], copy.ToArray());
        Assert.Equal("new", (await blob.DownloadContentAsync()).Value.Content.ToString());
    }

    [Fact]
    public async Task An_empty_blob_is_a_blob()
    {
        await _container.UploadBlobAsync("empty", BinaryData.FromBytes([]));
        Assert.Empty((await _container.GetBlobClient("empty").DownloadContentAsync()).Value.Content.ToArray());
    }

    [Fact]
    public async Task What_is_not_there_is_404()
    {
        await Refused(404, "BlobNotFound", () => _container.GetBlobClient("other").DownloadContentAsync());
        await Refused(404, "BlobNotFound", () => _container.GetBlobClient("other").GetPropertiesAsync());
        await Refused(404, "BlobNotFound", () => _container.GetBlobClient("other").DeleteAsync());
        await Refused(404, "BlobNotFound", () => _container.GetBlobClient("other").SetMetadataAsync(new Dictionary<string, string>()));
        Assert.False((await _container.DeleteBlobIfExistsAsync("other")).Value);

        var missing = _service.GetBlobContainerClient("missing");
        await Refused(404, "ContainerNotFound", () => missing.UploadBlobAsync("b", BinaryData.FromString("x")));
        await Refused(404, "ContainerNotFound", () => missing.GetBlobClient("b").DownloadContentAsync());
        await Refused(404, "ContainerNotFound", () => missing.DeleteAsync());
        await Refused(404, "ContainerNotFound", () => NamesAsync(missing, null));
        Assert.False((await missing.DeleteIfExistsAsync()).Value);
    }

    [Fact]
    public async Task Without_overwrite_an_existing_blob_is_409()
    {
        await _container.UploadBlobAsync("b", BinaryData.FromString("1"));
        var blob = _container.GetBlobClient("b");
        await Refused(409, "BlobAlreadyExists", () => blob.UploadAsync(BinaryData.FromString("2")));
        await Refused(409, "BlobAlreadyExists", () => blob.UploadAsync(BinaryData.FromString("2"), If(none: ETag.All)));
        Assert.Equal("1", (await blob.DownloadContentAsync()).Value.Content.ToString());
        await blob.UploadAsync(BinaryData.FromString("2"), overwrite: true);
        Assert.Equal("2", (await blob.DownloadContentAsync()).Value.Content.ToString());
    }

    [Fact]
    public async Task A_stale_etag_is_412_on_every_operation()
    {
        var blob = _container.GetBlobClient("b");
        var stale = (await blob.UploadAsync(BinaryData.FromString("1"))).Value.ETag;
        var current = (await blob.UploadAsync(BinaryData.FromString("2"), If(match: stale))).Value.ETag;
        Assert.NotEqual(stale, current);
        var old = new BlobRequestConditions { IfMatch = stale };

        await Refused(412, "ConditionNotMet", () => blob.UploadAsync(BinaryData.FromString("3"), If(match: stale)));
        await Refused(412, "ConditionNotMet", () => blob.UploadAsync(BinaryData.FromString("3"), If(none: current)));
        await Refused(412, "ConditionNotMet", () => blob.DeleteAsync(conditions: old));
        await Refused(412, "ConditionNotMet", () => blob.DeleteIfExistsAsync(conditions: old));
        await Refused(412, "ConditionNotMet", () => blob.SetMetadataAsync(new Dictionary<string, string>(), old));
        await Refused(412, "ConditionNotMet", () => blob.GetPropertiesAsync(old));
        await Refused(412, "ConditionNotMet", () => blob.DownloadContentAsync(new BlobDownloadOptions { Conditions = old }));
        await Refused(304, "ConditionNotMet",
            () => blob.DownloadContentAsync(new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = current } }));
        await Refused(412, "ConditionNotMet", () => _container.GetBlobClient("other").UploadAsync(BinaryData.FromString("3"), If(match: ETag.All)));
        Assert.Equal("2", (await blob.DownloadContentAsync()).Value.Content.ToString());
    }

    [Fact]
    public async Task Metadata_change_alone_and_change_the_etag()
    {
        var blob = _container.GetBlobClient("b");
        var before = (await blob.UploadAsync(BinaryData.FromString("1"))).Value.ETag;
        var after = (await blob.SetMetadataAsync(new Dictionary<string, string> { ["state"] = "champion" })).Value.ETag;
        Assert.NotEqual(before, after);
        var properties = (await blob.GetPropertiesAsync()).Value;
        Assert.Equal(("champion", after), (properties.Metadata["state"], properties.ETag));
        Assert.Equal("1", (await blob.DownloadContentAsync()).Value.Content.ToString());
        await Refused(400, "InvalidMetadata", () => blob.SetMetadataAsync(new Dictionary<string, string> { ["a-b"] = "" }));
        await Refused(400, "MetadataTooLarge", () => blob.SetMetadataAsync(new Dictionary<string, string> { ["a"] = new string('x', 9000) }));
    }

    [Fact]
    public async Task Listing_is_in_ordinal_order_by_prefix_and_in_pages()
    {
        string[] names = ["Ab", "a", "a.json", "a/1", "a/10", "a/2", "ab", "b%2F", "b/", "../escape", "ü ber", new string('n', 1000)];
        foreach (var name in names) await _container.UploadBlobAsync(name, BinaryData.FromString(name));

        Assert.Equal(names.Order(StringComparer.Ordinal), await NamesAsync(_container, null));
        Assert.Equal(["a/1", "a/10", "a/2"], await NamesAsync(_container, "a/"));
        var pages = new List<int>();
        await foreach (var page in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix: null, CancellationToken.None).AsPages(pageSizeHint: 5))
        {
            pages.Add(page.Values.Count);
            Assert.All(page.Values, item => Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(item.Name), item.Properties.ContentLength));
        }
        Assert.Equal([5, 5, 2], pages);
        foreach (var name in names) Assert.Equal(name, (await _container.GetBlobClient(name).DownloadContentAsync()).Value.Content.ToString());
    }

    [Theory]
    [InlineData("ab", "OutOfRangeInput")]
    [InlineData("Upper", "InvalidResourceName")]
    [InlineData("-abc", "InvalidResourceName")]
    [InlineData("abc-", "InvalidResourceName")]
    [InlineData("a--b", "InvalidResourceName")]
    [InlineData("../a", "InvalidResourceName")]
    public async Task A_container_name_follows_the_rules(string name, string code) =>
        await Refused(400, code, () => _service.GetBlobContainerClient(name).CreateAsync(), name);

    [Fact]
    public async Task A_container_is_made_once_and_goes_with_its_blobs()
    {
        Assert.Null(await _container.CreateIfNotExistsAsync());
        await Refused(409, "ContainerAlreadyExists", () => _container.CreateAsync());
        await _container.UploadBlobAsync("b", BinaryData.FromString("1"));
        await _container.DeleteAsync();
        Assert.False((await _container.ExistsAsync()).Value);
        Assert.NotNull(await _container.CreateIfNotExistsAsync());
        Assert.True((await _container.ExistsAsync()).Value);
        Assert.Empty(await NamesAsync(_container, null));
    }

    [Fact]
    public async Task A_blob_name_takes_1024_characters_and_not_one_more()
    {
        await _container.UploadBlobAsync(new string('ü', 1024), BinaryData.FromString("x"));
        await Refused(400, "OutOfRangeInput", () => _container.UploadBlobAsync(new string('n', 1025), BinaryData.FromString("x")));
    }

    [Fact]
    public async Task Of_writers_at_once_one_wins_each_round()
    {
        var blob = _container.GetBlobClient("counter");
        await blob.UploadAsync(BinaryData.FromString("0"));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var done = 0; done < 5;)
            {
                var read = (await blob.DownloadContentAsync()).Value;
                var next = int.Parse(read.Content.ToString()) + 1;
                try
                {
                    await blob.UploadAsync(BinaryData.FromString($"{next}"), If(match: read.Details.ETag));
                    done++;
                }
                catch (RequestFailedException error) when (error.Status == 412)
                {
                    Assert.Equal("ConditionNotMet", error.ErrorCode);
                }
            }
        })));
        Assert.Equal("40", (await blob.DownloadContentAsync()).Value.Content.ToString());
    }

    static BlobUploadOptions If(ETag? match = null, ETag? none = null) =>
        new() { Conditions = new BlobRequestConditions { IfMatch = match, IfNoneMatch = none } };

    async Task Refused(int status, string code, Func<Task> act, [CallerMemberName] string test = "")
    {
        var error = await Record.ExceptionAsync(act);
        Assert.Equal(AnswerTo(test, $"{status} {code}"), error switch
        {
            null => "accepted",
            RequestFailedException failed => $"{failed.Status} {failed.ErrorCode}",
            _ => error.ToString(),
        });
    }

    static async Task<List<string>> NamesAsync(BlobContainerClient container, string? prefix)
    {
        var names = new List<string>();
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, CancellationToken.None)) names.Add(blob.Name);
        return names;
    }
}
