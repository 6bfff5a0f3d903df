using Azure;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

public abstract partial class TableContract
{
    [Theory]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\u0000b")]
    [InlineData("a\u001Fb")]
    [InlineData("a\u007Fb")]
    [InlineData("a\u009Fb")]
    public async Task A_key_with_a_forbidden_character_is_refused(string key)
    {
        await Refused(400, "OutOfRangeInput", () => _table.AddEntityAsync(new TableEntity(key, "r")));
        await Refused(400, "OutOfRangeInput", () => _table.UpsertEntityAsync(new TableEntity("p", key)),
            key == "a/b" ? "a slash in the address" : nameof(A_key_with_a_forbidden_character_is_refused));
    }

    [Fact]
    public async Task A_key_takes_512_characters_and_not_one_more()
    {
        await _table.AddEntityAsync(new TableEntity(new string('p', 512), new string('r', 512)));
        await Refused(400, "KeyValueTooLarge", () => _table.AddEntityAsync(new TableEntity(new string('p', 513), "r")));
        await Refused(400, "KeyValueTooLarge", () => _table.AddEntityAsync(new TableEntity("p", new string('r', 513))));
    }

    [Fact]
    public async Task A_key_must_be_there_but_may_be_empty()
    {
        await _table.AddEntityAsync(new TableEntity("", ""));
        Assert.Equal("", (await _table.GetEntityAsync<TableEntity>("", "")).Value.RowKey);
        await Assert.ThrowsAsync<ArgumentException>(() => _table.AddEntityAsync(new TableEntity("p", null)));
        await Assert.ThrowsAsync<ArgumentException>(() => _table.AddEntityAsync(new TableEntity { RowKey = "r" }));
    }

    [Fact]
    public async Task A_property_takes_64_KiB_and_not_one_more_byte()
    {
        await _table.AddEntityAsync(new TableEntity("p", "r") { ["B"] = new byte[65_536], ["S"] = new string('é', 32_768) });
        await Refused(400, "PropertyValueTooLarge", () => _table.AddEntityAsync(new TableEntity("p", "s") { ["B"] = new byte[65_537] }));
        var error = await Refused(400, "PropertyValueTooLarge",
            () => _table.AddEntityAsync(new TableEntity("p", "s") { ["S"] = new string('x', 32_769) }));
        AssertNames(error!, "'S'");
    }

    [Fact]
    public async Task An_entity_takes_1_MiB_and_not_more_even_by_a_merge()
    {
        var full = new TableEntity("p", "r");
        for (var i = 0; i < 15; i++) full[$"B{i}"] = new byte[65_536];
        await _table.AddEntityAsync(full);
        await Refused(400, "EntityTooLarge", () => _table.UpsertEntityAsync(new TableEntity("p", "r") { ["More"] = new byte[65_536] }), "a merge that grows");
        full["More"] = new byte[65_536];
        await Refused(400, "EntityTooLarge", () => _table.UpsertEntityAsync(full, TableUpdateMode.Replace));
    }

    [Fact]
    public async Task An_entity_takes_252_properties_and_not_one_more()
    {
        var entity = new TableEntity("p", "r");
        for (var i = 0; i < 252; i++) entity[$"P{i}"] = i;
        await _table.AddEntityAsync(entity);
        await Refused(400, "TooManyProperties", () => _table.UpsertEntityAsync(new TableEntity("p", "r") { ["One"] = 1 }));
        entity["One"] = 1;
        await Refused(400, "TooManyProperties", () => _table.UpsertEntityAsync(entity, TableUpdateMode.Replace));
    }

    [Theory]
    [InlineData("a-b")]
    [InlineData("1a")]
    [InlineData("a b")]
    [InlineData("")]
    public async Task A_property_name_is_an_identifier(string name) =>
        await Refused(400, "PropertyNameInvalid", () => _table.AddEntityAsync(new TableEntity("p", "r") { [name] = 1 }));

    [Fact]
    public async Task A_property_name_takes_255_characters_and_not_one_more()
    {
        await _table.AddEntityAsync(new TableEntity("p", "r") { [new string('n', 255)] = 1 });
        await Refused(400, "PropertyNameTooLong", () => _table.AddEntityAsync(new TableEntity("p", "s") { [new string('n', 256)] = 1 }));
    }

    [Fact]
    public async Task An_instant_before_1601_is_refused() =>
        await Refused(400, "OutOfRangeInput", () => _table.AddEntityAsync(new TableEntity("p", "r") { ["At"] = DateTimeOffset.MinValue }));

    [Theory]
    [InlineData("ab", "OutOfRangeInput")]
    [InlineData("1abc", "InvalidResourceName")]
    [InlineData("a-bc", "InvalidResourceName")]
    public async Task A_table_name_is_3_to_63_letters_and_digits(string name, string code) =>
        await Refused(400, code, () => _service.GetTableClient(name).CreateAsync());

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task A_page_holds_1_to_1000_rows(int size) =>
        await Refused(400, "InvalidInput", async () => await _table.QueryAsync<TableEntity>(maxPerPage: size).GetAsyncEnumerator().MoveNextAsync());

    [Fact]
    public async Task A_lone_surrogate_is_refused_by_name()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => _table.AddEntityAsync(new TableEntity("p", "r") { ["Text"] = "a\uD800" }));
        Assert.Contains("'Text'", error.Message, StringComparison.Ordinal);
    }
}
