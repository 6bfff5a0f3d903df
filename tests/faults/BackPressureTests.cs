using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Faults;

/// <summary>What the product stands on goes away and comes back: the stream stops and goes on by itself, callers are told when to come again, and nothing is lost or counted twice.</summary>
public sealed class BackPressureTests : IDisposable
{
    private const int Customers = 8, Before = 80, Meanwhile = 240;

    private readonly TemporaryFolder _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task While_storage_is_away_the_stream_stands_still_and_then_catches_up()
    {
        await using var undisturbed = await StartAsync(null);
        await PostAsync(undisturbed, 0, Before);
        await AdvanceAsync(undisturbed, TimeSpan.FromMinutes(1));
        await PostAsync(undisturbed, Before, Meanwhile);
        await AdvanceAsync(undisturbed, TimeSpan.FromMinutes(1));

        var faults = Faults(FaultPoint.TableWrite);
        await using var product = await StartAsync(faults);
        await PostAsync(product, 0, Before);
        await AdvanceAsync(product, TimeSpan.FromMinutes(1));
        Assert.Equal(0, Lag(product));

        faults.Enabled = true;
        await PostAsync(product, Before, Meanwhile);
        await AdvanceAsync(product, TimeSpan.FromSeconds(5));
        Assert.Equal(Meanwhile, Lag(product));
        var tried = Failures(faults);
        Assert.NotEqual(0, tried);
        await AdvanceAsync(product, TimeSpan.FromMinutes(5));
        Assert.Equal(Meanwhile, Lag(product));
        // A try a minute once the back-off is at its longest; each writes an intent or a state for each customer.
        Assert.InRange(Failures(faults) - tried, 1, 10 * 2 * Customers);

        faults.Enabled = false;
        await AdvanceAsync(product, TimeSpan.FromMinutes(1));
        Assert.Equal(0, Lag(product));
        for (var customer = 0; customer < Customers; customer++)
            Assert.Equal(Convert.ToHexString(await undisturbed.BlockAsync($"C-{customer}")), Convert.ToHexString(await product.BlockAsync($"C-{customer}")));
    }

    [Theory]
    [InlineData(FaultPoint.HubSend, "POST", "api/transactions")]
    [InlineData(FaultPoint.TableWrite, "PUT", "api/customers/C-1/profile")]
    [InlineData(FaultPoint.TableRead, "GET", "api/customers/C-1")]
    public async Task A_caller_is_told_to_come_again_and_then_is_served(FaultPoint away, string method, string path)
    {
        var faults = Faults(away);
        await using var product = await StartAsync(faults);
        await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", """{ "country": "DE" }""");
        faults.Enabled = true;
        var (status, wait) = await CallAsync();
        Assert.Equal(503, status);
        Assert.InRange(wait!.Value.TotalSeconds, 1, 11);
        faults.Enabled = false;
        (status, _) = await CallAsync();
        Assert.InRange(status, 200, 202);

        async Task<(int Status, TimeSpan? Wait)> CallAsync()
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method != "GET")
                request.Content = new StringContent(path.EndsWith("profile", StringComparison.Ordinal) ? """{ "country": "AT" }""" : Encoding.UTF8.GetString(Payment(1)), Encoding.UTF8, "application/json");
            using var answer = await product.Client.SendAsync(request);
            return ((int)answer.StatusCode, answer.Headers.RetryAfter?.Delta);
        }
    }

    private FaultInjector Faults(FaultPoint point) => new(
        new FaultPlan(1) { Rate = 1, KillRate = 0, IdleShare = 1, Only = (where, kind) => where == point && kind is FaultKind.Fail }, _images.Path) { Enabled = false };

    private static Task<Product> StartAsync(FaultInjector? faults) => Product.StartAsync(services =>
    {
        services.AddVirtualTime(new VirtualClock(Product.Now), new VirtualTimeSettings(1));
        if (faults is not null)
            services.AddFaults(faults);
    }, null, "--CLM_UNSYNCED=true");

    private static Task AdvanceAsync(Product product, TimeSpan by) => product.Get<VirtualTime>().AdvanceToAsync(product.Get<TimeProvider>().GetUtcNow() + by, CancellationToken.None);

    private static async Task PostAsync(Product product, int from, int count)
    {
        var events = string.Join(',', Enumerable.Range(from, count).Select(i => Encoding.UTF8.GetString(Payment(i))));
        Assert.Equal(202, (await product.SendAsync(HttpMethod.Post, "api/transactions", $"[{events}]")).Status);
    }

    private static byte[] Payment(int number) => Product.Payment($"C-{number % Customers}", $"p-{number}", Product.Now.AddHours(-number), -(number % 90));

    private static long Lag(Product product) => product.Get<EventHubsNamespace>().GetLag(EventStreams.TransactionsHub);

    private static long Failures(FaultInjector faults) => faults.Counts.Sum(count => count.Count);
}
