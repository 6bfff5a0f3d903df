using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>What the SQLite file keeps, and how it fails.</summary>
public sealed class TablesDurabilityTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("clm-tables-").FullName;
    readonly VirtualClock _clock = new(BlobsInFolder.Start);

    string Database => Path.Combine(_folder, "storage", "tables.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_written_is_there_after_closing_and_opening()
    {
        await using (var storage = new EmulatorStorage(_folder, _clock)) await WriteAsync(storage, 500);
        Assert.Equal(0, File.Exists(Database + "-wal") ? new FileInfo(Database + "-wal").Length : 0);
        await using (var storage = new EmulatorStorage(_folder, _clock)) Assert.Equal(500, await CountAsync(storage));
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_crash()
    {
        var copy = Directory.CreateTempSubdirectory("clm-tables-").FullName;
        await using (var storage = new EmulatorStorage(_folder, _clock))
        {
            await WriteAsync(storage, 500);
            // The files as a killed process leaves them: nothing closed, the log not copied back.
            Directory.CreateDirectory(Path.Combine(copy, "storage"));
            foreach (var suffix in new[] { "", "-wal" }) File.Copy(Database + suffix, Path.Combine(copy, "storage", "tables.db" + suffix));
        }
        await using (var storage = new EmulatorStorage(copy, _clock)) Assert.Equal(500, await CountAsync(storage));
        Directory.Delete(copy, recursive: true);
    }

    [Fact]
    public async Task A_torn_end_of_the_log_costs_whole_commits_and_never_part_of_one()
    {
        var copy = Directory.CreateTempSubdirectory("clm-tables-").FullName;
        await using (var storage = new EmulatorStorage(_folder, _clock))
        {
            var table = storage.Tables.GetTableClient("Customers");
            await table.CreateAsync();
            for (var group = 0; group < 20; group++)
            {
                await table.SubmitTransactionAsync(Enumerable.Range(0, 10).Select(row => new TableTransactionAction(
                    TableTransactionActionType.Add, new TableEntity($"p{group}", $"r{row}") { ["State"] = new byte[1500] })));
            }
            Directory.CreateDirectory(Path.Combine(copy, "storage"));
            foreach (var suffix in new[] { "", "-wal" }) File.Copy(Database + suffix, Path.Combine(copy, "storage", "tables.db" + suffix));
        }
        await using (var log = File.OpenWrite(Path.Combine(copy, "storage", "tables.db-wal"))) log.SetLength(log.Length * 2 / 3);
        await using (var storage = new EmulatorStorage(copy, _clock))
        {
            var rows = await CountAsync(storage);
            Assert.True(rows % 10 == 0 && rows is > 0 and < 200, $"{rows} rows");
        }
        Directory.Delete(copy, recursive: true);
    }

    [Fact]
    public async Task A_version_is_never_given_twice_even_when_the_clock_starts_again_earlier()
    {
        string first;
        await using (var storage = new EmulatorStorage(_folder, _clock))
        {
            var table = storage.Tables.GetTableClient("Customers");
            await table.CreateAsync();
            first = (await table.UpsertEntityAsync(new TableEntity("p", "r"))).Headers.ETag.ToString()!;
        }
        await using (var storage = new EmulatorStorage(_folder, new VirtualClock(BlobsInFolder.Start.AddDays(-1))))
        {
            var second = (await storage.Tables.GetTableClient("Customers").UpsertEntityAsync(new TableEntity("p", "r"))).Headers.ETag.ToString()!;
            Assert.True(string.CompareOrdinal(second, first) > 0, $"{second} after {first}");
        }
    }

    [Fact]
    public async Task A_file_that_is_no_database_or_is_cut_short_is_named()
    {
        await using (var storage = new EmulatorStorage(_folder, _clock)) await WriteAsync(storage, 500);
        await using (var file = File.OpenWrite(Database)) file.SetLength(file.Length / 2);
        Assert.Contains(Database, Assert.Throws<InvalidDataException>(() => new EmulatorStorage(_folder, _clock)).Message, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Database, new string('x', 10_000));
        Assert.Contains(Database, Assert.Throws<InvalidDataException>(() => new EmulatorStorage(_folder, _clock)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_cannot_be_opened_is_named()
    {
        Directory.CreateDirectory(Database);
        var error = Assert.Throws<UnauthorizedAccessException>(() => new EmulatorStorage(_folder, _clock));
        Assert.Contains(Database, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_fails_its_callers_by_name_and_what_was_acknowledged_stays()
    {
        var path = Path.Combine(_folder, "full.db");
        var database = new SqliteDatabase(path, readOnly: false);
        database.Execute("PRAGMA journal_mode=WAL;" + SqliteTables.Schema + "PRAGMA max_page_count=40;");
        var catalogue = new TableCatalogue(database);
        await using var writer = new TableWriter(database, catalogue, _clock);
        await writer.Enqueue(new TableChange("Customers", create: true));
        var acknowledged = 0;
        var error = await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (; acknowledged < 1000; acknowledged++) await AddAsync(acknowledged);
        });
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("disk is full", error.Message, StringComparison.Ordinal);
        Assert.True(acknowledged > 0);

        database.Execute("PRAGMA max_page_count=4000;");
        await AddAsync(acknowledged);
        using var reader = new TableReader(path);
        Assert.Equal(acknowledged + 1, reader.Query(KeyRange.Of(1, null, null), null, int.MaxValue, TestContext.Current.CancellationToken).Rows.Count);

        Task AddAsync(int row) => writer.Enqueue(new SingleWrite("Customers", new KeyedWrite(1, new RowWrite(
            TableTransactionActionType.Add, "p", $"r{row}", default, EntityMapping.Encode(new TableEntity { ["State"] = new byte[1500] })))));
    }

    [Fact]
    public async Task A_long_log_is_copied_beside_the_writer_and_starts_anew()
    {
        var path = Path.Combine(_folder, "long.db");
        var database = new SqliteDatabase(path, readOnly: false);
        database.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint=0;" + SqliteTables.Schema);
        var (written, began) = (0, 0);
        await using (var writer = new TableWriter(database, new TableCatalogue(database), _clock, syncs: false, longLog: 100_000))
        {
            await writer.Enqueue(new TableChange("Customers", create: true));
            var log = FirstFrames(path);
            for (; began < 3 && written < 20_000; written++)
            {
                await writer.Enqueue(new SingleWrite("Customers", new KeyedWrite(1, new RowWrite(
                    TableTransactionActionType.Add, "p", $"r{written:D5}", default, EntityMapping.Encode(new TableEntity { ["State"] = new byte[1500] })))));
                if (FirstFrames(path) is var now && now != log)
                    (log, began) = (now, began + 1);
            }

            Assert.Equal(3, began);
            Check();
        }

        Check();

        void Check()
        {
            using var reader = new TableReader(path);
            Assert.Equal(Enumerable.Range(0, written).Select(row => $"r{row:D5}"),
                reader.Query(KeyRange.Of(1, null, null), null, int.MaxValue, TestContext.Current.CancellationToken).Rows.Select(row => row.RowKey));
        }
    }

    /// <summary>The salts in the log's header, which change when it starts anew (www.sqlite.org/fileformat2.html#walformat).</summary>
    static ulong FirstFrames(string path)
    {
        using var log = new FileStream(path + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var header = new byte[24];
        log.ReadExactly(header);
        return BitConverter.ToUInt64(header, 16);
    }

    [Fact]
    public async Task A_folder_is_opened_once_at_a_time()
    {
        await using (new EmulatorStorage(_folder, _clock))
        {
            var error = Assert.Throws<IOException>(() => new EmulatorStorage(_folder, _clock));
            Assert.Contains(Path.Combine(_folder, "storage"), error.Message, StringComparison.Ordinal);
        }
        await using (var again = new EmulatorStorage(_folder, _clock)) await WriteAsync(again, 1);
    }

    [Fact]
    public async Task Closed_storage_says_so()
    {
        var storage = new EmulatorStorage(_folder, _clock);
        await WriteAsync(storage, 1);
        await storage.DisposeAsync();
        await storage.DisposeAsync();
        var table = storage.Tables.GetTableClient("Customers");
        await Assert.ThrowsAsync<ObjectDisposedException>(() => table.AddEntityAsync(new TableEntity("p", "late")));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => table.GetEntityAsync<TableEntity>("p", "r0"));
    }

    static async Task WriteAsync(EmulatorStorage storage, int count)
    {
        var table = storage.Tables.GetTableClient("Customers");
        await table.CreateIfNotExistsAsync();
        await Task.WhenAll(Enumerable.Range(0, count).Select(i =>
            table.UpsertEntityAsync(new TableEntity("p", $"r{i}") { ["State"] = new byte[1500] }, TableUpdateMode.Replace)));
    }

    static async Task<int> CountAsync(EmulatorStorage storage)
    {
        var count = 0;
        await foreach (var row in storage.Tables.GetTableClient("Customers").QueryAsync<TableEntity>())
        {
            Assert.Equal(1500, row.GetBinary("State")!.Length);
            count++;
        }
        return count;
    }
}
