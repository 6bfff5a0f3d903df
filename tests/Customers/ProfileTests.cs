using System.Text.Json.Nodes;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Tests.Customers;

public class ProfileTests
{
    [Theory]
    [InlineData("""{"shoeSize":44}""", "profile.shoeSize")]
    [InlineData("""{"timeZone":"Europe/Atlantis"}""", "profile.timeZone")]
    [InlineData("""{"country":"de"}""", "profile.country")]
    [InlineData("""{"birthDate":"31.05.1984"}""", "profile.birthDate")]
    [InlineData("""{"email":"@"}""", "profile.email")]
    [InlineData("""{"phone":"0049 123"}""", "profile.phone")]
    [InlineData("""{"monthlyIncome":-1}""", "profile.monthlyIncome")]
    [InlineData("""{"monthlyIncome":"3000"}""", "profile.monthlyIncome")]
    [InlineData("""{"flags":{"hardship":"yes"}}""", "profile.flags")]
    [InlineData("""{"products":["card"]}""", "profile.products")]
    [InlineData("""{"givenName":17}""", "profile.givenName")]
    public void A_wrong_member_is_named(string json, string field) =>
        Assert.Equal(field, Profile.Check((JsonObject)JsonNode.Parse(json)!, "profile")?.Field);

    [Fact]
    public void A_good_profile_is_taken() => Assert.Null(Profile.Check((JsonObject)JsonNode.Parse("""
        {"givenName":"Jana","familyName":"Nováková","email":"jana@example.com","phone":"+420601123456","birthDate":"1984-05-31",
         "customerSince":"2011-03-01","country":"CZ","language":"cs","timeZone":"Europe/Prague","monthlyIncome":42000.5,
         "products":{"card":"classic"},"flags":{"hardship":false},"attributes":{"branch":12}}
        """)!, "profile"));

    [Fact]
    public void Profile_changes_of_two_customers_had_one_event_id()
    {
        var profile = new Profile(1, new JsonObject { ["country"] = "DE" });
        var ids = ((string[])["C-1", "C-2"]).Select(name =>
        {
            var session = new CustomerSession(CustomerId.Parse(name), [], 0, null, new Dictionary<string, byte[]>());
            profile.PutInto(session, Profile.Empty, DateTimeOffset.UnixEpoch.AddYears(50));
            return Assert.Single(session.Effects).Id;
        });
        Assert.Distinct(ids);
    }

    [Fact]
    public void A_profile_larger_than_a_row_is_refused()
    {
        var large = new JsonObject { ["attributes"] = new JsonObject { ["note"] = new string('x', Profile.MaxSize) } };
        Assert.Equal("profile", Profile.Check(large, "profile")?.Field);
    }

    // The cases of RFC 7396, appendix A, that a profile can hold.
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("""{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void Merges_as_RFC_7396_says(string before, string patch, string after)
    {
        var merged = new Profile(4, (JsonObject)JsonNode.Parse(before)!).Merge((JsonObject)JsonNode.Parse(patch)!);
        Assert.Equal(5, merged.Version);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(after), merged.Members), merged.Members.ToJsonString());
    }
}
