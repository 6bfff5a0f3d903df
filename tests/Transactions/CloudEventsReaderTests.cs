using System.IO.Compression;
using System.Text;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Transactions;

public class CloudEventsReaderTests
{
    private static string Line(int id) =>
        PaymentParserTests.Example.Replace("\n", "", StringComparison.Ordinal).Replace("e-1", $"e-{id}", StringComparison.Ordinal);

    private static List<SourceEntry> Read(string text) =>
        [.. CloudEventsReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), TimeProvider.System)];

    private static IEnumerable<string?> Ids(string text) => Read(text).Select(entry => entry.Payment?.Id);

    [Fact]
    public void Reads_a_line_each_an_array_and_one_alone()
    {
        Assert.Equal(["e-1", "e-2"], Ids($"{Line(1)}\n\n{Line(2)}\n"));
        Assert.Equal(["e-1", "e-2"], Ids($"[{Line(1)},{Line(2)}]"));
        Assert.Equal(["e-1", "e-2"], Ids($"\n[\n  {PaymentParserTests.Example},\n{Line(2)}\n]\n"));
        Assert.Equal(["e-1"], Ids(PaymentParserTests.Example));
        Assert.Equal(["e-1"], Ids(Line(1)));
        Assert.Empty(Ids(""));
        Assert.Empty(Ids("[]"));
    }

    [Fact]
    public void A_bad_line_spoils_no_other()
    {
        var entries = Read($"{Line(1)[..50]}\n{Line(2)}\nnonsense\n{Line(3).Replace("EUR", "eur", StringComparison.Ordinal)}\n{Line(4)}");
        Assert.Equal([null, "e-2", null, null, "e-4"], entries.Select(entry => entry.Payment?.Id));
        Assert.Equal([1L, 2, 3, 4, 5], entries.Select(entry => entry.Line));
        Assert.Equal(["$", null, "$", "data.currency", null], entries.Select(entry => entry.Rejection.Field));
    }

    [Fact]
    public void A_bad_element_spoils_no_other() =>
        Assert.Equal(["e-1", null, null, "e-2"], Ids($"[{Line(1)}, {{\"a\":\"}}{{\\\"\"}}, 17, {Line(2)}]"));

    [Fact]
    public void Reads_lines_longer_than_its_buffer_and_gzip()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("events.jsonl.gz");
        var padded = Line(1).Replace("\"id\"", $"\"note\":\"{new string('x', 300_000)}\",\"id\"", StringComparison.Ordinal);
        using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
        {
            foreach (var line in (string[])[padded, Line(2), padded])
                gzip.Write(Encoding.UTF8.GetBytes(line + "\r\n"));
        }

        var source = PaymentSources.Open("cloudevents", path);
        Assert.Equal(["e-1", "e-2", "e-1"], source.Read().Select(entry => entry.Payment?.Id));
        Assert.Equal(new FileInfo(path).Length, source.TotalBytes);
        Assert.Equal(source.TotalBytes, source.BytesRead);
    }
}
