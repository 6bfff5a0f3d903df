using System.Text;
using ServerlessCLM.Customers;
using ServerlessCLM.Tests.Emulator;

namespace ServerlessCLM.Tests.Transactions;

public class TransactionRoutesTests : ProductTests
{
    [Fact]
    public async Task A_refused_event_is_told_with_its_reason_and_can_be_corrected_and_sent_again()
    {
        await using var product = await StartAsync();
        var good = Encoding.UTF8.GetString(Product.Payment("C-1", "1", Product.Now));
        var bad = good.Replace("\"EUR\"", "\"euro\"", StringComparison.Ordinal);
        var (status, body) = await product.SendAsync(HttpMethod.Post, "api/transactions", $"[{good},{bad}]");
        Assert.Equal((202, 1, 1), (status, (int)body!["accepted"]!, (int)body["rejected"]!));
        var refused = body["refused"]![0]!;
        Assert.Equal((1, "data.currency"), ((int)refused["index"]!, (string)refused["field"]!));

        var letter = $"api/dead-letters/transactions/{(string)refused["deadLetter"]!}";
        var (_, kept) = await product.SendAsync(HttpMethod.Get, letter);
        Assert.Equal(bad, (string)kept!["body"]!);
        Assert.Equal(400, (await product.SendAsync(HttpMethod.Post, letter + "/resend")).Status);
        var corrected = good.Replace("\"id\":\"1\"", "\"id\":\"2\"", StringComparison.Ordinal);
        Assert.Equal(202, (await product.SendAsync(HttpMethod.Post, letter + "/resend", corrected)).Status);
        Assert.Equal(409, (await product.SendAsync(HttpMethod.Post, letter + "/resend", corrected)).Status);
        await product.DrainAsync(EventStreams.TransactionsHub);

        var (_, view) = await product.SendAsync(HttpMethod.Get, "api/customers/C-1");
        Assert.Equal(2, (int)view!["features"]!["purchases_30d"]!);
        Assert.Empty((await product.SendAsync(HttpMethod.Get, "api/dead-letters/transactions")).Body!["deadLetters"]!.AsArray());
        Assert.Single((await product.SendAsync(HttpMethod.Get, "api/dead-letters/transactions?status=all")).Body!["deadLetters"]!.AsArray());
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Get, "api/dead-letters/signals")).Status);
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Get, "api/dead-letters/transactions/none")).Status);
    }

    [Fact]
    public async Task An_event_of_two_megabytes_is_set_aside_whole_and_the_others_count()
    {
        await using var product = await StartAsync();
        var good = Encoding.UTF8.GetString(Product.Payment("C-1", "1", Product.Now));
        var large = good.Replace("\"id\":\"1\"", $"\"id\":\"2\",\"note\":\"{new string('x', 2_000_000)}\"", StringComparison.Ordinal);
        var (status, body) = await product.SendAsync(HttpMethod.Post, "api/transactions", $"[{large},{good}]");
        Assert.Equal((202, 1, 1), (status, (int)body!["accepted"]!, (int)body["rejected"]!));
        Assert.Equal("$", (string)body["refused"]![0]!["field"]!);
        var (_, kept) = await product.SendAsync(HttpMethod.Get, $"api/dead-letters/transactions/{(string)body["refused"]![0]!["deadLetter"]!}");
        Assert.Equal(large, (string)kept!["body"]!);
    }

    [Fact]
    public async Task A_request_of_more_events_than_one_may_have_is_413_and_sets_nothing_aside()
    {
        await using var product = await Product.StartAsync();
        var zeros = "[" + string.Join(',', Enumerable.Repeat("0", 50_001)) + "]";
        Assert.Equal(413, (await product.SendAsync(HttpMethod.Post, "api/transactions", zeros)).Status);
        Assert.Equal(413, (await product.SendAsync(HttpMethod.Post, "api/events", zeros)).Status);
        Assert.Empty((await product.SendAsync(HttpMethod.Get, "api/dead-letters/transactions")).Body!["deadLetters"]!.AsArray());
    }

    [Theory]
    [InlineData("api/dead-letters/transactions/a%5Cb")]
    [InlineData("api/dead-letters/transactions/a%23b")]
    [InlineData("api/dead-letters/nowhere/edge-1")]
    public async Task A_dead_letter_that_cannot_be_is_404(string path)
    {
        await using var product = await Product.StartAsync();
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Get, path)).Status);
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Post, path + "/resend")).Status);
    }

    [Fact]
    public async Task A_repeated_request_gets_the_first_answer_and_another_under_its_key_is_422()
    {
        await using var product = await StartAsync();
        var one = Encoding.UTF8.GetString(Product.Payment("C-1", "1", Product.Now));
        var bad = $"[{one},{{}}]";
        var first = await product.SendAsync(HttpMethod.Post, "api/transactions", bad, ("Idempotency-Key", "k-1"));
        product.Clock.Advance(TimeSpan.FromSeconds(5));
        var again = await product.SendAsync(HttpMethod.Post, "api/transactions", bad, ("Idempotency-Key", "k-1"));
        Assert.Equal((first.Status, first.Body!.ToJsonString()), (again.Status, again.Body!.ToJsonString()));
        Assert.Equal(422, (await product.SendAsync(HttpMethod.Post, "api/transactions", one, ("Idempotency-Key", "k-1"))).Status);
        Assert.Equal(202, (await product.SendAsync(HttpMethod.Post, "api/transactions", one, ("Idempotency-Key", "k-2"))).Status);
        await product.DrainAsync(EventStreams.TransactionsHub);
        Assert.Equal(1, (int)(await product.SendAsync(HttpMethod.Get, "api/customers/C-1")).Body!["features"]!["purchases_30d"]!);
    }

    [Fact]
    public async Task A_card_number_is_nowhere_in_the_data_folder()
    {
        const string pan = "4111111111111111";
        using var folder = new ServerlessCLM.Tests.Emulator.Hosting.TestFolder();
        await using (var product = await StartAsync(folder.Path))
        {
            var good = Encoding.UTF8.GetString(Product.Payment("C-1", "1", Product.Now)).Replace("A-C-1", pan, StringComparison.Ordinal);
            var bad = good.Replace("\"EUR\"", "\"euro\"", StringComparison.Ordinal);
            Assert.Equal(202, (await product.SendAsync(HttpMethod.Post, "api/transactions", $"[{good},{bad}]")).Status);
            await product.DrainAsync(EventStreams.TransactionsHub);
        }

        var found = Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories)
            .Where(file => File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.ASCII.GetBytes(pan)) >= 0);
        Assert.Empty(found);
    }

    [Fact]
    public async Task A_bank_statement_and_card_messages_are_taken_as_they_are()
    {
        await using var product = await StartAsync();
        var xml = await File.ReadAllTextAsync(TestData.Sample("Transactions", "samples", "camt053.xml"));
        var (status, body) = await PostAsync(product, "application/xml", xml);
        Assert.Equal(202, status);
        Assert.True((int)body!["accepted"]! > 0, body.ToJsonString());
        Assert.Equal(400, (await PostAsync(product, "application/xml", "<html/>")).Status);

        const string message = """{"mti":"0200","subject":"C-8","2":"4111111111111111","3":"000000","4":"000000004210","7":"1120093000","18":"5411","37":"000000000001","39":"00","49":"978"}""";
        Assert.Equal((202, 1), (await PostAsync(product, "application/vnd.iso8583+json", message)) is var card ? (card.Status, (int)card.Body!["accepted"]!) : default);
        await product.DrainAsync(EventStreams.TransactionsHub);
        Assert.Equal(42.1f, (float)(await product.SendAsync(HttpMethod.Get, "api/customers/C-8")).Body!["features"]!["purchase_amount_7d"]!);
    }

    private static async Task<(int Status, System.Text.Json.Nodes.JsonNode? Body)> PostAsync(Product product, string type, string text)
    {
        using var content = new StringContent(text, Encoding.UTF8, type);
        using var response = await product.Client.PostAsync("api/transactions", content);
        return ((int)response.StatusCode, System.Text.Json.Nodes.JsonNode.Parse(await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_customer_whose_id_looks_like_a_card_number_is_found_by_that_id()
    {
        await using var product = await StartAsync();
        await product.SendAsync(HttpMethod.Post, "api/transactions", Encoding.UTF8.GetString(Product.Payment("4111111111111111", "1", Product.Now)));
        await product.DrainAsync(EventStreams.TransactionsHub);
        var (status, view) = await product.SendAsync(HttpMethod.Get, "api/customers/4111111111111111");
        Assert.Equal(200, status);
        Assert.StartsWith("tok_", (string)view!["customerId"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_function_key_is_401()
    {
        await using var product = await StartAsync();
        product.Client.DefaultRequestHeaders.Remove("x-functions-key");
        Assert.Equal(401, (await product.SendAsync(HttpMethod.Get, "api/customers/C-1", null, ("x-functions-key", "wrong"))).Status);
        Assert.Equal(401, (await product.SendAsync(HttpMethod.Post, "api/transactions", "[]")).Status);
        Assert.Equal(200, (await product.SendAsync(HttpMethod.Get, "api/health")).Status);
    }
}

/// <summary>The same over the storage REST protocol.</summary>
public sealed class TransactionRoutesOnAzurite(Azurite azurite) : TransactionRoutesTests
{
    protected override async Task<string?> NewStorageAsync() => await azurite.NewAccountAsync();
}
