using Azure;
using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

public abstract partial class TableContract
{
    [Fact]
    public async Task Rows_come_in_the_ordinal_order_of_their_keys()
    {
        // The byte order of UTF-8 would put the two last partitions the other way round.
        string[] partitions = ["", "A", "AB", "a", "a ", "a!", "ß", "漢", "\U0001F3E6", "\uFF21"];
        foreach (var partition in partitions.Reverse())
        {
            foreach (var row in new[] { "b", "a", "10", "9", "" }) await _table.AddEntityAsync(new TableEntity(partition, row));
        }
        var expected = partitions.Order(StringComparer.Ordinal)
            .SelectMany(partition => new[] { "", "10", "9", "a", "b" }.Select(row => (partition, row)));
        Assert.Equal(expected, (await RowsAsync(null)).Select(row => (row.PartitionKey, row.RowKey)));
    }

    [Fact]
    public async Task Pages_continue_with_the_row_that_was_next_whatever_is_written_between()
    {
        // The continuation token names the next row: one inserted before it, after the page was read, is not seen.
        foreach (var i in Enumerable.Range(0, 10)) await _table.AddEntityAsync(new TableEntity("p", Row(i * 10)));
        var pages = new List<string[]>();
        string? continuation = null;
        do
        {
            await foreach (var page in _table.QueryAsync<TableEntity>("PartitionKey eq 'p'").AsPages(continuation, pageSizeHint: 4))
            {
                pages.Add([.. page.Values.Select(row => row.RowKey)]);
                continuation = page.ContinuationToken;
                break;
            }
            await _table.UpsertEntityAsync(new TableEntity("p", Row(35)));
            await _table.UpsertEntityAsync(new TableEntity("p", Row(5)));
            await _table.DeleteEntityAsync("p", Row(30));
        }
        while (continuation is not null);
        Assert.Equal([["0000", "0010", "0020", "0030"], ["0040", "0050", "0060", "0070"], ["0080", "0090"]], pages);
        await Refused(400, "InvalidInput", async () =>
        {
            await foreach (var page in _table.QueryAsync<TableEntity>().AsPages("!")) Assert.Empty(page.Values);
        });
    }

    [Fact]
    public async Task A_page_holds_a_thousand_rows()
    {
        for (var i = 0; i < 1100; i += 100)
            await _table.SubmitTransactionAsync(Enumerable.Range(i, 100).Select(row => UpsertOf(new TableEntity("p", Row(row)))));
        var sizes = new List<int>();
        await foreach (var page in _table.QueryAsync<TableEntity>().AsPages()) sizes.Add(page.Values.Count);
        Assert.Equal([1000, 100], sizes);
    }

    [Fact]
    public async Task Select_brings_only_what_it_names()
    {
        await _table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2 });
        await foreach (var row in _table.QueryAsync<TableEntity>(select: ["RowKey", "B"]))
        {
            Assert.Equal(["B", "RowKey", "odata.etag"], row.Keys.Order(StringComparer.Ordinal));
        }
        Assert.Null((await _table.GetEntityAsync<TableEntity>("p", "r", ["A"])).Value.GetInt32("B"));
    }

    [Theory]
    [InlineData("Text eq 'it''s'")]
    [InlineData("Flag eq true")]
    [InlineData("Flag")]
    [InlineData("not (Flag eq false)")]
    [InlineData("Int gt 41 and Int lt 43")]
    [InlineData("Int eq 42L")]
    [InlineData("Long ge 5000000000")]
    [InlineData("Long le 5000000000L")]
    [InlineData("Ratio gt 0.25 and Ratio le 5e-1")]
    [InlineData("At eq datetime'2026-03-01T10:30:00Z'")]
    [InlineData("At lt datetime'2026-03-01T10:30:00.0000001Z'")]
    [InlineData("Id eq guid'0f8fad5b-d9cb-469f-a165-70867728950e'")]
    [InlineData("Bytes eq X'01FF' and Bytes lt binary'0200'")]
    [InlineData("Timestamp gt datetime'1999-01-01T00:00:00Z'")]
    [InlineData("((RowKey eq 'r'))or(Missing ne 1)")]
    [InlineData("Int eq 1 or Int eq 2 and Int eq 3 or Int eq 42")]
    public async Task A_filter_matches(string filter)
    {
        await _table.AddEntityAsync(Sample());
        Assert.Equal(AnswerTo(filter, "1 row"), await MatchAsync(filter));
    }

    [Theory]
    [InlineData("Missing eq 1")]
    [InlineData("Missing ne 1")]
    [InlineData("Text eq 42")]
    [InlineData("Int ne 'x'")]
    [InlineData("text eq 'it''s'")]
    [InlineData("PartitionKey gt 'p'")]
    [InlineData("PartitionKey eq 'p' and PartitionKey eq 'q'")]
    public async Task A_filter_does_not_match(string filter)
    {
        await _table.AddEntityAsync(Sample());
        Assert.Equal(AnswerTo(filter, "0 rows"), await MatchAsync(filter));
    }

    [Theory]
    [InlineData("Int", "Int gt", 6)]
    [InlineData("no operator", "Int like 4", 4)]
    [InlineData("no literal", "Int eq other", 7)]
    [InlineData("open quote", "Text eq 'abc", 8)]
    [InlineData("open parenthesis", "(Int eq 1", 9)]
    [InlineData("rest", "Int eq 1 Int eq 2", 9)]
    [InlineData("bad instant", "At eq datetime'yesterday'", 6)]
    [InlineData("bad hex", "Bytes eq X'0G'", 9)]
    [InlineData("bad number", "Int eq 1.2.3", 7)]
    [InlineData("empty", "", 0)]
    public async Task A_malformed_filter_is_refused_at_its_position(string fault, string filter, int position)
    {
        var error = await Record.ExceptionAsync(() => RowsAsync(filter));
        Assert.Equal(AnswerTo(fault, "400 InvalidInput"), TextOf(error));
        if (error is RequestFailedException refused) AssertNames(refused, $"at position {position}:");
    }

    /// <summary>How deep a filter nests that is refused, but not for its length.</summary>
    protected virtual int TooDeep => 100_000;

    [Fact]
    public async Task A_filter_that_nests_too_deep_is_refused()
    {
        await Refused(400, "InvalidInput", () => RowsAsync(new string('(', TooDeep)));
        await Refused(400, "InvalidInput", () => RowsAsync(string.Concat(Enumerable.Repeat("not ", TooDeep))));
    }

    [Fact]
    public async Task CreateQueryFilter_quotes_every_type_so_that_it_matches()
    {
        var row = Sample();
        await _table.AddEntityAsync(row);
        Assert.Equal("Text eq 'it''s'", TableClient.CreateQueryFilter($"Text eq {"it's"}"));
        Assert.Equal("Ratio eq 3.0", TableClient.CreateQueryFilter($"Ratio eq {3.0}"));
        foreach (var name in row.Keys.Where(name => name is not ("PartitionKey" or "RowKey")))
        {
            var filter = TableClient.CreateQueryFilter(System.Runtime.CompilerServices.FormattableStringFactory.Create(name + " eq {0}", row[name]));
            Assert.Single(await RowsAsync(filter));
        }
        Assert.Throws<ArgumentException>(() => TableClient.CreateQueryFilter($"A eq {null}"));
        Assert.Throws<ArgumentException>(() => TableClient.CreateQueryFilter($"A eq {1m}"));
    }

    [Fact]
    public async Task Filters_agree_with_a_naive_evaluation_of_every_row()
    {
        var rows = RowCases.Sample(150, new Rnd(7), 10).DistinctBy(row => (row.PartitionKey, row.RowKey)).ToArray();
        await Task.WhenAll(rows.Select(row => _table.AddEntityAsync(row)));
        foreach (var filter in FilterCases(2).Sample(1000, new Rnd(11), 10))
        {
            var expected = rows.Where(filter.Holds).Select(row => (row.PartitionKey, row.RowKey))
                .OrderBy(key => key.PartitionKey, StringComparer.Ordinal).ThenBy(key => key.RowKey, StringComparer.Ordinal);
            var found = (await RowsAsync(filter.Text)).Select(row => (row.PartitionKey, row.RowKey));
            Assert.True(expected.SequenceEqual(found), filter.Text);
        }
    }

    async Task<string> MatchAsync(string filter)
    {
        var rows = 0;
        var error = await Record.ExceptionAsync(async () => rows = (await RowsAsync(filter)).Count);
        return error is null ? $"{rows} row{(rows == 1 ? "" : "s")}" : TextOf(error);
    }

    static TableEntity Sample() => new("p", "r")
    {
        ["Text"] = "it's",
        ["Flag"] = true,
        ["Int"] = 42,
        ["Long"] = 5_000_000_000,
        ["Ratio"] = 0.5,
        ["At"] = new DateTimeOffset(2026, 3, 1, 10, 30, 0, TimeSpan.Zero),
        ["Id"] = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"),
        ["Bytes"] = new byte[] { 1, 255 },
    };

    sealed record FilterCase(string Text, Func<TableEntity, bool> Holds);

    static readonly Gen<string> Keys = Gen.Elements("", "a", "a ", "aa", "ab", "b", "ba", "B", "é", "\uFF21", "\U0001F3E6");

    static readonly Gen<TableEntity> RowCases =
        from partition in Keys
        from row in Keys
        from number in Gen.Choose(-3, 3)
        from which in Gen.Choose(0, 15)
        from text in Keys
        select RowOf(partition, row, number, which, text);

    static TableEntity RowOf(string partition, string row, int number, int which, string text)
    {
        var entity = new TableEntity(partition, row);
        if ((which & 1) != 0) entity["Int"] = number;
        if ((which & 2) != 0) entity["Long"] = (long)number;
        if ((which & 4) != 0) entity["Ratio"] = number / 2.0;
        if ((which & 8) != 0) entity["Text"] = text;
        return entity;
    }

    static readonly string[] Operators = ["eq", "ne", "gt", "ge", "lt", "le"];

    /// <summary>What may follow the digits of a literal that a numeric property is compared with.</summary>
    protected virtual string[] SuffixesFor(string property) => ["", "L", ".0"];

    Gen<FilterCase> FilterCases(int depth)
    {
        var text = from name in Gen.Elements("PartitionKey", "PartitionKey", "RowKey", "RowKey", "Text")
                   from op in Gen.OneOf(Gen.Constant("eq"), Gen.Elements(Operators))
                   from literal in Gen.OneOf(Keys, Gen.Elements("a\u0001", "it's"))
                   select new FilterCase($"{name} {op} '{literal.Replace("'", "''", StringComparison.Ordinal)}'",
                       row => row.GetString(name) is { } value && Holds(op, string.CompareOrdinal(value, literal)));
        var number = from name in Gen.Elements("Int", "Long", "Ratio")
                     from op in Gen.Elements(Operators)
                     from literal in Gen.Choose(-3, 3)
                     from suffix in Gen.Elements(SuffixesFor(name))
                     select new FilterCase($"{name} {op} {literal}{suffix}", row => row.ContainsKey(name)
                         && Holds(op, Convert.ToDouble(row[name], System.Globalization.CultureInfo.InvariantCulture).CompareTo(literal)));
        var keys = from partition in Keys
                   from op in Gen.Elements(Operators)
                   from literal in Keys
                   select new FilterCase($"PartitionKey eq '{partition}' and RowKey {op} '{literal}'",
                       row => row.PartitionKey == partition && Holds(op, string.CompareOrdinal(row.RowKey, literal)));
        var leaf = Gen.OneOf(text, keys, number);
        if (depth == 0) return leaf;
        var inner = FilterCases(depth - 1);
        var and = from left in inner from right in inner
                  select new FilterCase($"({left.Text}) and ({right.Text})", row => left.Holds(row) && right.Holds(row));
        var or = from left in inner from right in inner
                 select new FilterCase($"(({left.Text}) or {right.Text})", row => left.Holds(row) || right.Holds(row));
        var not = from negated in inner select new FilterCase($"not ({negated.Text})", row => !negated.Holds(row));
        return Gen.OneOf(leaf, and, and, or, not);
    }

    static bool Holds(string op, int order) => op switch
    {
        "eq" => order == 0,
        "ne" => order != 0,
        "gt" => order > 0,
        "ge" => order >= 0,
        "lt" => order < 0,
        _ => order <= 0,
    };
}
