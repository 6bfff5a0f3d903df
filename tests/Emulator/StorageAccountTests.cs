using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>Connection strings, and what the clients do when the service is busy.</summary>
public sealed class StorageAccountTests(Azurite azurite)
{
    [Fact]
    public void Development_storage_is_the_known_account()
    {
        var account = StorageAccount.Parse("UseDevelopmentStorage=true");
        Assert.Equal(("devstoreaccount1", "http://127.0.0.1:10002/devstoreaccount1", "http://127.0.0.1:10000/devstoreaccount1"),
            (account.Name, account.Tables.AbsoluteUri, account.Blobs.AbsoluteUri));
    }

    [Fact]
    public void An_account_in_Azure_is_found_by_its_suffix()
    {
        var account = StorageAccount.Parse("DefaultEndpointsProtocol=https;AccountName=clm;AccountKey=a2V5;EndpointSuffix=core.windows.net");
        Assert.Equal(("https://clm.table.core.windows.net/", "https://clm.blob.core.windows.net/"), (account.Tables.AbsoluteUri, account.Blobs.AbsoluteUri));
        Assert.Equal("clm", account.ToString());
    }

    [Theory]
    [InlineData("UseDevelopmentStorage=yes", "UseDevelopmentStorage")]
    [InlineData("AccountKey=a2V5", "AccountName is missing")]
    [InlineData("AccountName=clm", "AccountKey is missing")]
    [InlineData("AccountName=clm;AccountKey=secret!", "AccountKey is not base64")]
    [InlineData("AccountName=clm;AccountKey=a2V5;TableEndpoint=nowhere", "'nowhere'")]
    [InlineData("AccountName=clm;AccountKey=a2V5;Colour=blue", "'Colour'")]
    [InlineData("AccountName=clm;AccountName=clm;AccountKey=a2V5", "AccountName needs one value")]
    public void A_connection_string_that_cannot_be_used_names_the_part_and_not_the_key(string text, string part)
    {
        var error = Assert.Throws<FormatException>(() => new TableServiceClient(text));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_service_is_asked_again_with_a_new_signature_until_it_answers()
    {
        var transport = new Busy(times: 2);
        await Client(transport).CreateTableIfNotExistsAsync("Customers");
        Assert.Equal(3, transport.Requests);
    }

    [Fact]
    public async Task A_service_that_stays_busy_is_503_with_its_code()
    {
        var error = await Assert.ThrowsAsync<RequestFailedException>(() => Client(new Busy(times: 9)).CreateTableIfNotExistsAsync("Customers"));
        Assert.Equal((503, "ServerBusy"), (error.Status, error.ErrorCode));
        Assert.Contains("Table 'Customers'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_403()
    {
        var account = (await azurite.NewAccountAsync()).Replace("AccountKey=", "AccountKey=AAAA", StringComparison.Ordinal);
        var tables = await Assert.ThrowsAsync<RequestFailedException>(() => new TableServiceClient(account).CreateTableAsync("Customers"));
        var blobs = await Assert.ThrowsAsync<RequestFailedException>(() => new BlobServiceClient(account).GetBlobContainerClient("models").CreateAsync());
        Assert.Equal((403, 403), (tables.Status, blobs.Status));
    }

    [Fact]
    public async Task The_setting_puts_tables_and_blobs_into_the_account_and_nothing_into_the_folder()
    {
        using var folder = new TemporaryFolder();
        var account = await azurite.NewAccountAsync();
        await using var provider = new ServiceCollection()
            .AddSingleton(new EmulatorOptions { DataDirectory = folder.Path, Storage = account }).AddEmulatorStorage().BuildServiceProvider();
        await provider.GetRequiredService<TableServiceClient>().CreateTableAsync("Customers");
        await provider.GetRequiredService<BlobServiceClient>().GetBlobContainerClient("models").CreateAsync();

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        Assert.Equal(409, (await new TableServiceClient(account).CreateTableIfNotExistsAsync("Customers")).GetRawResponse().Status);
        Assert.True((await new BlobServiceClient(account).GetBlobContainerClient("models").ExistsAsync()).Value);
    }

    static TableServiceClient Client(HttpPipelineTransport transport) => new(new RestTables(StorageAccount.Parse("UseDevelopmentStorage=true"),
        new StorageClientOptions { Transport = transport, Retry = { Delay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero } }));

    /// <summary>A service that answers 503 so many times, then 204; it insists on a signature each time.</summary>
    sealed class Busy(int times) : HttpPipelineTransport
    {
        readonly HttpClientTransport _requests = new();

        public int Requests { get; private set; }

        public override Request CreateRequest() => _requests.CreateRequest();

        public override void Process(HttpMessage message)
        {
            Assert.True(message.Request.Headers.TryGetValue("Authorization", out var signature));
            Assert.StartsWith("SharedKey devstoreaccount1:", signature, StringComparison.Ordinal);
            message.Response = Requests++ < times ? new BusyResponse() : new StorageResponse(204, "No Content");
        }

        public override ValueTask ProcessAsync(HttpMessage message)
        {
            Process(message);
            return ValueTask.CompletedTask;
        }
    }

    sealed class BusyResponse : StorageResponse
    {
        public BusyResponse() : base(503, "Service Unavailable") => ContentStream = BinaryData.FromString(
            """{"odata.error":{"code":"ServerBusy","message":{"lang":"en-US","value":"The server is busy."}}}""").ToStream();
    }
}
