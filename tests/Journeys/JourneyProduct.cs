using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Customers;
using ServerlessCLM.Documents;
using ServerlessCLM.Emulator;
using ServerlessCLM.Tests.Decisions;

namespace ServerlessCLM.Tests.Journeys;

/// <summary>The whole product on virtual time, with journeys in force and customers who can be reached.</summary>
internal sealed class JourneyProduct : IAsyncDisposable
{
    private readonly Product _product;
    private readonly VirtualClock _clock;

    private JourneyProduct(Product product, VirtualClock clock) => (_product, _clock) = (product, clock);

    public DateTimeOffset Now => _clock.GetUtcNow();

    public Product Parts => _product;

    /// <param name="settings">Such as <c>--Clm:Journeys:Catalogue=card-first-purchase</c>.</param>
    public static async Task<JourneyProduct> StartAsync(params string[] settings)
    {
        var clock = new VirtualClock(Product.Now);
        return new JourneyProduct(await Product.StartAsync(
            services => services.AddVirtualTime(clock, new VirtualTimeSettings(1)), null, ["--CLM_UNSYNCED=true", .. settings]), clock);
    }

    /// <summary>Puts a journey in force.</summary>
    public async Task PutAsync(JsonObject journey)
    {
        var kind = _product.Get<IEnumerable<DocumentKind>>().Single(each => each.Name == "journey");
        await StrategyInForce.PutAsync(_product, kind, journey);
        await AdvanceAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>A customer in Berlin who may be written to for every purpose by e-mail.</summary>
    public async Task AddCustomerAsync(string customer)
    {
        await SendAsync(HttpMethod.Put, $"customers/{customer}/profile", """{ "country": "DE", "timeZone": "Europe/Berlin", "language": "en", "email": "a@example.com" }""");
        foreach (var purpose in (string[])["marketing", "service"])
            await SendAsync(HttpMethod.Put, $"customers/{customer}/consents/{purpose}/email", """{ "status": "granted", "source": "form" }""");
        await SettleAsync();
    }

    public async Task SignalAsync(string customer, string name, string details = "{}", string? key = null)
    {
        await SendAsync(HttpMethod.Post, $"customers/{customer}/signals/{name}", details, key: key ?? $"{name}-{Now:O}");
        await SettleAsync();
    }

    public Task AdvanceAsync(TimeSpan by) => _product.Get<VirtualTime>().AdvanceToAsync(Now + by, CancellationToken.None);

    public Task SettleAsync() => _product.Get<VirtualTime>().SettleAsync(CancellationToken.None);

    public async Task<JsonObject> GetAsync(string path) => await SendAsync(HttpMethod.Get, path);

    /// <summary>The only journey of a customer.</summary>
    public async Task<JsonObject> JourneyOfAsync(string customer) => Assert.Single((await GetAsync($"customers/{customer}/journeys"))["journeys"]!.AsArray())!.AsObject();

    /// <summary>Sends a request whose answer must have a status.</summary>
    public async Task<JsonObject> SendAsync(HttpMethod method, string path, string? body = null, HttpStatusCode? status = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/{path}");
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        request.Headers.Add("x-ms-client-principal-name", "ann");
        using var answer = await _product.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status is { } expected ? answer.StatusCode == expected : answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>Nodes passed by the customer's journeys, in their order.</summary>
    public async Task<IReadOnlyList<string>> StepsAsync(string customer)
    {
        var partition = await _product.Get<CustomerStore>().ReadAsync(CustomerId.Parse(customer), CancellationToken.None);
        return [.. partition!.Of(CustomerRows.JourneyStepPrefix).OrderBy(step => (int)step["step"]!["number"]!).Select(step => (string)step["step"]!["node"]!)];
    }

    public ValueTask DisposeAsync() => _product.DisposeAsync();
}
