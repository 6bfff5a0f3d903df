using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Customers;
using ServerlessCLM.Documents;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions;
using ServerlessCLM.Governance;
using ServerlessCLM.Scoring;
using ServerlessCLM.Tests.Emulator.Hosting;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests;

/// <summary>The whole product on a folder of its own and a clock that stands still, started or not.</summary>
internal sealed class Product : IAsyncDisposable
{
    public const string Key = "a-function-key";
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly TestFolder? _folder;
    private readonly IHost _host;
    private readonly bool _started;

    private Product(IHost host, TestFolder? folder, VirtualClock clock, bool started)
    {
        (_host, _folder, Clock, _started) = (host, folder, clock, started);
        Client = started ? new HttpClient { BaseAddress = host.GetBaseAddress() } : new HttpClient();
        Client.DefaultRequestHeaders.Add("x-functions-key", Key);
    }

    public VirtualClock Clock { get; }

    public HttpClient Client { get; }

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>The product's parts without its triggers: nothing runs that the test does not run.</summary>
    public static async Task<Product> PartsAsync(string? data = null, params string[] settings)
    {
        var product = Build(data, settings, started: false);
        await product.Get<CustomerTables>().CreateAsync(CancellationToken.None);
        await product.Get<BlobContainerClient>().CreateIfNotExistsAsync();
        await product.Get<DocumentStore>().CreateAsync(CancellationToken.None);
        await product.Get<Anchors>().CreateAsync(CancellationToken.None);
        return product;
    }

    /// <summary>The product, running.</summary>
    public static Task<Product> StartAsync(string? data = null, params string[] settings) => StartAsync(null, data, settings);

    /// <summary>The product, running, with the last word on its services.</summary>
    public static async Task<Product> StartAsync(Action<IServiceCollection>? configure, string? data = null, params string[] settings)
    {
        var product = Build(data, settings, started: false, configure);
        await product._host.StartAsync();
        return new Product(product._host, product._folder, product.Clock, started: true);
    }

    /// <summary>Another instance on the same storage and hubs, with a memory of its own and without triggers.</summary>
    public static Product Beside(Product other) => Build(data: null, [], started: false, services => services
        .AddSingleton(other.Get<TableServiceClient>())
        .AddSingleton(other.Get<BlobServiceClient>())
        .AddSingleton(other.Get<EventHubsNamespace>())
        .AddSingleton(other.Get<MasterKeys>()));

    private static Product Build(string? data, string[] settings, bool started, Action<IServiceCollection>? configure = null)
    {
        var folder = data is null ? new TestFolder() : null;
        var clock = new VirtualClock(Now);
        var host = ServerlessClm.Create(
            [$"--CLM_DATA={data ?? folder!.Path}", "--CLM_PORT=0", $"--CLM_FUNCTION_KEY={Key}", "--CLM_MASTER_KEY=the-master-key", "--CLM_UNSYNCED=true", .. settings],
            services =>
            {
                services.AddSingleton<TimeProvider>(clock).AddLogging(logging => logging.ClearProviders());
                configure?.Invoke(services);
            });
        return new Product(host, folder, clock, started);
    }

    /// <summary>Waits until what has been answered is sent and the functions have dealt with all events of a hub.</summary>
    public async Task DrainAsync(string hub)
    {
        await Get<OutboxQueue>().FlushAsync(CancellationToken.None);
        await Get<EventHubsNamespace>().WaitUntilDrainedAsync(hub);
    }

    public async Task<(int Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>One payment as CloudEvent.</summary>
    public static byte[] Payment(string customer, string id, DateTimeOffset time, decimal amount = -10m, string currency = "EUR",
        PaymentKind kind = PaymentKind.Card, decimal? balance = null, string? mcc = "5411")
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        CloudEventWriter.Write(new PaymentRecord
        {
            Source = "/test", Id = id, Customer = customer, Time = time, AccountId = $"A-{customer}", Amount = amount, Currency = currency,
            Kind = kind, Status = PaymentStatus.Booked, Mcc = mcc, Merchant = "Grocer 12", Country = "DE", BalanceAfter = balance,
        }, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>An event as the trigger hands it over.</summary>
    public static EventData Delivered(byte[] body, long sequence, DateTimeOffset? enqueued = null) =>
        EventHubsModelFactory.EventData(BinaryData.FromBytes(body), sequenceNumber: sequence, offsetString: $"{sequence}", enqueuedTime: enqueued ?? Now);

    /// <summary>The feature block and delivery marks of a customer, opened.</summary>
    public async Task<byte[]> BlockAsync(string customer) =>
        (await Get<CustomerStore>().ReadAsync(CustomerId.Parse(customer), CancellationToken.None))?.Block ?? [];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_started)
            await _host.StopAsync();
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
        _folder?.Dispose();
    }
}
