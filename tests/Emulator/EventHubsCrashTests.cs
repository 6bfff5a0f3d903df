using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>What a crash or a failing disk leaves behind, made by hand in the partition's file.</summary>
public sealed class EventHubsCrashTests : IDisposable
{
    readonly HubFolder _folder = new();
    readonly RecordingLogger _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_tail_torn_anywhere_loses_its_own_send_only()
    {
        var ends = await WriteAsync(["a", "b"], ["c"], ["d", "e", "f"]);
        var whole = await File.ReadAllBytesAsync(SegmentPath);

        for (var cut = ends[1]; cut < ends[2]; cut++)
        {
            await File.WriteAllBytesAsync(SegmentPath, whole[..(int)cut]);
            _log.Lines.Clear();
            using (var hubs = Open())
            {
                Assert.Equal(["a", "b", "c"], Bodies(hubs));
                await new EventHubProducerClient(hubs, "h").SendAsync([new EventData("g")]);
                Assert.Equal(["a", "b", "c", "g"], Bodies(hubs));
                Assert.Equal([0, 1, 2, 3], hubs.ReadAll("h").Select(e => e.SequenceNumber));
            }
            var expected = cut == ends[1] ? Array.Empty<string>() : [$"{SegmentPath}: cut {cut - ends[1]} bytes at offset {ends[1]} that a crash left half written"];
            Assert.Equal(expected, _log.Lines);
        }
    }

    [Fact]
    public async Task A_tail_that_was_given_room_but_not_written_is_cut()
    {
        var ends = await WriteAsync(["a"]);
        await using (var file = File.OpenWrite(SegmentPath))
            file.SetLength(ends[0] + 10_000);
        using var hubs = Open();
        Assert.Equal(["a"], Bodies(hubs));
        Assert.Equal(ends[0], new FileInfo(SegmentPath).Length);
    }

    [Fact]
    public async Task A_flipped_bit_in_the_last_record_cuts_it()
    {
        var ends = await WriteAsync(["a", "b"], ["c"]);
        var whole = await File.ReadAllBytesAsync(SegmentPath);
        for (var bit = ends[0] * 8; bit < ends[1] * 8; bit += 5)
        {
            await File.WriteAllBytesAsync(SegmentPath, Flipped(whole, bit));
            using var hubs = Open();
            Assert.Equal(["a", "b"], Bodies(hubs));
        }
    }

    [Fact]
    public async Task A_flipped_bit_before_intact_records_is_reported_and_nothing_is_cut()
    {
        var ends = await WriteAsync(["a", "b"], ["c", "d"], ["e"]);
        var whole = await File.ReadAllBytesAsync(SegmentPath);
        for (var bit = ends[0] * 8; bit < ends[1] * 8; bit += 3)
        {
            var damaged = Flipped(whole, bit);
            await File.WriteAllBytesAsync(SegmentPath, damaged);
            using (var hubs = Open())
            {
                var reported = Assert.Throws<InvalidDataException>(() => hubs.GetHub("h"));
                Assert.StartsWith($"{SegmentPath}, offset {ends[0]}:", reported.Message, StringComparison.Ordinal);
            }
            Assert.Equal(damaged, await File.ReadAllBytesAsync(SegmentPath));
        }
    }

    [Fact]
    public async Task A_flipped_bit_in_an_older_file_is_reported_by_whoever_reads_it()
    {
        var options = new EventHubsOptions { PartitionCount = 1, SegmentBytes = 1 };
        await WriteAsync(options, ["a"], ["b"], ["c"]);
        var second = SegmentPath.Replace("0.seg", "1.seg", StringComparison.Ordinal);
        await File.WriteAllBytesAsync(second, Flipped(await File.ReadAllBytesAsync(second), 8 * 34));

        using var hubs = _folder.Open(options);
        var partition = hubs.GetHub("h").Partitions[0];
        var events = new List<EventData>();
        var reported = Assert.Throws<InvalidDataException>(() => partition.ReadFrom(0).Read(events, 10));
        Assert.StartsWith($"{second}, offset 0:", reported.Message, StringComparison.Ordinal);
        Assert.Equal(["a"], events.Select(e => e.EventBody.ToString()));
        Assert.Equal(["c"], partition.ReadAll(from: 2).Select(e => e.EventBody.ToString()));
    }

    [Fact]
    public async Task A_copy_of_a_record_inside_a_torn_one_is_not_taken_for_a_record()
    {
        await WriteAsync(["a"]);
        var record = await File.ReadAllBytesAsync(SegmentPath);
        using (var hubs = Open())
            await new EventHubProducerClient(hubs, "h").SendAsync([new EventData((byte[])[.. record, .. record])]);
        var whole = await File.ReadAllBytesAsync(SegmentPath);
        await File.WriteAllBytesAsync(SegmentPath, whole[..^1]);

        using var reopened = Open();
        Assert.Equal(["a"], Bodies(reopened));
    }

    [Fact]
    public async Task A_write_that_fails_fails_its_senders_and_leaves_the_partition_usable()
    {
        using var hubs = _folder.Open(new() { PartitionCount = 1, SegmentBytes = 1 });
        var producer = new EventHubProducerClient(hubs, "h");
        await producer.SendAsync([new EventData("a")]);
        // The next file cannot be made: its name is taken.
        var inTheWay = Directory.CreateDirectory(SegmentPath.Replace("0.seg", "1.seg", StringComparison.Ordinal));

        var failed = await Assert.ThrowsAsync<EventHubsException>(() => producer.SendAsync([new EventData("b")]));
        Assert.Equal(EventHubsException.FailureReason.GeneralError, failed.Reason);
        Assert.Contains(inTheWay.FullName, failed.Message, StringComparison.Ordinal);

        inTheWay.Delete();
        await producer.SendAsync([new EventData("c")]);
        Assert.Equal(["a", "c"], Bodies(hubs));
    }

    [Fact]
    public void What_was_stored_before_a_crash_is_a_prefix_of_whole_sends() =>
        Prop.ForAll<NonEmptyArray<PositiveInt>, NonNegativeInt>(CrashAsync).QuickCheckThrowOnFailure();

    static async Task CrashAsync(NonEmptyArray<PositiveInt> sends, NonNegativeInt at)
    {
        using var test = new EventHubsCrashTests();
        var batches = sends.Get.Select((events, send) => Enumerable.Range(0, events.Get % 30 + 1).Select(i => $"{send}/{i}").ToArray()).ToArray();
        var ends = await test.WriteAsync(batches);
        // The generator's numbers are small; a prime spreads them over the file.
        var cut = at.Get * 104_729L % (ends[^1] + 1);
        await using (var file = File.OpenWrite(test.SegmentPath))
            file.SetLength(cut);

        using var hubs = test.Open();
        var whole = ends.Count(end => end <= cut);
        Assert.Equal(batches.Take(whole).SelectMany(batch => batch), Bodies(hubs));
    }

    string SegmentPath => Path.Combine(_folder.PartitionFolder("h", 0), "00000000000000000000.seg");

    EventHubsNamespace Open() => new(_folder.Path, _folder.Clock, new() { PartitionCount = 1 }, _log);

    Task<List<long>> WriteAsync(params string[][] sends) => WriteAsync(new() { PartitionCount = 1 }, sends);

    // Answers where each send's record ends in the first file.
    async Task<List<long>> WriteAsync(EventHubsOptions options, params string[][] sends)
    {
        using var hubs = _folder.Open(options);
        var producer = new EventHubProducerClient(hubs, "h");
        var ends = new List<long>();
        foreach (var send in sends)
        {
            await producer.SendAsync(send.Select(body => new EventData(body)));
            ends.Add(new FileInfo(SegmentPath).Length);
        }
        return ends;
    }

    static IEnumerable<string> Bodies(EventHubsNamespace hubs) => hubs.ReadAll("h").Select(e => e.EventBody.ToString());

    static byte[] Flipped(byte[] bytes, long bit)
    {
        var copy = bytes.ToArray();
        copy[bit / 8] ^= (byte)(1 << (int)(bit % 8));
        return copy;
    }

    sealed class RecordingLogger : ILogger<EventHubsNamespace>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
