using System.IO.Compression;
using ServerlessCLM.Models;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Models;

public class DataTableTests
{
    [Fact]
    public void Columns_are_numbers_or_texts_and_missing_is_neither()
    {
        using var folder = new TemporaryFolder();
        var table = DataTable.Read(folder.Write("t.csv", "a,b,c\n1,x,-9\nNA,\"y, z\",2e3\n-inf,,nan\n.5,x,-9\n"), new DataTableOptions { MissingCodes = [-9] });
        Assert.Equal([1, float.NaN, float.NaN, 0.5f], table.Column("a").Numbers!);
        Assert.Equal(["x", "y, z"], table.Column("b").Levels!);
        Assert.Equal([0, 1, -1, 0], table.Column("b").Codes!);
        Assert.Equal([float.NaN, 2000, float.NaN, float.NaN], table.Column("c").Numbers!);
        Assert.Equal((4, 2L, 1, 3), (table.Rows, table.NotFinite, table.Column("b").Missing, table.Column("c").Missing));
    }

    [Fact]
    public void Columns_named_as_text_or_to_exclude_are_so()
    {
        using var folder = new TemporaryFolder();
        var table = DataTable.Read(folder.Write("t.csv", "zip,a,b\n01234,1,2\n04321,3,4\n"), new DataTableOptions { Texts = ["zip"], Exclude = ["a"] });
        Assert.Equal(["01234", "04321"], table.Column("zip").Levels!);
        Assert.Equal(["zip", "b"], table.Columns.Select(column => column.Name));
    }

    [Theory]
    [InlineData("a,b\n1,2\n3\n", "line 3: has 1 fields, the header has 2")]
    [InlineData("a,b,a\n1,2,3\n", "line 1: column a is there twice")]
    [InlineData("a,,c\n1,2,3\n", "line 1: column 2 has no name")]
    [InlineData("a,b\n", "at least one row")]
    [InlineData("", "a header line is expected")]
    [InlineData("a,b\n1,1\n2,2\n3,3\n4,4\n5,5\n6,6\n7,7\n8,8\n9,9\n10,10\n11,11\n12,twelve\n", "line 13: column b: 'twelve' must be a number")]
    [InlineData("a,b\n\"open,2\n3,4\n", "line")]
    public void A_file_that_cannot_be_used_is_told_with_the_place(string content, string told)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("t.csv", content);
        Assert.Contains(told, Assert.Throws<SourceFormatException>(() => DataTable.Read(path, new DataTableOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_is_asked_for_and_missing_is_named()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("t.csv", "a,b\n1,2\n");
        Assert.Contains("column c is missing; there are a, b", Told(() => DataTable.Read(path, new DataTableOptions { Exclude = ["c"] })), StringComparison.Ordinal);
        Assert.Contains("column c is missing", Told(() => DataTable.Read(path, new DataTableOptions()).Column("c")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void A_broken_gzip_is_told_and_not_taken_for_a_short_file(double share)
    {
        using var folder = new TemporaryFolder();
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(System.Text.Encoding.ASCII.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i},{i * 7919 % 104729}\n"))));
        var path = folder.Write("t.csv.gz", "");
        File.WriteAllBytes(path, packed.ToArray());
        Assert.Equal(5000, DataTable.Read(path, new DataTableOptions()).Rows);

        File.WriteAllBytes(path, packed.ToArray()[..(int)(packed.Length * share)]);
        Assert.Contains("t.csv.gz: ", Told(() => DataTable.Read(path, new DataTableOptions())), StringComparison.Ordinal);

        File.Move(path, folder.Write("plain.csv", ""), overwrite: true);
        Assert.Contains("name that ends in .gz", Told(() => DataTable.Read(Path.Combine(folder.Path, "plain.csv"), new DataTableOptions())), StringComparison.Ordinal);
        Assert.Contains("no.csv", Told(() => DataTable.Read(Path.Combine(folder.Path, "no.csv"), new DataTableOptions())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yes,no,no,yes,yes", "yes", "(3 of 5 rows)")]
    [InlineData("FALSE,TRUE,FALSE", "TRUE", "(1 of 3 rows)")]
    [InlineData("0,1,1", "1", "(2 of 3 rows)")]
    [InlineData("good,good,bad", "bad", "the rarer value beside good")]
    [InlineData("2,1,1", "2", "the rarer value beside 1")]
    [InlineData("N,Y,Y", "Y", "(2 of 3 rows)")]
    public void The_event_is_yes_or_the_rarer_of_two_values(string values, string positive, string told)
    {
        using var folder = new TemporaryFolder();
        var target = BinaryTarget.Of(DataTable.Read(folder.Write("t.csv", "y\n" + values.Replace(',', '\n')), new DataTableOptions()), "y");
        Assert.Equal(positive, target.Positive);
        Assert.Contains(told, target.Told, StringComparison.Ordinal);
        Assert.Equal(values.Split(',').Select(value => value == positive), target.Events);
    }

    [Theory]
    [InlineData("1\n1\n1", "all 3 rows have '1'")]
    [InlineData("1\n2\n3", "at least '1', '2', '3'")]
    [InlineData("1,\n,4\n0,2", "no value in row 2")]
    public void A_target_that_is_not_of_two_values_is_refused(string rows, string told)
    {
        using var folder = new TemporaryFolder();
        var table = DataTable.Read(folder.Write("t.csv", (rows.Contains(',', StringComparison.Ordinal) ? "y,x\n" : "y\n") + rows), new DataTableOptions());
        Assert.Contains(told, Told(() => BinaryTarget.Of(table, "y")), StringComparison.Ordinal);
    }

    [Fact]
    public void Useless_columns_are_dropped_with_a_word()
    {
        using var folder = new TemporaryFolder();
        var table = DataTable.Read(
            folder.Write("t.csv", "y,empty,same,word,id,half,x\n0,,3,a,n1,,1\n1,,3,a,n2,5,2\n0,,3,a,n3,5,3\n1,,3,a,n4,,4\n"), new DataTableOptions());
        var inputs = ModelInputs.Of(table, "y");
        Assert.Equal(["half", "x"], inputs.Columns.Select(column => column.Name));
        Assert.Equal(4, inputs.Dropped.Count);
        Assert.Contains("column empty is dropped: it has no value in any row", inputs.Dropped);
        Assert.Contains("column same is dropped: it has the same value, 3, in every row", inputs.Dropped);
        Assert.Contains(inputs.Dropped, word => word.Contains("id is dropped: 4 different texts", StringComparison.Ordinal));
        Assert.Contains("no column is left", Told(() => ModelInputs.Of(DataTable.Read(folder.Write("u.csv", "y,a\n0,1\n1,1\n"), new DataTableOptions()), "y")), StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_are_stratified_and_come_again_from_their_seed()
    {
        bool[] events = [.. Enumerable.Range(0, 103).Select(i => i % 7 == 0)];
        var folds = Folds.Stratified(events, 5, 3);
        Assert.Equal(folds, Folds.Stratified(events, 5, 3));
        Assert.NotEqual(folds, Folds.Stratified(events, 5, 4));
        for (var fold = 0; fold < 5; fold++)
        {
            Assert.InRange(folds.Count(f => f == fold), 20, 21);
            Assert.InRange(folds.Where((f, row) => f == fold && events[row]).Count(), 3, 3);
        }

        Assert.Contains("at least 10 rows with the event", Assert.Throws<ArgumentException>(() => Folds.Stratified([true, .. new bool[50]], 5, 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fold\n0\n1\n", "has 2 folds for 8 rows")]
    [InlineData("fold\n0\n0\n0\n0\n0\n0\n0\n0\n", "2 to 100 folds are expected, there are 1")]
    [InlineData("fold\n0\n0\n0\n0\n1\n1\n1\n.5\n", "must be a whole number")]
    [InlineData("fold\n0\n0\n0\n1\n1\n1\n1\n1\n", "fold 0 must have at least two rows with")]
    [InlineData("part,x\n0,1\n", "column fold is missing")]
    public void A_file_of_folds_that_cannot_be_used_is_told(string content, string told)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("f.csv", content);
        Assert.Contains(told, Told(() => Folds.Read(path, [true, false, true, false, true, false, true, false])), StringComparison.Ordinal);
    }

    private static string Told(Func<object> read) => Assert.Throws<SourceFormatException>(read).Message;
}
