using System.Text;
using System.Text.Json;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Transactions;

public class CardNumbersTests
{
    private static readonly CardNumbers cards = new(Encoding.ASCII.GetBytes("a tenant's secret key"));

    private static string Tokenise(string text) => Encoding.UTF8.GetString(cards.Tokenise(Encoding.UTF8.GetBytes(text)).Span);

    [Theory]
    [InlineData("4111111111111111", "4111111111111111")]
    [InlineData("4111 1111 1111 1111", "4111111111111111")]
    [InlineData("4111-1111-1111-1111", "4111111111111111")]
    [InlineData("378282246310005", "378282246310005")]
    [InlineData("3782 822463 10005", "378282246310005")]
    [InlineData("4222222222222", "4222222222222")]
    [InlineData("6304000000000000000", "6304000000000000000")]
    [InlineData("4915112345678", "4915112345678")]
    public void Replaces_a_card_number_wherever_it_stands_alone(string written, string digits)
    {
        var token = cards.TokenOf(digits);
        Assert.Matches($"^tok_[0-9a-f]{{24}}_{digits[^4..]}$", token);
        Assert.Equal(token, Tokenise(written));
        Assert.Equal($"paid with {token}.", Tokenise($"paid with {written}."));
        Assert.Equal($"{{\"2\":\"{token}\",\"x\":[\"pan={token},\"]}}", Tokenise($"{{\"2\":\"{written}\",\"x\":[\"pan={written},\"]}}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing here")]
    [InlineData("4111111111111112")]
    [InlineData("DE89370400440532013000")]
    [InlineData("x4111111111111111")]
    [InlineData("4111111111111111x")]
    [InlineData("tok_4111111111111111")]
    [InlineData("41111111111111111111")]
    [InlineData("0000000000000000")]
    [InlineData("41 11 11 11 11 11 11 11")]
    [InlineData("4111  1111 1111 1111")]
    [InlineData("4111-1111 1111-1111")]
    [InlineData("+4915112345678")] // passes the check
    [InlineData("{\"phone\":\"+4915112345678\"}")]
    [InlineData("{\"amount\":4111111111111111,\"time\":\"2025-03-01T12:00:00.000000Z\"}")]
    [InlineData(PaymentParserTests.Example)]
    public void Leaves_the_very_same_memory_otherwise(string text)
    {
        ReadOnlyMemory<byte> utf8 = Encoding.UTF8.GetBytes(text);
        Assert.True(utf8.Equals(cards.Tokenise(utf8)));
    }

    [Theory]
    [InlineData("{\"note\":\"a\\n4111111111111111\"}")]
    [InlineData("{\"note\":\"\\u0034111111\\u003111111111 \\\"ok\\\"\",\"n\":1}")]
    [InlineData("{\"4111111111111111\":[1,\"\\\\\",\"4111 1111 1111 1111\"]}")]
    public void Keeps_json_whole_and_sees_through_escapes(string json)
    {
        var result = Tokenise(json);
        using var document = JsonDocument.Parse(result);
        Assert.DoesNotContain("1111111", result, StringComparison.Ordinal);
        Assert.Contains("_1111", result, StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_card_numbers_in_what_is_no_json() =>
        Assert.Equal($"{{\"pan\": {cards.TokenOf("4111111111111111")}, broken", Tokenise("{\"pan\": 4111111111111111, broken"));

    [Fact]
    public void Finds_a_number_after_a_date()
        => Assert.Equal($"2025-03-01 {cards.TokenOf("4111111111111111")}", Tokenise("2025-03-01 4111 1111 1111 1111"));

    [Fact]
    public void Depends_on_the_key()
    {
        var other = new CardNumbers(Encoding.ASCII.GetBytes("another tenant's key"));
        Assert.NotEqual(other.TokenOf("4111111111111111"), cards.TokenOf("4111111111111111"));
        Assert.Throws<ArgumentException>(() => new CardNumbers(new byte[8]));
        Assert.Throws<ArgumentException>(() => cards.TokenOf("4111-1111"));
    }

    [Fact]
    public void Allocates_nothing_without_a_card_number()
    {
        ReadOnlyMemory<byte> utf8 = Encoding.UTF8.GetBytes(PaymentParserTests.Example);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1_000; i++)
                cards.Tokenise(utf8);
        }));
    }
}
