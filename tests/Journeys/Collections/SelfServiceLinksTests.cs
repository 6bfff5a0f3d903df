using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Journeys.Collections;

namespace ServerlessCLM.Tests.Journeys.Collections;

public sealed class SelfServiceLinksTests
{
    private static readonly CustomerId Customer = CustomerId.Parse("jana.novakova@example");
    private static readonly DateTimeOffset Expires = Product.Now.AddDays(7);

    [Fact]
    public void A_link_says_what_it_was_made_with_and_shows_nobody_who_it_is_about()
    {
        var links = With("a", "a");
        var token = links.Create(Customer, "card-1", LinkPurpose.Plan, "message 1", Expires);
        var claims = links.Read(token)!;
        Assert.Equal((Customer, "card-1", LinkPurpose.Plan, Expires), (claims.Customer, claims.Debt, claims.Purpose, claims.Expires));
        Assert.Equal(token, links.Create(Customer, "card-1", LinkPurpose.Plan, "message 1", Expires));
        Assert.NotEqual(claims.Id, links.Read(links.Create(Customer, "card-1", LinkPurpose.Plan, "message 2", Expires))!.Id);
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]);
        Assert.DoesNotContain("jana", Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        Assert.DoesNotContain("card", Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void No_character_of_a_link_can_be_changed()
    {
        var links = With("a", "a");
        var token = links.Create(Customer, "card-1", LinkPurpose.View, "message 1", Expires);
        Prop.ForAll(Gen.Choose(0, token.Length - 1).ToArbitrary(), Gen.Choose(33, 126).ToArbitrary(), (place, character) =>
        {
            var changed = $"{token[..place]}{(char)character}{token[(place + 1)..]}";
            // The last character of base64url has bits that mean nothing; a decoder that takes them would take another text for the same link.
            Assert.True(changed == token || links.Read(changed) is null, changed);
        }).QuickCheckThrowOnFailure();
        Assert.All((string[])["", ".", "..", "...", "a.b.c", token + ".", token + "A", token[..^4], new string('a', 600), "á.é.í"], wrong => Assert.Null(links.Read(wrong)));
    }

    [Fact]
    public void A_key_that_was_rotated_opens_old_links_until_it_is_taken_away()
    {
        var token = With("a", "a").Create(Customer, "card-1", LinkPurpose.View, "message 1", Expires);
        Assert.NotNull(With("b", "a", "b").Read(token));
        Assert.Null(With("b", "b").Read(token));
        Assert.StartsWith("b.", With("b", "a", "b").Create(Customer, "card-1", LinkPurpose.View, "message 1", Expires), StringComparison.Ordinal);
        Assert.Null(new SelfServiceLinks(new LinkKeys(new Dictionary<string, byte[]> { ["a"] = new byte[32] }, "a")).Read(token));
    }

    [Fact]
    public void Keys_that_cannot_be_used_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new LinkKeys(new Dictionary<string, byte[]> { ["a"] = new byte[31] }, "a"));
        Assert.Throws<ArgumentException>(() => new LinkKeys(new Dictionary<string, byte[]> { ["a.b"] = new byte[32] }, "a.b"));
        Assert.Throws<ArgumentException>(() => new LinkKeys(new Dictionary<string, byte[]> { ["a"] = new byte[32] }, "b"));
    }

    [Fact]
    public void A_link_is_used_so_often_within_a_minute_and_others_are_not_held_up_by_it()
    {
        var clock = new VirtualClock(Product.Now);
        using var limiter = new LinkLimiter(clock);
        for (var use = 0; use < LinkLimiter.Most; use++)
            Assert.Null(limiter.Wait("one"));

        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.FromSeconds(40), limiter.Wait("one"));
        Assert.Null(limiter.Wait("other"));
        clock.Advance(TimeSpan.FromSeconds(40));
        Assert.Null(limiter.Wait("one"));
    }

    [Theory]
    [InlineData("[]", "$")]
    [InlineData("{", "$")]
    [InlineData("""{"type":"refund.created","data":{}}""", "type")]
    [InlineData("""{"type":"payment.succeeded"}""", "data")]
    [InlineData("""{"type":"payment.succeeded","data":{"reference":"r","amount":"1.00","currency":"EUR"}}""", "data.id")]
    [InlineData("""{"type":"payment.succeeded","data":{"id":"p","amount":"1.00","currency":"EUR"}}""", "data.reference")]
    [InlineData("""{"type":"payment.succeeded","data":{"id":"p","reference":"r","amount":1.00,"currency":"EUR"}}""", "data.amount")]
    [InlineData("""{"type":"payment.succeeded","data":{"id":"p","reference":"r","amount":"-1.00","currency":"EUR"}}""", "data.amount")]
    [InlineData("""{"type":"payment.succeeded","data":{"id":"p","reference":"r","amount":"1.001","currency":"EUR"}}""", "data.amount")]
    [InlineData("""{"type":"payment.succeeded","data":{"id":"p","reference":"r","amount":"1,00","currency":"EUR"}}""", "data.amount")]
    [InlineData("""{"type":"payment.succeeded","data":{"id":"p","reference":"r","amount":"1.00","currency":"eur"}}""", "data.currency")]
    public void A_notice_that_cannot_be_read_names_its_field(string body, string field) =>
        Assert.Equal(field, PaymentNotice.Read(Encoding.UTF8.GetBytes(body)).Wrong!.Value.Field);

    private static SelfServiceLinks With(string current, params string[] ids) => new(new LinkKeys(
        ids.ToDictionary(id => id, id => System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(id))), current));
}
