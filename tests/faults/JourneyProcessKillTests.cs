using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Tests.Messages;

namespace ServerlessCLM.Tests.Faults;

/// <summary>
/// The product's process is killed again and again (SIGKILL) while customers go through a journey of three messages: each message reaches the provider
/// once, and every journey ends. CLM_PROCESS_KILLS says how often, such as 1000; without it nothing is killed, because each takes a second or two.
/// </summary>
public class JourneyProcessKillTests
{
    private const int CustomersPerKill = 2, Messages = 3;

    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("CLM_PROCESS_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var kills) ? kills : 0;

    private const string Journey = """
        {
          "id": "killed", "version": 1, "stage": "activate", "sector": "card", "purpose": "service", "entry": { "call": true }, "start": "one",
          "nodes": {
            "one": { "message": "first-purchase-tips", "channel": "email", "next": "rest", "refused": "refused" }, "rest": { "wait": "PT1S", "next": "two" },
            "two": { "message": "first-purchase-tips", "channel": "email", "next": "more-rest", "refused": "refused" }, "more-rest": { "wait": "PT1S", "next": "three" },
            "three": { "message": "first-purchase-tips", "channel": "email", "next": "done", "refused": "refused" },
            "done": { "goal": "told-three-times" }, "refused": { "end": "refused" }
          }
        }
        """;

    [Fact]
    public async Task Killed_at_random_instants_every_journey_ends_and_each_message_reaches_the_provider_once()
    {
        Assert.SkipWhen(Kills == 0, "set CLM_PROCESS_KILLS to how often the process is to be killed");
        using var folder = new TemporaryFolder();
        await using var provider = await FakeProvider.StartAsync(TimeProvider.System.GetUtcNow);
        await using var host = new KilledHost(folder.Path)
        {
            Settings = new Dictionary<string, string>
            {
                ["Clm__Gateways__email__Endpoint"] = provider.Address, ["Clm__Gateways__email__Secrets__0"] = FakeProvider.Secret, ["Clm__Gateways__AllowPrivateAddresses"] = "true",
            },
        };
        await host.StartAsync();
        await PutInForceAsync(host.Client);
        var (random, customers) = (new Rng((ulong)KillTests.Seed), new List<string>());
        for (var kill = 0; kill < Kills; kill++)
        {
            for (var one = 0; one < CustomersPerKill; one++)
            {
                customers.Add($"C-{customers.Count}");
                await EnterAsync(host.Client, customers[^1]);
            }

            // The instant is that of an answer of the host, of any request out of some.
            for (var look = random.Below(60); look > 0; look--)
                await host.Client.GetAsync(new Uri($"api/customers/{customers[random.Below(customers.Count)]}/journeys", UriKind.Relative));
            await host.KillAsync();
            await host.StartAsync();
            if ((kill + 1) % 10 == 0)
                TestContext.Current.SendDiagnosticMessage($"{kill + 1} of {Kills} kills, {provider.Messages.Count} messages");
        }

        foreach (var customer in customers)
            await EndedAsync(host.Client, customer);
        Assert.Equal(customers.Count * Messages, provider.Messages.Count);
        Assert.All(provider.Messages.Values.CountBy(message => (string)message["data"]!["customerId"]!), told => Assert.Equal(Messages, told.Value));
    }

    private static async Task PutInForceAsync(HttpClient client)
    {
        const string Path = "api/documents/journeys/killed";
        var saved = await AsAsync(client, "ann", HttpMethod.Put, Path, JsonNode.Parse(Journey)!, null);
        await AsAsync(client, "ann", HttpMethod.Post, $"{Path}/submission", new JsonObject { ["version"] = 1 }, null);
        await AsAsync(client, "bob", HttpMethod.Post, $"{Path}/approval", new JsonObject { ["version"] = 1, ["approve"] = true }, saved);
    }

    /// <summary>Told until it is answered: under the same key it is one entry, whatever was lost.</summary>
    private static async Task EnterAsync(HttpClient client, string customer)
    {
        await AsAsync(client, "ann", HttpMethod.Put, $"api/customers/{customer}/profile", JsonNode.Parse("""{ "country": "DE", "timeZone": "Europe/Berlin", "language": "en", "email": "a@example.com" }""")!, null);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/customers/{customer}/journeys/killed") { Content = JsonContent.Create(new JsonObject()) };
        request.Headers.Add("Idempotency-Key", "entry");
        // The journey is in force within half a minute of its approval.
        using var answer = await client.SendAsync(request);
        if ((int)answer.StatusCode == 404)
            await EnterAsync(client, customer);
        else
            answer.EnsureSuccessStatusCode();
    }

    private static async Task EndedAsync(HttpClient client, string customer)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (var look = 0; look < 600; look++)
        {
            var journeys = await client.GetFromJsonAsync<JsonObject>(new Uri($"api/customers/{customer}/journeys", UriKind.Relative));
            var journey = Assert.Single(journeys!["journeys"]!.AsArray())!;
            if (!(bool)journey["running"]!)
            {
                Assert.Equal(("goal", "told-three-times"), ((string?)journey["outcome"], (string?)journey["reason"]));
                var sent = (await client.GetFromJsonAsync<JsonObject>(new Uri($"api/customers/{customer}/messages", UriKind.Relative)))!["messages"]!.AsArray();
                if (sent.Count(message => (string?)message!["status"] == "accepted") == Messages)
                    return;
            }

            await ticks.WaitForNextTickAsync();
        }

        Assert.Fail($"{customer} has not come to the end of the journey within ten minutes");
    }

    /// <returns>The answer's ETag.</returns>
    private static async Task<string?> AsAsync(HttpClient client, string principal, HttpMethod method, string path, JsonNode body, string? seen)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("x-ms-client-principal-name", principal);
        if (seen is not null)
            request.Headers.TryAddWithoutValidation("If-Match", seen);
        using var answer = await client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer.Headers.ETag?.ToString();
    }
}
