using System.Text;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Scoring;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Scoring;

/// <summary>An event that fails its batch would be delivered again for ever, and everything behind it would wait.</summary>
public class EventIngestionTests
{
    private const string Hub = EventStreams.EventsHub;

    [Theory]
    [InlineData("clm.outcome.v1", """{"outcome":"click","outcome":"reject"}""", "data")]
    [InlineData("clm.profile.v1", """{"attributes":{"a":1,"a":2}}""", "data")]
    [InlineData("clm.lifecycle.v1", """{"event":"card_delivered","details":{"a":{"b":1,"b":2}}}""", "data")]
    [InlineData("clm.lifecycle.v1", """{"event":"\ud800"}""", "data")]
    [InlineData("clm.profile.v1", """{"givenName":"\udc00 Jana"}""", "data")]
    [InlineData("clm.profile.v1", """{"attributes":{"\ud800":1}}""", "data")]
    [InlineData("clm.profile.v1", """{"familyName":null,"monthlyIncome":1e999999999}""", "data.monthlyIncome")]
    [InlineData("clm.outcome.v1", """{"outcome":"payment","amount":1e400}""", "data.amount")]
    public async Task What_cannot_be_read_is_set_aside_and_does_not_fail_its_batch(string type, string data, string field)
    {
        await using var product = await Product.PartsAsync();
        var summary = await IngestAsync(product, Event("1", type, data), Event("2", "clm.lifecycle.v1", """{"event":"card_delivered"}"""));

        Assert.Equal((1, 1), (summary.Counted, summary.Rejected));
        Assert.Equal(field, (await LetterAsync(product)).Rejection.Field);
    }

    [Fact]
    public async Task A_nesting_that_could_not_be_read_back_is_set_aside()
    {
        await using var product = await Product.PartsAsync();
        var deep = Nested(40);
        var summary = await IngestAsync(product,
            Event("1", "clm.profile.v1", $$"""{"attributes":{{deep}} }"""),
            Event("2", "clm.lifecycle.v1", $$"""{"event":"card_delivered","details":{{deep}} }"""),
            Event("3", "clm.profile.v1", $$"""{"attributes":{{Nested(10)}} }"""));

        Assert.Equal((1, 2), (summary.Counted, summary.Rejected));
        Assert.Contains("nested", (await product.Get<DeadLetters>().FindAsync(Hub, DeadLetter.IdOf("0", 1), CancellationToken.None))!.Rejection.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_name_longer_than_a_column_is_set_aside()
    {
        await using var product = await Product.PartsAsync();
        var summary = await IngestAsync(product, Event("1", "clm.profile.v1", $$"""{"{{new string('n', 200_000)}}":1}"""));

        Assert.Equal(1, summary.Rejected);
        var letter = await LetterAsync(product);
        Assert.StartsWith("data.nnn", letter.Rejection.Field, StringComparison.Ordinal);
        Assert.InRange(letter.Rejection.Field.Length, 1, 200);
    }

    [Fact]
    public async Task A_profile_that_grows_past_its_row_by_patches_is_set_aside_and_the_rest_counts()
    {
        await using var product = await Product.PartsAsync();
        var patches = Enumerable.Range(0, 6).Select(i => Event($"p{i}", "clm.profile.v1", $$"""{"attributes":{"a{{i}}":"{{new string('x', 15_000)}}"} }"""));
        var summary = await IngestAsync(product, [.. patches, Event("l", "clm.lifecycle.v1", """{"event":"card_delivered"}""")]);

        Assert.Equal((3, 4), (summary.Counted, summary.Rejected));
        var (letters, _) = await product.Get<DeadLetters>().ListAsync(Hub, open: true, 100, null, CancellationToken.None);
        Assert.All(letters, letter => Assert.Equal("data", letter.Rejection.Field));
        var again = await IngestAsync(product, [.. patches, Event("l", "clm.lifecycle.v1", """{"event":"card_delivered"}""")]);
        Assert.Equal(7, again.Redelivered);
    }

    [Fact]
    public async Task A_ledger_full_of_long_ids_still_fits_its_row()
    {
        await using var product = await Product.PartsAsync();
        var id = new string('\u010d', 190);
        for (var from = 0; from < 420; from += 60)
        {
            var outcomes = Enumerable.Range(from, 60).Select(i => Product.Delivered(Event($"o{i}", "clm.outcome.v1",
                $$"""{"outcome":"impression","channel":"email","purpose":"collections","decisionId":"{{id}}{{i}}"}"""), i + 1));
            await product.Get<EventIngestion>().IngestAsync(Hub, "0", [.. outcomes], CancellationToken.None);
        }

        var partition = await product.Get<CustomerStore>().ReadAsync(CustomerId.Parse("C-1"), CancellationToken.None);
        Assert.Equal(420, partition!.Of(CustomerRows.OutcomePrefix).Count());
        var contacts = partition.Of(CustomerRows.Contacts).Single()["contacts"]!.AsArray();
        Assert.InRange(contacts.Count, 40, 400);
        Assert.Equal($"{id}419", (string)contacts[0]!["id"]!);
    }

    private static string Nested(int levels) => string.Concat(Enumerable.Repeat("{\"a\":", levels - 1)) + "{}" + new string('}', levels - 1);

    private static Task<ScoringSummary> IngestAsync(Product product, params byte[][] events) => product.Get<EventIngestion>().IngestAsync(
        Hub, "0", [.. events.Select((body, i) => Product.Delivered(body, i + 1))], CancellationToken.None);

    private static async Task<DeadLetter> LetterAsync(Product product) =>
        Assert.Single((await product.Get<DeadLetters>().ListAsync(Hub, open: true, 100, null, CancellationToken.None)).Letters);

    /// <summary>An event a second after the one before it, so that the newest of a test is its last.</summary>
    private static byte[] Event(string id, string type, string data) => Encoding.UTF8.GetBytes($$"""
        {"specversion":"1.0","id":"{{id}}","source":"/test","type":"{{type}}","subject":"C-1",
         "time":"{{Instant.Text(Product.Now.AddDays(-1).AddSeconds(int.TryParse(id.AsSpan(1), out var place) ? place : 0))}}","data":{{data}} }
        """);
}
