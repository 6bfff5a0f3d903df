using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

public sealed class EventHubsLogTests : IDisposable
{
    readonly HubFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_event_comes_back_as_it_was_sent()
    {
        using var hubs = _folder.Open();
        await using var producer = new EventHubProducerClient(hubs, "transactions");
        var sent = new EventData("{\"amount\":-42.10}")
        {
            ContentType = "application/cloudevents+json",
            MessageId = "m-1",
            CorrelationId = "c-1",
        };
        var values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["null"] = null, ["text"] = "Zürich €", ["true"] = true, ["false"] = false, ["byte"] = (byte)250, ["sbyte"] = (sbyte)-3,
            ["short"] = (short)-300, ["ushort"] = (ushort)60000, ["int"] = int.MinValue, ["uint"] = uint.MaxValue,
            ["long"] = long.MinValue, ["ulong"] = ulong.MaxValue, ["float"] = 1.5f, ["double"] = double.Epsilon,
            ["decimal"] = -79228162514264337593543950335m, ["char"] = 'ß', ["guid"] = new Guid("6f9619ff-8b86-d011-b42d-00c04fc964ff"),
            ["date"] = new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc),
            ["offset"] = new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromMinutes(-330)),
            ["span"] = TimeSpan.FromMilliseconds(-1), ["uri"] = new Uri("https://bank.example/a?b=c"), ["bytes"] = new byte[] { 1, 2, 3 },
        };
        foreach (var (name, value) in values)
            sent.Properties[name] = value;

        await producer.SendAsync([sent], new SendEventOptions { PartitionKey = "customer-1" });

        var received = Assert.Single(hubs.ReadAll("transactions"));
        Assert.Equal("{\"amount\":-42.10}", received.EventBody.ToString());
        Assert.Equal("application/cloudevents+json", received.ContentType);
        Assert.Equal("m-1", received.MessageId);
        Assert.Equal("c-1", received.CorrelationId);
        Assert.Equal("customer-1", received.PartitionKey);
        Assert.Equal(0, received.SequenceNumber);
        Assert.Equal("0", received.OffsetString);
        Assert.Equal(HubFolder.Start, received.EnqueuedTime);
        Assert.Equal(values, received.Properties);
        Assert.Equal("customer-1", received.SystemProperties["x-opt-partition-key"]);
    }

    [Fact]
    public async Task A_property_that_no_event_can_carry_is_refused_and_stores_nothing()
    {
        using var hubs = _folder.Open();
        await using var producer = new EventHubProducerClient(hubs, "h");
        var strange = new EventData("x") { Properties = { ["what"] = new Version(1, 0) } };

        var refused = await Assert.ThrowsAsync<System.Runtime.Serialization.SerializationException>(() => producer.SendAsync([new EventData("a"), strange]));

        Assert.Contains("'what'", refused.Message, StringComparison.Ordinal);
        Assert.Empty(hubs.ReadAll("h"));
    }

    [Fact]
    public void Events_of_a_key_stay_together_and_in_order() =>
        Prop.ForAll<NonEmptyArray<(byte Key, PositiveInt Events)>>(KeysStayInOrderAsync).QuickCheckThrowOnFailure();

    static async Task KeysStayInOrderAsync(NonEmptyArray<(byte Key, PositiveInt Events)> sends)
    {
        using var folder = new HubFolder();
        var options = new EventHubsOptions { PartitionCount = 5, SegmentBytes = 2000 };
        var expected = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        // Opened anew in between: order and partitions outlive a restart.
        for (var round = 0; round < 2; round++)
        {
            using var hubs = folder.Open(options);
            var producer = new EventHubProducerClient(hubs, "h");
            foreach (var (number, events) in sends.Get)
            {
                var key = "customer-" + (number % 7).ToString(CultureInfo.InvariantCulture);
                var sent = expected.TryGetValue(key, out var list) ? list : expected[key] = [];
                var bodies = Enumerable.Range(sent.Count, Math.Min(events.Get, 20)).Select(i => $"{key}/{i}").ToArray();
                sent.AddRange(bodies);
                await producer.SendAsync(bodies.Select(body => new EventData(body)), new SendEventOptions { PartitionKey = key });
            }
        }

        using var reopened = folder.Open(options);
        var received = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var partition in reopened.GetHub("h").Partitions)
        {
            var events = partition.ReadAll();
            Assert.Equal(Enumerable.Range(0, events.Count).Select(i => (long)i), events.Select(e => e.SequenceNumber));
            // Add throws if another partition had events of the key.
            foreach (var ofKey in events.GroupBy(e => e.PartitionKey!, StringComparer.Ordinal))
                received.Add(ofKey.Key, [.. ofKey.Select(e => e.EventBody.ToString())]);
        }
        Assert.Equal(expected, received);
    }

    [Fact]
    public void The_partition_of_a_key_is_the_same_for_ever()
    {
        using var hubs = _folder.Open();
        var hub = hubs.GetHub("h");
        // Written down when the hash was chosen: a change would break the order of every customer.
        Assert.Equal([1, 3, 2, 2], new[] { "customer-1", "customer-2", "C-000042", "ä" }.Select(hub.PartitionOf));
        var spread = Enumerable.Range(0, 40_000).CountBy(i => hub.PartitionOf($"customer-{i}")).Select(pair => pair.Value);
        Assert.All(spread, count => Assert.InRange(count, 9_500, 10_500));
    }

    [Fact]
    public async Task A_hub_keeps_its_partitions_when_the_setting_changes()
    {
        using (var hubs = _folder.Open(new() { PartitionCount = 3 }))
            await new EventHubProducerClient(hubs, "h").SendAsync([new EventData("a")]);
        using var reopened = _folder.Open(new() { PartitionCount = 8 });
        Assert.Equal(["0", "1", "2"], await new EventHubProducerClient(reopened, "h").GetPartitionIdsAsync());
        Assert.Equal(8, (await new EventHubProducerClient(reopened, "other").GetEventHubPropertiesAsync()).PartitionIds.Length);
    }

    [Fact]
    public async Task A_reader_may_start_at_any_sequence_number()
    {
        var options = new EventHubsOptions { PartitionCount = 1, SegmentBytes = 300_000 };
        using (var writing = _folder.Open(options))
        {
            var producer = new EventHubProducerClient(writing, "h");
            for (var batch = 0; batch < 100; batch++)
                await producer.SendAsync(Enumerable.Repeat(new EventData(new byte[3000]), 1 + batch % 7));
            AssertReadableFromEverywhere(writing);
        }

        // Opened anew, the older files' indexes are made from what is in them.
        using var reading = _folder.Open(options);
        AssertReadableFromEverywhere(reading);
    }

    static void AssertReadableFromEverywhere(EventHubsNamespace hubs)
    {
        var partition = hubs.GetHub("h").Partitions[0];
        for (var from = 0L; from <= partition.NextSequenceNumber; from++)
        {
            var events = new List<EventData>();
            var read = partition.ReadFrom(from).Read(events, 3);
            Assert.Equal(Math.Min(3, partition.NextSequenceNumber - from), read);
            Assert.Equal(Enumerable.Range(0, read).Select(i => from + i), events.Select(e => e.SequenceNumber));
        }
    }

    [Fact]
    public async Task Only_the_files_older_than_the_retention_go()
    {
        var options = new EventHubsOptions { PartitionCount = 1, SegmentBytes = 1000, Retention = TimeSpan.FromDays(7) };
        using var hubs = _folder.Open(options);
        var producer = new EventHubProducerClient(hubs, "h");
        for (var day = 0; day < 30; day++)
        {
            await producer.SendAsync([new EventData(new byte[900])]);
            _folder.Clock.Advance(TimeSpan.FromDays(1));
        }

        var kept = hubs.ReadAll("h");
        Assert.Equal(29, kept[^1].SequenceNumber);
        Assert.InRange(kept[0].EnqueuedTime, HubFolder.Start.AddDays(21), HubFolder.Start.AddDays(22));
        Assert.Equal(kept.Count, hubs.GetLag("h"));
    }

    [Fact]
    public void One_process_at_a_time_has_the_folder()
    {
        using var hubs = _folder.Open();
        Assert.Throws<IOException>(() => _folder.Open());
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("a/b")]
    [InlineData(".")]
    [InlineData("-a")]
    public void A_hub_has_a_decent_name(string name)
    {
        using var hubs = _folder.Open();
        Assert.Throws<ArgumentException>(() => new EventHubProducerClient(hubs, name));
    }
}
