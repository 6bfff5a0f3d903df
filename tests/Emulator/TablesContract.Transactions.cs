using Azure;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

public abstract partial class TableContract
{
    [Fact]
    public async Task A_transaction_does_everything_and_answers_each_action()
    {
        await _table.AddEntityAsync(new TableEntity("p", "merge") { ["Kept"] = 1 });
        await _table.AddEntityAsync(new TableEntity("p", "replace") { ["Lost"] = 1 });
        await _table.AddEntityAsync(new TableEntity("p", "delete"));
        var etag = (await _table.GetEntityAsync<TableEntity>("p", "merge")).Value.ETag;

        var response = await _table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, new TableEntity("p", "add")),
            new(TableTransactionActionType.UpdateMerge, new TableEntity("p", "merge") { ["New"] = 2 }, etag),
            new(TableTransactionActionType.UpdateReplace, new TableEntity("p", "replace") { ["New"] = 2 }),
            new(TableTransactionActionType.Delete, new TableEntity("p", "delete")),
            new(TableTransactionActionType.UpsertMerge, new TableEntity("p", "upsert")),
            new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "upsert2")),
        ]);

        Assert.Equal(202, response.GetRawResponse().Status);
        Assert.All(response.Value, answer => Assert.Equal(204, answer.Status));
        var rows = await RowsAsync(null);
        Assert.Equal(["add", "merge", "replace", "upsert", "upsert2"], rows.Select(row => row.RowKey));
        Assert.Equal((1, 2), (rows[1].GetInt32("Kept"), rows[1].GetInt32("New")));
        Assert.False(rows[2].ContainsKey("Lost"));
        Assert.Equal(response.Value[1].Headers.ETag, rows[1].ETag);
    }

    [Theory]
    [InlineData(TableTransactionActionType.Add, 409, "EntityAlreadyExists")]
    [InlineData(TableTransactionActionType.UpdateMerge, 412, "UpdateConditionNotSatisfied")]
    [InlineData(TableTransactionActionType.UpdateReplace, 412, "UpdateConditionNotSatisfied")]
    [InlineData(TableTransactionActionType.Delete, 412, "UpdateConditionNotSatisfied")]
    public async Task A_refused_action_at_any_place_leaves_nothing_of_the_transaction(TableTransactionActionType type, int status, string code)
    {
        await _table.AddEntityAsync(new TableEntity("p", "there") { ["N"] = 1 });
        var stale = (await _table.GetEntityAsync<TableEntity>("p", "there")).Value.ETag;
        await _table.UpsertEntityAsync(new TableEntity("p", "there") { ["N"] = 2 });
        for (var place = 0; place < 5; place++)
        {
            var actions = Enumerable.Range(0, 5).Select(i => i == place
                ? new TableTransactionAction(type, new TableEntity("p", "there") { ["N"] = 3 }, stale)
                : new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity("p", $"new{i}"))).ToArray();

            var error = await Assert.ThrowsAsync<TableTransactionFailedException>(() => _table.SubmitTransactionAsync(actions));

            Assert.Equal((status, code, place), (error.Status, error.ErrorCode, error.FailedTransactionActionIndex));
            Assert.Equal(2, Assert.Single(await RowsAsync(null)).GetInt32("N"));
        }
    }

    [Fact]
    public async Task A_missing_row_refuses_a_transaction()
    {
        var error = await Assert.ThrowsAsync<TableTransactionFailedException>(() => _table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, new TableEntity("p", "a")),
            new(TableTransactionActionType.Delete, new TableEntity("p", "missing")),
        ]));
        Assert.Equal((404, "ResourceNotFound", 1), (error.Status, error.ErrorCode, error.FailedTransactionActionIndex));
        Assert.Empty(await RowsAsync(null));
    }

    [Fact]
    public async Task A_transaction_acts_on_one_partition_and_on_a_row_once()
    {
        await TransactionRefused("400 InvalidDuplicateRow at 2", new TableEntity("p", "a"), new TableEntity("p", "b"), new TableEntity("p", "a"));
        await TransactionRefused("400 OutOfRangeInput at 1", new TableEntity("p", "a"), new TableEntity("p", "a/b"));
        await TransactionRefused("400 CommandsInBatchActOnDifferentPartitions at 1", new TableEntity("p", "a"), new TableEntity("q", "b"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _table.SubmitTransactionAsync([]));
    }

    [Fact]
    public async Task A_transaction_takes_100_actions_and_not_one_more()
    {
        var entities = Enumerable.Range(0, 101).Select(i => new TableEntity("p", Row(i))).ToArray();
        await TransactionRefused("400 InvalidInput at 99", entities);
        await _table.SubmitTransactionAsync(entities.Take(100).Select(UpsertOf));
        Assert.Equal(100, (await RowsAsync(null)).Count);
    }

    [Fact]
    public async Task A_transaction_takes_4_MiB_and_not_more()
    {
        var entities = Enumerable.Range(0, 5).Select(i =>
        {
            var entity = new TableEntity("p", Row(i));
            for (var part = 0; part < 10; part++) entity[$"B{part}"] = new byte[65_000];
            return entity;
        }).ToArray();
        // It is the request that is measured, where three bytes take four characters.
        await TransactionRefused("413 RequestBodyTooLarge", entities);
        await _table.SubmitTransactionAsync(entities.Take(4).Select(UpsertOf));
        Assert.Equal(4, (await RowsAsync(null)).Count);
    }

    [Fact]
    public async Task Transactions_at_once_are_each_all_or_nothing()
    {
        // Of ten transactions that claim the same row, one wins, and only its other rows are there.
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(async () =>
        {
            try
            {
                await _table.SubmitTransactionAsync(
                [
                    new(TableTransactionActionType.Add, new TableEntity("p", $"of{i}")),
                    new(TableTransactionActionType.Add, new TableEntity("p", "claim") { ["By"] = i }),
                ]);
                return true;
            }
            catch (TableTransactionFailedException error)
            {
                Assert.Equal(1, error.FailedTransactionActionIndex);
                return false;
            }
        })));
        var winner = Array.IndexOf(outcomes, true);
        Assert.Single(outcomes, won => won);
        Assert.Equal(["claim", $"of{winner}"], (await RowsAsync(null)).Select(row => row.RowKey));
    }

    protected async Task TransactionRefused(string expected, params TableEntity[] entities)
    {
        expected = AnswerTo(nameof(TransactionRefused), expected);
        var error = await Record.ExceptionAsync(() => _table.SubmitTransactionAsync(entities.Select(UpsertOf)));
        Assert.Equal(expected, TextOf(error));
        if (error is null) return;
        Assert.IsType<TableTransactionFailedException>(error);
        Assert.Empty(await RowsAsync(null));
    }

    static TableTransactionAction UpsertOf(TableEntity entity) => new(TableTransactionActionType.UpsertReplace, entity);
}
