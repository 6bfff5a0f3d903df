using Azure;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator.Faults;

/// <summary>Faults of storage, one kind at a time: what the caller sees, and what the next process finds.</summary>
public sealed class StorageFaultTests : IDisposable
{
    static readonly VirtualClock Clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_busy_service_says_when_to_try_again()
    {
        var (storage, faults) = Open(FaultPoint.TableWrite, FaultKind.Throttle);
        await using var _ = storage;
        var table = await TableAsync(storage, faults);
        var statuses = new HashSet<int>();
        for (var i = 0; i < 40; i++)
        {
            var busy = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity($"p{i}", "r")));
            Assert.Equal(busy.Status == 429 ? "TooManyRequests" : "ServerBusy", busy.ErrorCode);
            Assert.True(busy.GetRawResponse()!.Headers.TryGetValue("Retry-After", out var seconds));
            Assert.InRange(int.Parse(seconds!), 1, 11);
            statuses.Add(busy.Status);
        }

        Assert.Equal([429, 503], statuses.Order());
        Assert.Empty(await RowsAsync(table, faults));
    }

    [Fact]
    public async Task A_lost_answer_leaves_the_row_and_the_repetition_is_told_so()
    {
        var (storage, faults) = Open(FaultPoint.TableWrite, FaultKind.LoseAnswer);
        await using var _ = storage;
        var table = await TableAsync(storage, faults);
        var lost = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")));
        Assert.True(lost.Status is 0 or 500);
        Assert.Equal(["r"], await RowsAsync(table, faults));
        Assert.Equal(409, (await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")))).Status);
    }

    [Fact]
    public async Task A_write_that_is_sent_twice_is_told_about_itself()
    {
        var (storage, faults) = Open(FaultPoint.TableWrite, FaultKind.Duplicate);
        await using var _ = storage;
        var table = await TableAsync(storage, faults);
        Assert.Equal(409, (await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")))).Status);
        await table.UpsertEntityAsync(new TableEntity("p", "s"));
        Assert.Equal(["r", "s"], await RowsAsync(table, faults));
    }

    [Fact]
    public async Task Blobs_meet_faults_too_and_an_upload_sent_twice_is_whole()
    {
        var (storage, faults) = Open(FaultPoint.BlobWrite, FaultKind.Duplicate);
        await using var _ = storage;
        var container = storage.Blobs.GetBlobContainerClient("things");
        await container.CreateAsync();
        await container.GetBlobClient("b").UploadAsync(BinaryData.FromString("all of it"), overwrite: true);
        Assert.Equal("all of it", (await container.GetBlobClient("b").DownloadContentAsync()).Value.Content.ToString());
        Assert.Equal((FaultKind.Duplicate, FaultPoint.BlobWrite, 1L), Assert.Single(faults.Counts));
    }

    [Theory]
    [InlineData(FaultPoint.TableWrite, FaultKind.KillBefore, false)]
    [InlineData(FaultPoint.TableWrite, FaultKind.KillAfter, true)]
    [InlineData(FaultPoint.TableCommit, FaultKind.KillBefore, false)]
    [InlineData(FaultPoint.TableCommit, FaultKind.KillAfter, true)]
    [InlineData(FaultPoint.TableCommit, FaultKind.Tear, false)]
    [InlineData(FaultPoint.TableCommit, FaultKind.LoseUnsynced, false)]
    public async Task A_kill_leaves_what_was_acknowledged_and_the_write_under_way_as_a_whole_or_not_at_all(FaultPoint point, FaultKind kind, bool kept)
    {
        var (storage, faults) = Open(point, kind);
        await using (storage)
        {
            var table = await TableAsync(storage, faults);
            for (var i = 0; i < 20; i++)
                await SaveAsync(table, faults, $"old{i:D2}");
            await Assert.ThrowsAsync<ProcessKilledException>(() => table.SubmitTransactionAsync(
                Enumerable.Range(0, 30).Select(i => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", $"new{i:D2}") { ["V"] = new byte[900] }))));
            await Assert.ThrowsAsync<ProcessKilledException>(() => table.AddEntityAsync(new TableEntity("p", "after")));
        }

        await using var next = new EmulatorStorage(faults.Image!, Clock);
        var rows = await RowsAsync(next.Tables.GetTableClient("things"), faults);
        Assert.Equal(20, rows.Count(row => row.StartsWith("old", StringComparison.Ordinal)));
        Assert.Equal(kept ? 30 : 0, rows.Count(row => row.StartsWith("new", StringComparison.Ordinal)));
        Assert.DoesNotContain("after", rows);
    }

    [Fact]
    public void What_happens_depends_on_seed_and_place_and_not_on_threads()
    {
        string[] Draw(ulong seed, bool atOnce)
        {
            var injected = new List<string>();
            var faults = new FaultInjector(new FaultPlan(seed) { Rate = 0.3, KillRate = 0 }, folder.Path, fault =>
            {
                lock (injected)
                    injected.Add($"{fault.Kind} {fault.Place} {fault.Operation}");
            });
            void Place(int place)
            {
                for (var i = 0; i < 50; i++)
                    faults.Draw(FaultPoint.TableWrite, $"t/{place}", [FaultKind.Fail, FaultKind.Throttle, FaultKind.Delay]);
            }

            if (atOnce)
                Parallel.For(0, 20, Place);
            else
                Enumerable.Range(0, 20).Reverse().ToList().ForEach(Place);
            return [.. injected.Order(StringComparer.Ordinal)];
        }

        var alone = Draw(1, atOnce: false);
        Assert.InRange(alone.Length, 200, 400);
        Assert.Equal(alone, Draw(1, atOnce: true));
        Assert.NotEqual(alone, Draw(2, atOnce: false));
    }

    static async Task SaveAsync(TableClient table, FaultInjector faults, string row)
    {
        faults.Enabled = false;
        await table.AddEntityAsync(new TableEntity("p", row) { ["V"] = new byte[900] });
        faults.Enabled = true;
    }

    static async Task<TableClient> TableAsync(EmulatorStorage storage, FaultInjector faults)
    {
        faults.Enabled = false;
        var table = storage.Tables.GetTableClient("things");
        await table.CreateAsync();
        faults.Enabled = true;
        return table;
    }

    static async Task<List<string>> RowsAsync(TableClient table, FaultInjector faults)
    {
        faults.Enabled = false;
        var rows = new List<string>();
        await foreach (var row in table.QueryAsync<TableEntity>())
            rows.Add(row.RowKey);
        return rows;
    }

    (EmulatorStorage Storage, FaultInjector Faults) Open(FaultPoint point, FaultKind kind)
    {
        var faults = Always(folder, point, kind);
        return (new EmulatorStorage(Path.Combine(folder.Path, "data"), Clock, unsynced: true, faults), faults);
    }

    /// <summary>An injector that does one thing every time.</summary>
    internal static FaultInjector Always(TemporaryFolder folder, FaultPoint point, FaultKind kind)
    {
        var kills = kind is FaultKind.KillBefore or FaultKind.KillAfter or FaultKind.Tear or FaultKind.LoseUnsynced;
        var faults = new FaultInjector(
            new FaultPlan(1) { Rate = kills ? 0 : 1, KillRate = kills ? 1 : 0, IdleShare = 1, Only = (at, what) => at == point && what == kind }, folder.Path);
        faults.Attach(Path.Combine(folder.Path, "data"), Clock, underVirtualTime: false, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        return faults;
    }
}
