using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>How much of the index a filter reads: never more than the partition where the partition is fixed.</summary>
public sealed class TablesKeyRangeTests
{
    [Theory]
    [InlineData("PartitionKey eq 'p'", "p|-a-b-c")]
    [InlineData("PartitionKey eq 'p' and Score gt 1", "p|-a-b-c")]
    [InlineData("PartitionKey eq 'p' and (Score gt 1 or not (RowKey eq 'a'))", "p|-a-b-c")]
    [InlineData("PartitionKey eq 'p' and RowKey eq 'b'", "p|-b")]
    [InlineData("RowKey eq 'b' and PartitionKey eq 'p'", "p|-b")]
    [InlineData("PartitionKey eq 'p' and (RowKey ge 'a' and RowKey lt 'c')", "p|-a-b")]
    [InlineData("PartitionKey eq 'p' and RowKey gt 'a' and RowKey le 'c'", "p|-b-c")]
    [InlineData("PartitionKey eq 'p' and (RowKey eq 'a' or RowKey eq 'b')", "p|-a-b")]
    [InlineData("(PartitionKey eq 'p' and RowKey eq 'a') or (PartitionKey eq 'p' and RowKey eq 'b')", "p|-a-b")]
    [InlineData("PartitionKey ge 'p' and PartitionKey lt 'q'", "p|-a-b-c")]
    [InlineData("PartitionKey gt 'o' and PartitionKey le 'p'", "p|-a-b-c")]
    [InlineData("PartitionKey le 'p\u0001'", "o|-a-b-c p|-a-b-c")]
    [InlineData("PartitionKey gt 'p\u0001'", "p|-a-b-c q|-a-b-c")]
    [InlineData("PartitionKey eq 'p' and PartitionKey eq 'q'", "")]
    [InlineData("RowKey eq 'a'", "o|-a-b-c p|-a-b-c q|-a-b-c")]
    [InlineData("not (PartitionKey eq 'p')", "o|-a-b-c p|-a-b-c q|-a-b-c")]
    public void The_rows_read_are_those_the_keys_allow(string filter, string expected)
    {
        var range = KeyRange.Of(7, TableFilter.Parse(filter), continuation: null);
        var read = from partition in new[] { "o", "p", "q" }
                   let rows = from row in new[] { "a", "b", "c" }
                              let key = EntityKey.Of(7, partition, row)
                              where key.AsSpan().SequenceCompareTo(range.From) >= 0 && key.AsSpan().SequenceCompareTo(range.Before) < 0
                              select "-" + row
                   where rows.Any()
                   select $"{partition}|{string.Concat(rows)}";
        Assert.Equal(expected, string.Join(' ', read));
    }
}
