using System.Globalization;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

public sealed class EventHubsProducerTests : IDisposable
{
    const int Limit = 1_048_576;
    readonly HubFolder _folder = new();
    readonly EventHubsNamespace _hubs;
    readonly EventHubProducerClient _producer;

    public EventHubsProducerTests()
    {
        _hubs = _folder.Open();
        _producer = new EventHubProducerClient(_hubs, "h");
    }

    public void Dispose()
    {
        _hubs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_event_of_nearly_a_mebibyte_is_taken_and_one_of_a_mebibyte_is_not()
    {
        await _producer.SendAsync([new EventData(new byte[Limit - 200])]);
        var refused = await Assert.ThrowsAsync<EventHubsException>(() => _producer.SendAsync([new EventData(new byte[Limit])]));
        Assert.Equal(EventHubsException.FailureReason.MessageSizeExceeded, refused.Reason);
        Assert.False(refused.IsTransient);
        Assert.Equal(Limit - 200, Assert.Single(_hubs.ReadAll("h")).Body.Length);
    }

    [Fact]
    public async Task Events_too_large_together_are_refused_together()
    {
        var refused = await Assert.ThrowsAsync<EventHubsException>(
            () => _producer.SendAsync(Enumerable.Repeat(new EventData(new byte[1000]), 1100)));
        Assert.Equal(EventHubsException.FailureReason.MessageSizeExceeded, refused.Reason);
        Assert.Empty(_hubs.ReadAll("h"));
    }

    [Fact]
    public async Task A_batch_takes_what_fits_and_stays_as_it_was_when_an_event_does_not()
    {
        using var batch = await _producer.CreateBatchAsync(new CreateBatchOptions { MaximumSizeInBytes = 1000, PartitionKey = "k" });
        while (batch.TryAdd(new EventData(new byte[100]) { MessageId = "m" }))
            Assert.InRange(batch.SizeInBytes, 1, 1000);
        var (count, size) = (batch.Count, batch.SizeInBytes);
        Assert.InRange(count, 5, 9);
        Assert.False(batch.TryAdd(new EventData(new byte[10_000])));
        Assert.Equal((count, size), (batch.Count, batch.SizeInBytes));

        await _producer.SendAsync(batch);
        Assert.Equal(Enumerable.Repeat("k", count), _hubs.ReadAll("h").Select(e => e.PartitionKey));
    }

    [Fact]
    public async Task A_batch_holds_the_event_as_it_was_added()
    {
        using var batch = await _producer.CreateBatchAsync();
        var changing = new EventData("before") { MessageId = "1" };
        Assert.True(batch.TryAdd(changing));
        (changing.EventBody, changing.MessageId) = (BinaryData.FromString("after"), "2");
        await _producer.SendAsync(batch);
        var received = Assert.Single(_hubs.ReadAll("h"));
        Assert.Equal(("before", "1"), (received.EventBody.ToString(), received.MessageId));
    }

    [Fact]
    public async Task A_batch_may_not_be_larger_than_the_hub_takes() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await _producer.CreateBatchAsync(new CreateBatchOptions { MaximumSizeInBytes = Limit + 1 }));

    [Fact]
    public async Task A_partition_and_a_key_exclude_each_other()
    {
        var both = new CreateBatchOptions { PartitionId = "0", PartitionKey = "k" };
        await Assert.ThrowsAsync<InvalidOperationException>(() => _producer.SendAsync([new EventData("a")], both));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await _producer.CreateBatchAsync(both));
    }

    [Fact]
    public async Task A_partition_may_be_named_and_must_exist()
    {
        await _producer.SendAsync([new EventData("a")], new SendEventOptions { PartitionId = "2" });
        Assert.Equal("a", Assert.Single(_hubs.GetHub("h").Partitions[2].ReadAll()).EventBody.ToString());
        var missing = await Assert.ThrowsAsync<EventHubsException>(
            () => _producer.SendAsync([new EventData("a")], new SendEventOptions { PartitionId = "4" }));
        Assert.Equal(EventHubsException.FailureReason.ResourceNotFound, missing.Reason);
    }

    [Fact]
    public async Task Without_key_and_partition_the_partitions_take_turns()
    {
        for (var i = 0; i < 12; i++)
            await _producer.SendAsync([new EventData("a")]);
        Assert.All(_hubs.GetHub("h").Partitions, partition => Assert.Equal(3, partition.NextSequenceNumber));
    }

    [Fact]
    public async Task Nothing_to_send_is_nothing_sent()
    {
        await _producer.SendAsync([]);
        Assert.Empty(_hubs.ReadAll("h"));
    }

    [Fact]
    public async Task A_closed_client_says_so()
    {
        await _producer.CloseAsync();
        var closed = await Assert.ThrowsAsync<EventHubsException>(() => _producer.SendAsync([new EventData("a")]));
        Assert.Equal(EventHubsException.FailureReason.ClientClosed, closed.Reason);
    }

    [Fact]
    public async Task Concurrent_sends_stay_whole_and_every_sender_keeps_its_order()
    {
        const int senders = 16, sends = 40, events = 7;
        await Task.WhenAll(Enumerable.Range(0, senders).Select(sender => Task.Run(async () =>
        {
            for (var send = 0; send < sends; send++)
            {
                var bodies = Enumerable.Range(0, events).Select(i => new EventData($"{sender} {send} {i}"));
                await _producer.SendAsync(bodies, new SendEventOptions { PartitionId = "0" });
            }
        })));

        var stored = _hubs.GetHub("h").Partitions[0].ReadAll();
        Assert.Equal(senders * sends * events, stored.Count);
        var next = new int[senders];
        foreach (var send in stored.Chunk(events))
        {
            var sender = int.Parse(send[0].EventBody.ToString().Split(' ')[0], CultureInfo.InvariantCulture);
            Assert.Equal(Enumerable.Range(0, events).Select(i => $"{sender} {next[sender]} {i}"), send.Select(e => e.EventBody.ToString()));
            next[sender]++;
        }
    }

    [Fact]
    public async Task Readers_follow_writers_and_are_woken_by_them()
    {
        const int total = 3000;
        var partition = _hubs.GetHub("h").Partitions[1];
        var reading = Task.Run(async () =>
        {
            var cursor = partition.ReadFrom(0);
            var events = new List<EventData>();
            while (events.Count < total)
            {
                var appended = partition.NextAppend();
                if (cursor.Read(events, 100) == 0) await appended;
            }
            return events;
        });
        for (var i = 0; i < total; i += 3)
        {
            await _producer.SendAsync(
                Enumerable.Range(i, 3).Select(n => new EventData(n.ToString(CultureInfo.InvariantCulture))), new SendEventOptions { PartitionId = "1" });
        }
        Assert.Equal(Enumerable.Range(0, total).Select(n => n.ToString(CultureInfo.InvariantCulture)), (await reading).Select(e => e.EventBody.ToString()));
    }
}
