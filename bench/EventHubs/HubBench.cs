using System.Diagnostics;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Bench.EventHubs;

/// <summary>
/// A hub of 4 partitions on the disk: events appended per second in batches, each batch flushed before it is answered; events read per
/// second; and both at once.
/// </summary>
internal static class HubBench
{
    private const int Partitions = 4, Events = 400_000, BatchSize = 500, Bytes = 316, Repeats = 5;
    private const string Hub = "bench";

    public static async Task RunAsync(TextWriter output)
    {
        var (appends, reads, beside, followed) = (new double[Repeats], new double[Repeats], new double[Repeats], new double[Repeats]);
        for (var run = -1; run < Repeats; run++)
        {
            var folder = Directory.CreateTempSubdirectory("clm-bench-").FullName;
            try
            {
                using var hubs = new EventHubsNamespace(folder, TimeProvider.System, new EventHubsOptions { PartitionCount = Partitions });
                appends[Math.Max(run, 0)] = await RateAsync(() => AppendAsync(hubs));
                reads[Math.Max(run, 0)] = await RateAsync(() => ReadAsync(hubs, from: 0));
                var both = await Task.WhenAll(RateAsync(() => AppendAsync(hubs)), RateAsync(() => ReadAsync(hubs, Events / Partitions)));
                (beside[Math.Max(run, 0)], followed[Math.Max(run, 0)]) = (both[0], both[1]);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        await output.WriteLineAsync($"{Events:N0} events of {Bytes} bytes in batches of {BatchSize}, {Partitions} partitions, a flush per batch or group of batches; medians of {Repeats}");
        await output.WriteLineAsync($"appended: {Median(appends):N0} events/s (target 100,000)");
        await output.WriteLineAsync($"read: {Median(reads):N0} events/s");
        await output.WriteLineAsync($"read while appended: {Median(followed):N0} events/s, {Median(followed) / Median(beside):P0} of the {Median(beside):N0} events/s appended meanwhile (target 90 %)");
    }

    /// <summary>A sender for each partition, which waits for each batch's answer.</summary>
    private static Task AppendAsync(EventHubsNamespace hubs) => Task.WhenAll(Enumerable.Range(0, Partitions).Select(partition => Task.Run(async () =>
    {
        await using var producer = new EventHubProducerClient(hubs, Hub);
        var options = new CreateBatchOptions { PartitionId = $"{partition}" };
        var body = new byte[Bytes];
        for (var sent = 0; sent < Events / Partitions; sent += BatchSize)
        {
            using var batch = await producer.CreateBatchAsync(options);
            for (var i = 0; i < BatchSize; i++)
            {
                if (!batch.TryAdd(new EventData(body)))
                    throw new InvalidOperationException("The batch is full.");
            }

            await producer.SendAsync(batch);
        }
    })));

    /// <summary>A reader for each partition, woken by appends, until it has read all.</summary>
    private static Task ReadAsync(EventHubsNamespace hubs, long from) => Task.WhenAll(hubs.GetHub(Hub).Partitions.Select(partition => Task.Run(async () =>
    {
        var cursor = partition.ReadFrom(from);
        var events = new List<EventData>();
        while (cursor.NextSequenceNumber < from + (Events / Partitions))
        {
            var appended = partition.NextAppend();
            events.Clear();
            if (cursor.Read(events, 1000) == 0)
                await appended;
        }
    })));

    private static async Task<double> RateAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
