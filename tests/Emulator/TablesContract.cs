using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>What a table client does whatever stands behind it; each backend runs the suite over a service of its own.</summary>
public abstract partial class TableContract : IAsyncLifetime
{
    protected abstract Task<TableServiceClient> OpenAsync();

    protected abstract ValueTask CloseAsync();

    /// <summary>What the backend answers where Azure answers as expected; each difference is declared with its reason.</summary>
    /// <param name="question">The test, or the filter that it tries.</param>
    /// <param name="expected">Status and error code, or what matches.</param>
    protected virtual string AnswerTo(string question, string expected) => expected;

    /// <summary>That a refusal names its cause; what a service says is its own business.</summary>
    protected virtual void AssertNames(RequestFailedException error, string cause) => Assert.Contains(cause, error.Message, StringComparison.Ordinal);

    TableServiceClient _service = null!;
    TableClient _table = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await OpenAsync();
        _table = _service.GetTableClient("Contract");
        await _table.CreateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Every_type_comes_back_as_it_was_written()
    {
        var entity = new TableEntity("p", "r")
        {
            ["Text"] = "Zürich 🏦",
            ["Empty"] = "",
            ["Bytes"] = new byte[] { 1, 2, 3 },
            ["NoBytes"] = Array.Empty<byte>(),
            ["Data"] = BinaryData.FromBytes([4, 5]),
            ["Yes"] = true,
            ["At"] = new DateTimeOffset(2026, 3, 1, 12, 30, 0, TimeSpan.FromHours(2)),
            ["Day"] = new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc),
            ["Ratio"] = 0.1,
            ["Id"] = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"),
            ["Small"] = int.MinValue,
            ["Large"] = long.MaxValue,
            ["Nothing"] = null,
        };
        await _table.AddEntityAsync(entity);

        var read = (await _table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal("Zürich 🏦", read.GetString("Text"));
        Assert.Equal("", read.GetString("Empty"));
        Assert.Equal([1, 2, 3], read.GetBinary("Bytes"));
        Assert.Empty(read.GetBinary("NoBytes")!);
        Assert.Equal([4, 5], read.GetBinaryData("Data")!.ToArray());
        Assert.True(read.GetBoolean("Yes"));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 10, 30, 0, TimeSpan.Zero), read.GetDateTimeOffset("At"));
        Assert.Equal(new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc), read.GetDateTime("Day"));
        Assert.Equal(0.1, read.GetDouble("Ratio"));
        Assert.Equal(Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"), read.GetGuid("Id"));
        Assert.Equal(int.MinValue, read.GetInt32("Small"));
        Assert.Equal(long.MaxValue, read.GetInt64("Large"));
        Assert.False(read.ContainsKey("Nothing"));
        Assert.Null(read.GetString("Absent"));
        Assert.Equal(("p", "r"), (read.PartitionKey, read.RowKey));
        Assert.NotNull(read.Timestamp);
        Assert.Throws<InvalidOperationException>(() => read.GetInt64("Small"));
    }

    [Theory]
    [InlineData(typeof(decimal))]
    [InlineData(typeof(uint))]
    [InlineData(typeof(TimeSpan))]
    public async Task A_value_of_another_type_is_refused_by_name(Type type)
    {
        var entity = new TableEntity("p", "r") { ["Amount"] = Activator.CreateInstance(type) };
        var error = await Assert.ThrowsAsync<NotSupportedException>(() => _table.AddEntityAsync(entity));
        Assert.Contains("'Amount'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_of_ones_own_maps_by_its_properties()
    {
        await _table.AddEntityAsync(new Account { PartitionKey = "p", RowKey = "r", Balance = 12.5, Kind = AccountKind.Card, Opened = new(2020, 1, 2, 0, 0, 0, DateTimeKind.Utc) });
        var read = (await _table.GetEntityAsync<Account>("p", "r")).Value;
        Assert.Equal((12.5, AccountKind.Card, null), (read.Balance, read.Kind, read.Limit));
        Assert.Equal(new DateTime(2020, 1, 2, 0, 0, 0, DateTimeKind.Utc), read.Opened);
        Assert.NotEqual(default, read.ETag);
    }

    [Fact]
    public async Task Merge_keeps_what_it_does_not_name_and_replace_does_not()
    {
        await _table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2 });
        await _table.UpsertEntityAsync(new TableEntity("p", "r") { ["B"] = "two", ["C"] = 3 });
        var merged = (await _table.GetEntityAsync<TableEntity>("p", "r")).Value;
        Assert.Equal((1, "two", 3), (merged.GetInt32("A"), merged.GetString("B"), merged.GetInt32("C")));

        await _table.UpdateEntityAsync(new TableEntity("p", "r") { ["D"] = 4 }, merged.ETag, TableUpdateMode.Replace);
        var replaced = (await _table.GetEntityAsync<TableEntity>("p", "r")).Value;
        Assert.Equal(4, replaced.GetInt32("D"));
        Assert.False(replaced.ContainsKey("A"));
    }

    [Fact]
    public async Task Each_write_has_a_new_etag_and_a_later_timestamp()
    {
        string? last = null;
        DateTimeOffset? lastAt = null;
        for (var i = 0; i < 5; i++)
        {
            var response = await _table.UpsertEntityAsync(new TableEntity("p", "r") { ["N"] = i });
            var read = (await _table.GetEntityAsync<TableEntity>("p", "r")).Value;
            Assert.Equal(204, response.Status);
            Assert.Equal(response.Headers.ETag, read.ETag);
            Assert.StartsWith("W/\"datetime'", read.ETag.ToString(), StringComparison.Ordinal);
            Assert.EndsWith("Z'\"", read.ETag.ToString(), StringComparison.Ordinal);
            Assert.NotEqual(last, read.ETag.ToString());
            Assert.True(lastAt is null || read.Timestamp > lastAt);
            (last, lastAt) = (read.ETag.ToString(), read.Timestamp);
        }
    }

    [Fact]
    public async Task A_second_insert_is_409_and_a_missing_row_is_404()
    {
        var entity = new TableEntity("p", "r");
        Assert.Equal(204, (await _table.AddEntityAsync(entity)).Status);
        await Refused(409, "EntityAlreadyExists", () => _table.AddEntityAsync(entity));
        await Refused(404, "ResourceNotFound", () => _table.GetEntityAsync<TableEntity>("p", "other"));
        await Refused(404, "ResourceNotFound", () => _table.UpdateEntityAsync(new TableEntity("p", "other"), ETag.All));

        var absent = await _table.GetEntityIfExistsAsync<TableEntity>("p", "other");
        Assert.False(absent.HasValue);
        Assert.Equal(404, absent.GetRawResponse().Status);
        Assert.True((await _table.GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue);
        Assert.False((await _service.GetTableClient("Missing").GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue);
    }

    [Fact]
    public async Task A_stale_etag_is_412_on_update_and_delete()
    {
        await _table.AddEntityAsync(new TableEntity("p", "r"));
        var stale = (await _table.GetEntityAsync<TableEntity>("p", "r")).Value.ETag;
        await _table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, stale);

        await Refused(412, "UpdateConditionNotSatisfied", () => _table.UpdateEntityAsync(new TableEntity("p", "r"), stale));
        await Refused(412, "UpdateConditionNotSatisfied", () => _table.DeleteEntityAsync("p", "r", stale));
        await Refused(400, "InvalidInput", () => _table.UpdateEntityAsync(new TableEntity("p", "r"), new ETag("nonsense")));
        await Assert.ThrowsAsync<ArgumentException>(() => _table.UpdateEntityAsync(new TableEntity("p", "r"), default));
    }

    [Fact]
    public async Task Deleting_what_is_not_there_is_a_404_response_and_no_exception()
    {
        await _table.AddEntityAsync(new TableEntity("p", "r"));
        var read = (await _table.GetEntityAsync<TableEntity>("p", "r")).Value;
        Assert.Equal(204, (await _table.DeleteEntityAsync(read, read.ETag)).Status);
        Assert.Equal(404, (await _table.DeleteEntityAsync("p", "r")).Status);
        Assert.Equal(404, (await _service.GetTableClient("Missing").DeleteEntityAsync("p", "r")).Status);
    }

    [Fact]
    public async Task Tables_are_created_listed_and_deleted()
    {
        Assert.Equal(409, (await _table.CreateIfNotExistsAsync()).GetRawResponse().Status);
        await Refused(409, "TableAlreadyExists", () => _service.GetTableClient("CONTRACT").CreateAsync());
        foreach (var name in new[] { "Beta", "Alpha", "Gamma" }) await _service.CreateTableIfNotExistsAsync(name);

        Assert.Equal(["Alpha", "Beta", "Contract", "Gamma"], await NamesAsync(_service.QueryAsync(maxPerPage: 2)));
        Assert.Equal(["Beta"], await NamesAsync(_service.QueryAsync(filter: "TableName eq 'Beta'")));

        await _service.GetTableClient("Beta").AddEntityAsync(new TableEntity("p", "r"));
        Assert.Equal(204, (await _service.DeleteTableAsync("Beta")).Status);
        Assert.Equal(404, (await _service.DeleteTableAsync("Beta")).Status);
        await Refused(404, "TableNotFound", () => _service.GetTableClient("Beta").GetEntityAsync<TableEntity>("p", "r"));
        await Refused(404, "TableNotFound", () => _service.GetTableClient("Beta").AddEntityAsync(new TableEntity("p", "r")));
    }

    [Fact]
    public async Task A_table_made_again_is_empty()
    {
        await _table.AddEntityAsync(new TableEntity("p", "r"));
        await _table.DeleteAsync();
        await _table.CreateAsync();
        Assert.Empty(await RowsAsync(null));
    }

    [Fact]
    public async Task Parallel_increments_with_retries_lose_nothing()
    {
        await _table.AddEntityAsync(new TableEntity("p", "counter") { ["Count"] = 0 });
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            for (var done = 0; done < 20;)
            {
                var entity = (await _table.GetEntityAsync<TableEntity>("p", "counter")).Value;
                entity["Count"] = entity.GetInt32("Count") + 1;
                try
                {
                    await _table.UpdateEntityAsync(entity, entity.ETag, TableUpdateMode.Replace);
                    done++;
                }
                catch (RequestFailedException error) when (error.Status == 412)
                {
                    Assert.Equal("UpdateConditionNotSatisfied", error.ErrorCode);
                }
            }
        })));
        Assert.Equal(320, (await _table.GetEntityAsync<TableEntity>("p", "counter")).Value.GetInt32("Count"));
    }

    [Fact]
    public async Task Callers_at_once_each_get_their_own_answer()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => _table.AddEntityAsync(new TableEntity("p", Row(i * 2)))));
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(async () =>
        {
            try
            {
                return (await _table.AddEntityAsync(new TableEntity("p", Row(i)))).Status;
            }
            catch (RequestFailedException error)
            {
                AssertNames(error, $"'{Row(i)}'");
                return error.Status;
            }
        })));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? 409 : 204), answers);
        Assert.Equal(100, (await RowsAsync(null)).Count);
    }

    static string Row(int number) => number.ToString("D4", CultureInfo.InvariantCulture);

    async Task<RequestFailedException?> Refused(int status, string code, Func<Task> act, [CallerMemberName] string test = "")
    {
        var error = await Record.ExceptionAsync(act);
        Assert.Equal(AnswerTo(test, $"{status} {code}"), TextOf(error));
        return error as RequestFailedException;
    }

    static string TextOf(Exception? error) => error switch
    {
        null => "accepted",
        TableTransactionFailedException { FailedTransactionActionIndex: { } index } failed => $"{failed.Status} {failed.ErrorCode} at {index}",
        RequestFailedException failed => $"{failed.Status} {failed.ErrorCode}".Trim(),
        _ => error.ToString(),
    };

    static async Task<List<string>> NamesAsync(AsyncPageable<TableItem> tables)
    {
        var names = new List<string>();
        await foreach (var table in tables) names.Add(table.Name);
        return names;
    }

    async Task<List<TableEntity>> RowsAsync(string? filter)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in _table.QueryAsync<TableEntity>(filter)) rows.Add(row);
        return rows;
    }

    enum AccountKind
    {
        Current,
        Card,
    }

    sealed class Account : ITableEntity
    {
        public string PartitionKey { get; set; } = "";
        public string RowKey { get; set; } = "";
        public DateTimeOffset? Timestamp { get; set; }
        public ETag ETag { get; set; }
        public double Balance { get; set; }
        public int? Limit { get; set; }
        public AccountKind Kind { get; set; }
        public DateTime Opened { get; set; }
    }
}
