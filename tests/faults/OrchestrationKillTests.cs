using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ServerlessCLM.Emulator;
using ServerlessCLM.KilledApp;
using ServerlessCLM.Tests.Emulator.Hosting;

namespace ServerlessCLM.Tests.Faults;

/// <summary>
/// An app is killed again and again while orders come in, each an orchestration of activities, a timer and a sub-orchestration. Every
/// order that was answered for must end, with each of its steps once.
/// </summary>
public class OrchestrationKillTests
{
    private const int Orders = 25;

    /// <summary>40 of 100 rounds, as <see cref="KillTests"/> says.</summary>
    private static readonly int Rounds = KillTests.Setting("CLM_KILL_ROUNDS", 100) * 4 / 10;

    [Fact]
    public async Task Killed_under_load_every_order_ends_with_each_of_its_steps_once()
    {
        using var folder = new TestFolder();
        var random = new Rng((ulong)KillTests.Seed);
        var orders = new List<string>();
        await using (var host = new KilledHost(folder.Path, typeof(OrdersApp)))
        {
            await host.StartAsync();
            for (var round = 0; round < Rounds; round++)
            {
                var wanted = Enumerable.Range(0, Orders).Select(order => $"o-{round}-{order}").ToList();
                orders.AddRange(wanted);
                await SendThroughAKillAsync(host, wanted, killAfter: random.Below(Orders));
            }

            await host.KillAsync();
        }

        await CheckAsync(folder.Path, orders);
    }

    /// <summary>Sends orders at once; when so many have been answered the host dies, and the others are sent again to the next.</summary>
    private static async Task SendThroughAKillAsync(KilledHost host, List<string> orders, int killAfter)
    {
        var (left, dead) = (killAfter, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        if (left == 0)
            dead.SetResult();
        var sending = orders.Select(SendAsync).ToList();
        await dead.Task;
        await host.KillAsync();
        var answered = await Task.WhenAll(sending);
        await host.StartAsync();
        for (var i = 0; i < orders.Count; i++)
            Assert.True(answered[i] || await PutAsync(host.Client, orders[i]), "a living host refused a good order");

        async Task<bool> SendAsync(string order)
        {
            var taken = await PutAsync(host.Client, order);
            if (taken && Interlocked.Decrement(ref left) == 0)
                dead.SetResult();
            return taken;
        }
    }

    private static async Task<bool> PutAsync(HttpClient client, string order)
    {
        try
        {
            using var response = await client.PutAsync($"api/orders/{order}", content: null);
            return response.StatusCode == HttpStatusCode.Accepted;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Opens the data folder in this process, lets every order end, and counts.</summary>
    private static async Task CheckAsync(string data, List<string> orders)
    {
        using var host = OrdersApp.Create([$"--CLM_DATA={data}", "--CLM_PORT=0", "--Logging:LogLevel:Default=Warning"]);
        await host.StartAsync();
        var client = host.Services.GetRequiredService<EmulatorDurableTaskClient>();
        foreach (var order in orders)
        {
            var ended = await client.WaitForInstanceCompletionAsync(order, getInputsAndOutputs: true).WaitAsync(TimeSpan.FromMinutes(1));
            Assert.Equal((OrchestrationRuntimeStatus.Completed, KilledApp.Orders.Steps), (ended.RuntimeStatus, ended.ReadOutputAs<int>()));
        }

        Assert.Empty(host.Services.GetRequiredService<TaskHub>().SetAside);
        var steps = new Dictionary<string, int>(StringComparer.Ordinal);
        await foreach (var row in host.Services.GetRequiredService<TableClient>().QueryAsync<TableEntity>())
            steps[row.PartitionKey] = steps.GetValueOrDefault(row.PartitionKey) + 1;
        Assert.Equal(orders.Order(StringComparer.Ordinal), steps.Keys.Order(StringComparer.Ordinal));
        Assert.All(steps.Values, count => Assert.Equal(KilledApp.Orders.Steps, count));
        await host.StopAsync();
    }
}
