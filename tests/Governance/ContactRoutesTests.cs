namespace ServerlessCLM.Tests.Governance;

public sealed class ContactRoutesTests
{
    private const string Call = """{"channel":"call","purpose":"collections","debt":"D-1"}""", Mail = """{"channel":"email","purpose":"marketing"}""";

    [Fact]
    public async Task A_contact_is_reserved_judged_again_when_it_is_made_and_made_once()
    {
        await using var product = await WithCustomerAsync();
        var (status, reserved) = await product.SendAsync(HttpMethod.Put, Contact("M-1"), Mail);
        Assert.True(status == 200, reserved!.ToJsonString());
        Assert.Equal("allow", (string)reserved!["verdict"]!);
        Assert.Contains(reserved["verdicts"]!.AsArray(), each => (string)each!["stage"]! == "consent");
        Assert.Equal("reserved", await StatusAsync(product, "M-1"));
        Assert.Equal(409, (await product.SendAsync(HttpMethod.Put, Contact("M-1"), Call)).Status);

        var (_, made) = await product.SendAsync(HttpMethod.Post, $"{Contact("M-1")}/dispatch");
        var (_, again) = await product.SendAsync(HttpMethod.Post, $"{Contact("M-1")}/dispatch");
        Assert.Equal((true, false), ((bool)made!["confirmed"]!, (bool)again!["confirmed"]!));
        Assert.Equal("sent", await StatusAsync(product, "M-1"));
        Assert.Equal(409, (await product.SendAsync(HttpMethod.Delete, Contact("M-1"))).Status);

        var (_, audit) = await product.SendAsync(HttpMethod.Get, "api/audit/customers/C-1");
        Assert.Equal(["reserved", "sent"], audit!["trail"]!.AsArray().Where(each => (string)each!["kind"]! == "contact").Select(each => (string)each!["content"]!["step"]!));
    }

    [Fact]
    public async Task A_reply_in_words_withdraws_consent_and_the_next_dispatch_refuses()
    {
        await using var product = await WithCustomerAsync();
        Assert.Equal("allow", (string)(await product.SendAsync(HttpMethod.Put, Contact("M-1"), Mail)).Body!["verdict"]!);
        await product.SendAsync(HttpMethod.Post, "api/events", $$"""
            {"specversion":"1.0","id":"R-1","source":"/mail","type":"clm.outcome.v1","subject":"C-1","time":"{{Instant.Text(Product.Now)}}",
             "data":{"outcome":"reply","channel":"email","text":"please stop sending me this"} }
            """);
        await product.DrainAsync("events");
        var (_, refused) = await product.SendAsync(HttpMethod.Post, $"{Contact("M-1")}/dispatch");
        Assert.Equal(("refuse", false), ((string)refused!["verdict"]!, (bool)refused["confirmed"]!));
        Assert.Null(await StatusAsync(product, "M-1"));
    }

    [Fact]
    public async Task A_withdrawn_reservation_gives_its_place_to_another()
    {
        await using var product = await WithCustomerAsync();
        var places = 0;
        while ((string)(await product.SendAsync(HttpMethod.Put, Contact($"M-{places}"), Mail)).Body!["verdict"]! == "allow")
            Assert.InRange(++places, 1, 50);
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Delete, Contact($"M-{places}"))).Status);
        Assert.Equal(204, (await product.SendAsync(HttpMethod.Delete, Contact("M-0"))).Status);
        Assert.Equal("allow", (string)(await product.SendAsync(HttpMethod.Put, Contact($"M-{places}"), Mail)).Body!["verdict"]!);

        // At once, no more of them find a place than one after the other did.
        await using var other = await WithCustomerAsync();
        var verdicts = await Task.WhenAll(Enumerable.Range(0, places + 4).Select(i => other.SendAsync(HttpMethod.Put, Contact($"M-{i}"), Mail)));
        Assert.Equal(places, verdicts.Count(each => each.Status == 200 && (string)each.Body!["verdict"]! == "allow"));
    }

    [Theory]
    [InlineData("""{"channel":"pigeon","purpose":"marketing"}""", "channel")]
    [InlineData("""{"channel":"email"}""", "purpose")]
    [InlineData("""{"channel":"email","purpose":"profiling"}""", "purpose")]
    [InlineData("""{"channel":"email","purpose":"marketing","debt":7}""", "debt")]
    [InlineData("""{"channel":"email","purpose":"marketing","when":"now"}""", "when")]
    public async Task What_is_no_contact_is_a_problem_that_names_the_field(string body, string field)
    {
        await using var product = await WithCustomerAsync();
        var (status, problem) = await product.SendAsync(HttpMethod.Put, Contact("M-1"), body);
        Assert.Equal((400, field), (status, (string)problem!["field"]!));
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Post, $"{Contact("M-1")}/dispatch")).Status);
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Put, "api/customers/C-9/contacts/M-1", Mail)).Status);
        await product.SendAsync(HttpMethod.Delete, "api/customers/C-1");
        Assert.Equal(409, (await product.SendAsync(HttpMethod.Put, Contact("M-1"), Mail)).Status);
    }

    private static string Contact(string id) => $"api/customers/C-1/contacts/{id}";

    private static async Task<string?> StatusAsync(Product product, string id)
    {
        var (_, view) = await product.SendAsync(HttpMethod.Get, "api/customers/C-1");
        return (string?)view!["contacts"]!.AsArray().FirstOrDefault(each => (string)each!["id"]! == id)?["status"];
    }

    private static async Task<Product> WithCustomerAsync()
    {
        var product = await Product.StartAsync();
        await product.SendAsync(HttpMethod.Put, "api/customers/C-1/profile", """{"country":"DE","timeZone":"Europe/Berlin","email":"c1@bank.example","flags":{}}""");
        await product.SendAsync(HttpMethod.Put, "api/customers/C-1/consents/marketing/email", """{"status":"granted"}""");
        return product;
    }
}
