using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Emulator;
using ServerlessCLM.Tests.Emulator.Hosting;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>Hubs and their trigger in a whole host.</summary>
public sealed class EventHubsHostTests
{
    [Fact]
    public async Task What_is_sent_comes_to_the_function_and_is_not_delivered_again_after_a_restart()
    {
        using var data = new TestFolder();
        var deliveries = new Deliveries();
        await using (var host = await StartAsync(deliveries, data, partitions: "7"))
        {
            var hubs = host.Services.GetRequiredService<EventHubsNamespace>();
            var producer = new EventHubProducerClient(hubs, "h");
            Assert.Equal(7, (await producer.GetPartitionIdsAsync()).Length);
            await producer.SendAsync([new EventData("sent")]);
            Assert.Equal(["sent"], (await deliveries.NextAsync()).Bodies);
            await hubs.WaitUntilDrainedAsync("h").WaitAsync(TimeSpan.FromSeconds(20));
        }

        await using (var host = await StartAsync(deliveries, data, partitions: "2"))
        {
            var hubs = host.Services.GetRequiredService<EventHubsNamespace>();
            Assert.Equal(0, hubs.GetLag("h"));
            await new EventHubProducerClient(hubs, "h").SendAsync([new EventData("later")]);
            Assert.Equal(["later"], (await deliveries.NextAsync()).Bodies);
        }
    }

    [Fact]
    public async Task The_function_is_fired_by_hand_over_HTTP()
    {
        using var data = new TestFolder();
        var deliveries = new Deliveries();
        await using var host = await StartAsync(deliveries, data);
        var (status, _) = await host.SendAsync(HttpMethod.Post, "/admin/functions/Score", RunningHost.MasterKey, """{"input":"by hand"}""");
        Assert.Equal(202, status);
        Assert.Equal(["by hand"], (await deliveries.NextAsync()).Bodies);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("33")]
    [InlineData("many")]
    public async Task An_impossible_number_of_partitions_keeps_the_host_from_starting(string partitions)
    {
        using var data = new TestFolder();
        var refused = await Assert.ThrowsAsync<FunctionsStartupException>(() => StartAsync(new Deliveries(), data, partitions));
        Assert.Equal($"CLM_PARTITIONS is '{partitions}', needs a whole number from 1 to 32.", refused.Message);
    }

    [Fact]
    public async Task A_damaged_hub_keeps_the_host_from_starting()
    {
        using var data = new TestFolder();
        var hub = Directory.CreateDirectory(Path.Combine(data.Path, "hubs", "h"));
        await File.WriteAllTextAsync(Path.Combine(hub.FullName, "hub.json"), "{");
        var refused = await Assert.ThrowsAsync<FunctionsStartupException>(() => StartAsync(new Deliveries(), data));
        Assert.StartsWith(Path.Combine(hub.FullName, "hub.json"), refused.Message, StringComparison.Ordinal);
    }

    static Task<RunningHost> StartAsync(Deliveries deliveries, TestFolder data, string? partitions = null) =>
        RunningHost.StartAsync(
            [typeof(HubFunctions.Batched)],
            builder =>
            {
                builder.Services.AddSingleton(deliveries);
                builder.Configuration[EventHubsRegistration.PartitionsSetting] = partitions;
            },
            data.Path);
}
