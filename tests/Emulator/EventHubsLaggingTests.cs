using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>Readers that fell behind, and logs that are not what the checkpoint remembers.</summary>
public sealed class EventHubsLaggingTests : IDisposable
{
    static readonly EventHubsOptions OneEventPerFile = new() { PartitionCount = 1, SegmentBytes = 1000, Retention = TimeSpan.FromDays(1) };
    readonly HubFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_reader_whose_next_events_have_expired_goes_on_with_the_oldest_kept()
    {
        using var hubs = _folder.Open(OneEventPerFile);
        await SendAsync(hubs, count: 5);
        var cursor = hubs.GetHub("h").Partitions[0].ReadFrom(0);
        var events = new List<EventData>();
        cursor.Read(events, 1);

        _folder.Clock.Advance(TimeSpan.FromDays(2));
        await SendAsync(hubs, count: 2);
        var oldest = hubs.GetHub("h").Partitions[0].FirstSequenceNumber;
        Assert.InRange(oldest, 2, 5);
        cursor.Read(events, 100);

        Assert.Equal([0, .. Enumerable.Range((int)oldest, 7 - (int)oldest)], events.Select(e => e.SequenceNumber));
    }

    [Fact]
    public async Task A_missing_file_in_the_middle_is_still_reported()
    {
        using (var hubs = _folder.Open(OneEventPerFile))
            await SendAsync(hubs, count: 3);
        File.Delete(Path.Combine(_folder.PartitionFolder("h", 0), $"{1:D20}.seg"));

        using var reopened = _folder.Open(OneEventPerFile);
        Assert.Contains("the file ends where event 1 is due", Assert.Throws<InvalidDataException>(() => reopened.ReadAll("h")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lag_of_a_group_beyond_the_log_is_nothing()
    {
        using var hubs = _folder.Open();
        await new EventHubProducerClient(hubs, "h").SendAsync([new EventData("a")], new SendEventOptions { PartitionId = "1" });
        hubs.GetHub("h").Group("$Default").MoveTo(0, 1);
        Assert.Equal(1, hubs.GetLag("h"));
    }

    [Fact]
    public async Task Any_name_that_Azure_takes_is_a_hubs_name()
    {
        using var hubs = _folder.Open();
        await new EventHubProducerClient(hubs, "lock").SendAsync([new EventData("a")]);
        Assert.Single(hubs.ReadAll("lock"));
    }

    [Fact]
    public async Task A_new_files_name_is_durable_before_anything_in_it_is_answered_for()
    {
        var (flushed, answered) = (new List<(string Folder, int Files)>(), 0);
        var root = Path.GetFullPath(_folder.Path);
        var partition = _folder.PartitionFolder("h", 0);
        using var hubs = _folder.Open(OneEventPerFile with
        {
            FlushFolder = folder =>
            {
                FolderFlush.Flush(folder);
                flushed.Add((folder, Directory.GetFiles(folder, "*.seg").Length));
            },
        });
        for (; answered < 4; answered++)
        {
            await SendAsync(hubs, count: 1);
            Assert.Equal((partition, answered + 1), flushed.Last(one => one.Folder == partition));
        }

        foreach (var above in new[] { root, Path.Combine(root, "h"), Path.Combine(root, "h", "partitions") })
            Assert.Contains(flushed, one => one.Folder == above);
        Assert.Throws<IOException>(() => FolderFlush.Flush(Path.Combine(root, "none")));
    }

    static async Task SendAsync(EventHubsNamespace hubs, int count)
    {
        var producer = new EventHubProducerClient(hubs, "h");
        for (var i = 0; i < count; i++)
            await producer.SendAsync([new EventData(new string('x', 700))]);
    }
}
