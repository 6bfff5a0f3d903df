using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator.Hosting;

public sealed class ShutdownTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact(Timeout = 60_000)]
    public async Task A_batch_has_its_time_to_end_while_a_request_takes_its_own()
    {
        using var folder = new TestFolder();
        var clock = new VirtualClock(Start);
        var (deliveries, gate) = (new Deliveries { Hold = true }, new HostLimitsTests.Gate());
        using var host = RunningHost.Build([typeof(HubFunctions.Batched), typeof(HostLimitsTests.Functions)], folder.Path, builder =>
            builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton(deliveries).AddSingleton(gate));
        await host.StartAsync();
        var hubs = host.Services.GetRequiredService<EventHubsNamespace>();
        var producer = new EventHubProducerClient(hubs, "h");
        await producer.SendAsync([new EventData("a")], new SendEventOptions { PartitionId = "0" });
        await deliveries.NextAsync();
        using var client = new HttpClient { BaseAddress = host.GetBaseAddress() };
        client.DefaultRequestHeaders.Add("x-functions-key", RunningHost.FunctionKey);
        var request = client.GetStringAsync("/api/held");
        await gate.Entered.WaitAsync();

        var stopping = host.StopAsync();
        // The batch's ten seconds have begun although the request is not done.
        await clock.WhenArmedAsync(Start.AddSeconds(10)).WaitAsync(TimeSpan.FromSeconds(20));
        await producer.SendAsync([new EventData("b")], new SendEventOptions { PartitionId = "0" });
        deliveries.Proceed.Release(10);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync("/api/held"));
        gate.Open.Release();
        Assert.Equal("through", await request);
        await stopping;

        // The first is remembered, the second was not begun.
        Assert.False(deliveries.Any);
        Assert.Equal(1, hubs.GetLag("h"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_function_fired_by_hand_that_does_not_end_keeps_no_host_from_stopping()
    {
        var stubborn = new Stubborn();
        using var firing = new HandFiring([stubborn], NullLogger<HandFiring>.Instance);
        firing.Fire(FunctionCatalogue.Of([typeof(TimerOnly)]).Functions[0], input: null);
        await stubborn.Begun.Task;
        await firing.StopAsync(new CancellationToken(canceled: true));
        stubborn.End.SetResult();
    }

    public static class TimerOnly
    {
        [Function("Timer")]
        public static void Run([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer) => ArgumentNullException.ThrowIfNull(timer);
    }

    /// <summary>Does not look at its cancellation.</summary>
    sealed class Stubborn : ITriggerListener
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Type TriggerType => typeof(TimerTriggerAttribute);

        public Task FireAsync(FunctionDescriptor function, string? input, CancellationToken cancellation)
        {
            Begun.SetResult();
            return End.Task;
        }
    }
}
