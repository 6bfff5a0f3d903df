using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions.Authorizations;
using ServerlessCLM.Emulator;
using ServerlessCLM.Tests.Emulator;
using ServerlessCLM.Tests.Emulator.Hosting;

namespace ServerlessCLM.Tests.Faults;

/// <summary>
/// The product is killed while authorizations run, whose payments are sent after their answer. The network repeats what was not answered; in the
/// end every request was decided once, every answer given still holds, and every decision has its payment.
/// </summary>
public class AuthorizationKillTests
{
    private const int Customers = 12, Requests = 40;

    /// <summary>The history keeps as many as one customer asks for at the most, so that the end can be compared with every answer.</summary>
    private static readonly int Rounds = Math.Clamp(KillTests.Setting("CLM_KILL_ROUNDS", 100) / 10, 1, 12);

    [Fact]
    public async Task Killed_between_answer_and_payment_no_authorization_is_lost_or_doubled()
    {
        using var folder = new TestFolder();
        var random = new Rng((ulong)KillTests.Seed);
        var answers = new Dictionary<(string Customer, string Id), string>();
        await using (var host = new KilledHost(folder.Path))
        {
            await host.StartAsync();
            for (var round = 0; round < Rounds; round++)
            {
                var asked = Enumerable.Range(0, Requests).Select(i => (Customer: $"C-{i % Customers}", Id: $"R-{round}-{i}")).ToList();
                var sent = asked.ConvertAll(each => AskAsync(host.Client, each.Customer, each.Id));
                // From before the first commit to after most answers.
                await Task.WhenAll(sent.Take(random.Below(Requests)));
                await host.KillAsync();
                await host.StartAsync();
                for (var i = 0; i < asked.Count; i++)
                {
                    var first = await sent[i];
                    var second = await AskAsync(host.Client, asked[i].Customer, asked[i].Id);
                    Assert.NotNull(second);
                    Assert.Equal(first ?? second, second);
                    answers.Add(asked[i], second);
                }
            }

            await host.KillAsync();
        }

        await CheckAsync(folder.Path, answers);
    }

    private static async Task CheckAsync(string data, Dictionary<(string Customer, string Id), string> answers)
    {
        using var host = Functions.ServerlessClm.Create(
            [$"--CLM_DATA={data}", "--CLM_PORT=0", "--Clm:RelayAfter=00:00:00", "--Logging:LogLevel:Default=Warning"]);
        await host.StartAsync();
        await host.Services.GetRequiredService<Outbox>().RelayAsync(CancellationToken.None);
        var store = host.Services.GetRequiredService<CustomerStore>();
        foreach (var customer in answers.GroupBy(answer => answer.Key.Customer, answer => answer.Value))
        {
            var partition = await store.ReadAsync(CustomerId.Parse(customer.Key), CancellationToken.None);
            Assert.Empty(partition!.Of(CustomerRows.OutboxPrefix));
            var row = partition.Rows.Single(each => each.Key == CustomerRows.Authorizations).Value;
            var history = JsonSerializer.Deserialize(row, AuthorizationsJson.Default.AuthorizationHistory)!;
            Assert.Equal(customer.Order(), history.Latest.Select(known => known.Id).Order());
        }

        var payments = host.Services.GetRequiredService<EventHubsNamespace>().ReadAll(EventStreams.TransactionsHub)
            .Select(payment => (string)JsonNode.Parse(payment.EventBody.ToMemory().Span)!["id"]!);
        Assert.Equal(answers.Keys.Select(key => $"{key.Customer}/{key.Id}").Order(), payments.Distinct().Order());
        await host.StopAsync();
    }

    /// <returns>The decision's id; null where no answer came.</returns>
    private static async Task<string?> AskAsync(HttpClient client, string customer, string id)
    {
        var body = $$"""
            {"customerId":"{{customer}}","id":"{{id}}","accountId":"A-{{customer}}","amount":5.00,"currency":"EUR","mcc":"5411","merchant":"Grocer 12",
             "country":"DE","channel":"chip","available":1000.00}
            """;
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        try
        {
            using var response = await client.PostAsync("api/authorizations", content);
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
            Assert.True(response.StatusCode == HttpStatusCode.OK, answer.ToJsonString());
            // A step-up moves no money and would leave no payment; a card that is present is never asked.
            Assert.NotEqual("StepUp", (string)answer["decision"]!);
            return (string)answer["authorizationId"]!;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
