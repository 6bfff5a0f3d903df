using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>What a function got.</summary>
public sealed record Delivery(FunctionContext Context, string[] Bodies);

/// <summary>Collects what the functions get, and makes them fail or wait.</summary>
public sealed class Deliveries
{
    readonly Channel<Delivery> _taken = Channel.CreateUnbounded<Delivery>();

    /// <summary>A body that makes a function fail.</summary>
    public string? Failing { get; set; }

    /// <summary>Whether functions wait for <see cref="Proceed"/>.</summary>
    public bool Hold { get; set; }

    public SemaphoreSlim Proceed { get; } = new(0);

    public bool Any => _taken.Reader.Count > 0;

    public bool TryNext([MaybeNullWhen(false)] out Delivery delivery) => _taken.Reader.TryRead(out delivery);

    public Task<Delivery> NextAsync() => _taken.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public async Task TakeAsync(FunctionContext context, params EventData[] events)
    {
        var delivery = new Delivery(context, [.. events.Select(e => e.EventBody.ToString())]);
        _taken.Writer.TryWrite(delivery);
        if (Hold) await Proceed.WaitAsync(context.CancellationToken);
        if (delivery.Bodies.Contains(Failing, StringComparer.Ordinal)) throw new InvalidOperationException($"'{Failing}' fails.");
    }
}

public static class HubFunctions
{
    public sealed class Batched(Deliveries deliveries)
    {
        [Function("Score")]
        public Task Score([EventHubTrigger("h", Connection = "EventHubs")] EventData[] events, FunctionContext context) => deliveries.TakeAsync(context, events);
    }

    public sealed class OneByOne(Deliveries deliveries)
    {
        [Function("Score")]
        public Task Score([EventHubTrigger("h", IsBatched = false)] EventData one, FunctionContext context) => deliveries.TakeAsync(context, one);
    }

    public sealed class RetriedTwice(Deliveries deliveries)
    {
        [Function("Score"), FixedDelayRetry(2, "00:00:05")]
        public Task Score([EventHubTrigger("h")] EventData[] events, FunctionContext context) => deliveries.TakeAsync(context, events);
    }

    public sealed class RetriedForEver(Deliveries deliveries)
    {
        [Function("Score"), ExponentialBackoffRetry(-1, "00:00:01", "00:00:08")]
        public Task Score([EventHubTrigger("h")] EventData[] events, FunctionContext context) => deliveries.TakeAsync(context, events);
    }

    public sealed class TwoGroups(Deliveries deliveries)
    {
        [Function("Score")]
        public Task Score([EventHubTrigger("h")] EventData[] events, FunctionContext context) => deliveries.TakeAsync(context, events);

        [Function("Archive")]
        public Task Archive([EventHubTrigger("h", ConsumerGroup = "archive")] EventData[] events, FunctionContext context) => deliveries.TakeAsync(context, events);
    }

    public sealed class ArchiveRetriedForEver(Deliveries deliveries)
    {
        [Function("Score")]
        public Task Score([EventHubTrigger("h")] EventData[] events, FunctionContext context) => deliveries.TakeAsync(context, events);

        [Function("Archive"), FixedDelayRetry(-1, "00:00:05")]
        public Task Archive([EventHubTrigger("h", ConsumerGroup = "archive")] EventData[] events, FunctionContext context) => deliveries.TakeAsync(context, events);
    }

    public static class WrongParameter
    {
        [Function("Score")]
        public static Task Score([EventHubTrigger("h")] EventData one) => Task.FromResult(one);
    }

    public static class SharedGroup
    {
        [Function("A")]
        public static Task A([EventHubTrigger("h")] EventData[] events) => Task.FromResult(events);

        [Function("B")]
        public static Task B([EventHubTrigger("H", ConsumerGroup = "$default")] EventData[] events) => Task.FromResult(events);
    }

    public static class MissingSetting
    {
        [Function("Score")]
        public static Task Score([EventHubTrigger("%HUB_NAME%")] EventData[] events) => Task.FromResult(events);
    }

    public static class StrangeHub
    {
        [Function("Score")]
        public static Task Score([EventHubTrigger("a/b")] EventData[] events) => Task.FromResult(events);
    }
}
