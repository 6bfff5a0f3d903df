using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Emulator;
using static ServerlessCLM.Tests.Emulator.HubFunctions;

namespace ServerlessCLM.Tests.Emulator;

public sealed class EventHubsTriggerTests : IAsyncLifetime
{
    static readonly SendEventOptions First = new() { PartitionId = "0" };
    readonly HubFolder _folder = new();
    readonly Deliveries _deliveries = new();
    ServiceProvider? _host;
    EventHubsTriggerListener? _listener;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _deliveries.Proceed.Release(1000);
        await StopAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_batch_comes_in_order_with_its_partition()
    {
        await SendAsync("a", "b", "c");
        await StartAsync<Batched>();
        var batch = await NextAsync();
        Assert.Equal(["a", "b", "c"], batch.Bodies);
        var partition = JsonDocument.Parse((string)batch.Context.BindingContext.BindingData["PartitionContext"]!).RootElement;
        Assert.Equal("h", partition.GetProperty("EventHubName").GetString());
        Assert.Equal("$Default", partition.GetProperty("ConsumerGroup").GetString());
        Assert.Equal("0", partition.GetProperty("PartitionId").GetString());
        Assert.False(string.IsNullOrEmpty(partition.GetProperty("FullyQualifiedNamespace").GetString()));
    }

    [Fact]
    public async Task A_batch_is_as_large_as_the_host_allows_and_no_larger()
    {
        await SendAsync([.. Enumerable.Range(0, 25).Select(i => $"{i}")]);
        await StartAsync<Batched>(new() { MaxEventBatchSize = 10 });
        foreach (var size in (int[])[10, 10, 5])
            Assert.Equal(size, (await NextAsync()).Bodies.Length);
        await DrainedAsync();
    }

    [Fact]
    public async Task One_event_at_a_time_when_not_batched()
    {
        await SendAsync("a", "b");
        await StartAsync<OneByOne>();
        Assert.Equal(["a"], (await NextAsync()).Bodies);
        Assert.Equal(["b"], (await NextAsync()).Bodies);
        await DrainedAsync();
    }

    [Fact]
    public async Task Too_few_events_wait_until_there_are_enough()
    {
        await StartAsync<Batched>(new() { MinEventBatchSize = 3, MaxWaitTime = TimeSpan.FromSeconds(30) });
        await SendAsync("a");
        await WaitedForAsync(30);
        await SendAsync("b", "c");
        Assert.Equal(["a", "b", "c"], (await NextAsync()).Bodies);
    }

    [Fact]
    public async Task Too_few_events_wait_no_longer_than_the_longest_wait()
    {
        await StartAsync<Batched>(new() { MinEventBatchSize = 3, MaxWaitTime = TimeSpan.FromSeconds(30) });
        await SendAsync("a", "b");
        await WaitedForAsync(30);
        _folder.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(_deliveries.Any);
        _folder.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["a", "b"], (await NextAsync()).Bodies);
    }

    [Fact]
    public async Task The_checkpoint_moves_past_a_batch_that_fails()
    {
        await SendAsync("bad");
        await StartAsync<Batched>();
        _deliveries.Failing = "bad";
        Assert.Equal(["bad"], (await NextAsync()).Bodies);
        await DrainedAsync();
        await SendAsync("good");
        Assert.Equal(["good"], (await NextAsync()).Bodies);
    }

    [Fact]
    public async Task A_limited_retry_tries_so_often_and_then_moves_on()
    {
        await SendAsync("bad");
        _deliveries.Failing = "bad";
        await StartAsync<RetriedTwice>();
        for (var retry = 0; retry <= 2; retry++)
        {
            Assert.Equal(retry, (await NextAsync()).Context.RetryContext.RetryCount);
            if (retry == 2) break;
            await WaitedForAsync(5);
            Assert.Equal(1, Lag);
            _folder.Clock.Advance(TimeSpan.FromSeconds(5));
        }
        await DrainedAsync();
    }

    [Fact]
    public async Task The_checkpoint_stays_while_an_unlimited_retry_still_tries_and_the_batch_comes_again_after_a_restart()
    {
        await SendAsync("bad");
        _deliveries.Failing = "bad";
        await StartAsync<RetriedForEver>();
        foreach (var seconds in (int[])[1, 2, 4, 8, 8])
        {
            Assert.Equal(["bad"], (await NextAsync()).Bodies);
            await WaitedForAsync(seconds);
            Assert.Equal(1, Lag);
            _folder.Clock.Advance(TimeSpan.FromSeconds(seconds));
        }
        await NextAsync();
        await WaitedForAsync(8);
        await StopAsync();

        _deliveries.Failing = null;
        await StartAsync<RetriedForEver>();
        Assert.Equal(["bad"], (await NextAsync()).Bodies);
        await DrainedAsync();
    }

    [Fact]
    public async Task Stopping_lets_the_batch_end_and_remembers_it()
    {
        await SendAsync("a");
        _deliveries.Hold = true;
        await StartAsync<Batched>();
        await NextAsync();
        var stopping = StopAsync();
        Assert.False(stopping.IsCompleted);
        _deliveries.Proceed.Release();
        await stopping;

        _deliveries.Hold = false;
        await StartAsync<Batched>();
        Assert.Equal(0, Lag);
        await SendAsync("b");
        Assert.Equal(["b"], (await NextAsync()).Bodies);
    }

    [Fact]
    public async Task A_batch_that_does_not_end_in_time_comes_again()
    {
        await SendAsync("a");
        _deliveries.Hold = true;
        await StartAsync<Batched>();
        await NextAsync();
        var stopping = StopAsync();
        await WaitedForAsync(10);
        _folder.Clock.Advance(TimeSpan.FromSeconds(10));
        await stopping;

        _deliveries.Hold = false;
        await StartAsync<Batched>();
        Assert.Equal(["a"], (await NextAsync()).Bodies);
    }

    [Fact]
    public async Task Consumer_groups_each_get_every_event()
    {
        await SendAsync("a", "b");
        await StartAsync<TwoGroups>();
        Delivery[] both = [await NextAsync(), await NextAsync()];
        Assert.Equal(["Archive", "Score"], both.Select(d => d.Context.FunctionDefinition.Name).Order(StringComparer.Ordinal));
        Assert.All(both, delivery => Assert.Equal(["a", "b"], delivery.Bodies));
    }

    [Fact]
    public async Task A_group_that_stands_still_holds_up_no_other()
    {
        _deliveries.Failing = "bad";
        await SendAsync("bad");
        await StartAsync<ArchiveRetriedForEver>();
        await WaitedForAsync(5);
        await DrainedAsync();
        await SendAsync("good");
        await DrainedAsync();
        Assert.Equal((0, 2), (Lag, Hubs.GetLag("h", "archive")));
        await StopAsync();
        Assert.Equal(["Archive bad", "Score bad", "Score good"], Taken().Order(StringComparer.Ordinal));

        _deliveries.Failing = null;
        await StartAsync<ArchiveRetriedForEver>();
        await Hubs.WaitUntilDrainedAsync("h", "archive").WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(["Archive bad", "Archive good"], Taken());
    }

    [Fact]
    public async Task A_new_group_may_begin_at_the_end()
    {
        await SendAsync("old");
        await StartAsync<Batched>(new() { InitialOffset = InitialOffset.FromEnd });
        Assert.Equal(0, Lag);
        await SendAsync("new");
        Assert.Equal(["new"], (await NextAsync()).Bodies);
    }

    [Fact]
    public async Task A_checkpoint_beyond_the_log_goes_back_to_its_end()
    {
        // As when the partition's files were restored from an older copy.
        await SendAsync("old");
        Hubs.GetHub("h").Group("$Default").MoveTo(0, 100);
        await StartAsync<Batched>();
        await SendAsync("new");
        Assert.Equal(["new"], (await NextAsync()).Bodies);
        await DrainedAsync();
    }

    [Fact]
    public async Task A_batch_of_large_events_ends_before_it_fills_the_memory()
    {
        for (var i = 0; i < 24; i++)
            await SendAsync(new string('x', 900_000));
        await StartAsync<Batched>(new() { MaxEventBatchSize = 1000 });
        var taken = 0;
        for (var batches = 0; taken < 24; batches++)
        {
            var bodies = (await NextAsync()).Bodies;
            Assert.InRange(bodies.Sum(body => body.Length), 1, 17_700_000);
            taken += bodies.Length;
        }

        Assert.Equal(24, taken);
        await DrainedAsync();
    }

    [Fact]
    public async Task Every_partition_has_its_own_pump()
    {
        await StartAsync<Batched>();
        _deliveries.Hold = true;
        for (var partition = 0; partition < 4; partition++)
            await Producer.SendAsync([new EventData($"{partition}")], new SendEventOptions { PartitionId = $"{partition}" });
        // All four are under way at once.
        var bodies = new List<string>();
        for (var i = 0; i < 4; i++)
            bodies.AddRange((await NextAsync()).Bodies);
        Assert.Equal(["0", "1", "2", "3"], bodies.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_function_may_be_fired_by_hand()
    {
        await StartAsync<Batched>();
        await _listener!.FireAsync(_host!.GetRequiredService<FunctionCatalogue>().Get("Score")!, "by hand", CancellationToken.None);
        Assert.Equal(["by hand"], (await NextAsync()).Bodies);
        Assert.Equal(0, Lag);
    }

    [Theory]
    [InlineData(typeof(WrongParameter), "Function 'Score': with IsBatched = True the parameter 'one' is EventData[], not EventData.")]
    [InlineData(typeof(SharedGroup), "Functions 'A' and 'B' share consumer group '$Default' of hub 'h'; each needs its own.")]
    [InlineData(typeof(MissingSetting), "Function 'Score': the setting 'HUB_NAME' is not there.")]
    [InlineData(typeof(StrangeHub), "Function 'Score': 'a/b' is not a hub's name: at most 256 letters, digits, '.', '-' and '_', a letter or digit at both ends.")]
    public void What_is_wrong_is_said_at_the_start(Type functions, string expected)
    {
        _host = Build(functions, new());
        var refused = Assert.Throws<FunctionsStartupException>(() => _host.GetRequiredService<EventHubsTriggerListener>());
        Assert.Equal(expected, refused.Message);
    }

    // Function and body of everything taken so far, in order.
    List<string> Taken()
    {
        var taken = new List<string>();
        while (_deliveries.TryNext(out var delivery))
            taken.AddRange(delivery.Bodies.Select(body => $"{delivery.Context.FunctionDefinition.Name} {body}"));
        return taken;
    }

    EventHubsNamespace Hubs => _host!.GetRequiredService<EventHubsNamespace>();

    EventHubProducerClient Producer => new(Hubs, "h");

    long Lag => Hubs.GetLag("h");

    // Returns once somebody waits for the clock to be so many seconds further.
    Task WaitedForAsync(int seconds) =>
        _folder.Clock.WhenArmedAsync(_folder.Clock.GetUtcNow().AddSeconds(seconds)).WaitAsync(TimeSpan.FromSeconds(20));

    Task<Delivery> NextAsync() => _deliveries.NextAsync();

    Task DrainedAsync() => Hubs.WaitUntilDrainedAsync("h").WaitAsync(TimeSpan.FromSeconds(20));

    async Task SendAsync(params string[] bodies)
    {
        _host ??= Build(typeof(Batched), new());
        await Producer.SendAsync(bodies.Select(body => new EventData(body)), First);
    }

    async Task StartAsync<TFunctions>(EventHubsSettings? settings = null)
    {
        if (_host is not null) await _host.DisposeAsync();
        _host = Build(typeof(TFunctions), settings ?? new());
        _listener = _host.GetRequiredService<EventHubsTriggerListener>();
        await _listener.StartAsync(CancellationToken.None);
    }

    async Task StopAsync()
    {
        if (_listener is not null) await _listener.StopAsync(CancellationToken.None);
        if (_host is not null) await _host.DisposeAsync();
        (_listener, _host) = (null, null);
    }

    ServiceProvider Build(Type functions, EventHubsSettings settings) => new ServiceCollection()
        .AddLogging()
        .AddSingleton<TimeProvider>(_folder.Clock)
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
        .AddSingleton(new EmulatorOptions { DataDirectory = _folder.Path })
        .AddSingleton(new HostConfiguration { EventHubs = settings })
        .AddSingleton(FunctionCatalogue.Of([functions]))
        .AddSingleton(_deliveries)
        .AddSingleton<FunctionInvoker>()
        .AddEventHubsTriggers()
        .BuildServiceProvider();
}
