using System.Security.Cryptography;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;

namespace ServerlessCLM.Tests.Customers;

public class CustomerPseudonymsTests
{
    private static readonly MasterKeys Keys = Random(1), Others = Random(2);
    private static readonly CustomerPseudonyms Pseudonyms = new(Keys);

    [Theory]
    [InlineData("C-1")]
    [InlineData("a.customer_of~sixteen:@x")]
    [InlineData("0123456789abcdef")]
    public void A_pseudonym_leads_to_the_customer_and_to_nobody_without_the_keys(string id)
    {
        var pseudonym = Pseudonyms.Of(CustomerId.Parse(id));
        Assert.Equal((true, id), (Pseudonyms.TryFind(pseudonym, out var found), found.Value));
        Assert.Equal(pseudonym, Pseudonyms.Of(CustomerId.Parse(id)));
        Assert.DoesNotContain(id, pseudonym, StringComparison.Ordinal);
        Assert.NotEqual(pseudonym, new CustomerPseudonyms(Others).Of(CustomerId.Parse(id)));
        Assert.False(new CustomerPseudonyms(Others).TryFind(pseudonym, out _));
    }

    [Fact]
    public void The_longest_id_has_one()
    {
        var longest = CustomerId.Parse(new string('x', CustomerId.MaxLength));
        Assert.True(Pseudonyms.TryFind(Pseudonyms.Of(longest), out var found));
        Assert.Equal(longest, found);
    }

    [Fact]
    public void Nothing_else_is_taken_for_one()
    {
        var decision = new DecisionIds(Keys).Of(CustomerId.Parse("C-1"), "pseudonym");
        var pseudonym = Pseudonyms.Of(CustomerId.Parse("C-1"));
        foreach (var text in (string[])["", "~", "~C-1", "C-1", decision, $"~{decision}", pseudonym[1..], pseudonym[..^1], pseudonym + "A", $"~{pseudonym}", $"{pseudonym[..^2]}AA"])
            Assert.False(Pseudonyms.TryFind(text, out _), text);
    }

    [Fact]
    public async Task The_person_on_call_finds_the_customer_of_a_log_line()
    {
        await using var product = await Product.StartAsync();
        await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", """{ "country": "DE" }""");
        var pseudonym = product.Get<CustomerPseudonyms>().Of(CustomerId.Parse("C-1"));
        var (status, body) = await product.SendAsync(HttpMethod.Get, $"api/customers/{pseudonym}");
        Assert.Equal((200, "C-1"), (status, (string?)body!["customerId"]));
    }

    private static MasterKeys Random(byte seed) => new(new Dictionary<int, byte[]> { [1] = SHA256.HashData([seed]) }, 1);
}
