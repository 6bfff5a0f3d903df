using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Decisions.Authorizations;
using ServerlessCLM.Decisions.CreditLines;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Tests.Decisions;

public class PolicyKindTests
{
    private static readonly DocumentKind Authorization = new AuthorizationPolicyKind(), CreditLine = new CreditLinePolicyKind();

    [Fact]
    public void What_comes_with_the_product_is_a_sound_document()
    {
        Assert.Empty(Authorization.Check(Shipped(Authorization)));
        Assert.Empty(CreditLine.Check(Shipped(CreditLine)));
    }

    [Theory]
    [InlineData("authorization", "id", "\"other\"", "$.id", "there is one authorization policy")]
    [InlineData("authorization", "limits.transaction", "\"0.00\"", "$.limits.transaction", "an amount above 0")]
    [InlineData("authorization", "limits.day", "-5", "$.limits.day", "must be a")]
    [InlineData("authorization", "limits.countDay", "48", "$.limits.countDay", "must be 47 at the most")]
    [InlineData("authorization", "limits.hour", "41", "$.limits.hour", "must be at most countDay")]
    [InlineData("authorization", "fraud.stepUp", "0.7", "$.fraud.stepUp", "must be at most decline")]
    [InlineData("authorization", "fraud.terms.0.input", "\"card_absnt\"", "$.fraud.terms[0].input", "the nearest name is card_absent")]
    [InlineData("authorization", "blockedCategories.0", "\"gambling\"", "$.blockedCategories[0]", "ISO 18245")]
    [InlineData("authorization", "limit", "{}", "$.limit", "the nearest name is limits")]
    [InlineData("credit-line", "id", "\"other\"", "$.id", "there is one credit-line policy")]
    [InlineData("credit-line", "steps", "[0.5, 2]", "$.steps", "must have 1 among them")]
    [InlineData("credit-line", "steps.0", "-1", "$.steps[0]", "must be above 0")]
    [InlineData("credit-line", "most", "\"100.00\"", "$.most", "must be at least least")]
    [InlineData("credit-line", "rounding", "\"0.00\"", "$.rounding", "an amount above 0")]
    [InlineData("credit-line", "economics.conversion", "1.5", "$.economics.conversion", "must be 1 at the most")]
    [InlineData("credit-line", "difficulty.0.feature", "\"return_90d\"", "$.difficulty[0].feature", "the nearest name is")]
    public void A_mistake_is_found_at_its_path(string kind, string member, string json, string path, string reason)
    {
        var tested = kind == Authorization.Name ? Authorization : CreditLine;
        var document = Shipped(tested);
        Put(document, member.Split('.'), JsonNode.Parse(json));
        var finding = tested.Check(document)[0];
        Assert.Equal(path, finding.Path);
        Assert.Contains(reason, finding.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_a_member_is_replaced_by_what_passes_can_be_read()
    {
        string[] values = ["null", "true", "0", "1", "-1", "0.5", "1e9", "\"\"", "\"1.00\"", "\"0.01\"", "\"x\"", "[]", "[1]", "{}", "{\"a\":1}", "\"2027-01-01T00:00:00Z\"", "47"];
        var cases = from isOne in Gen.Elements(true, false)
                    from member in Gen.Elements(Members(Shipped(isOne ? Authorization : CreditLine)).ToArray())
                    from value in Gen.Elements(values)
                    select (isOne ? Authorization : CreditLine, member, value);
        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var (kind, member, value) = one;
            var document = Shipped(kind);
            Put(document, member.Split('.'), JsonNode.Parse(value));
            if (kind.Check(document).All(finding => finding.IsWarning))
                _ = kind == Authorization ? (object)AuthorizationPolicy.Read(document) : CreditLinePolicy.Read(document);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    internal static JsonObject Shipped(DocumentKind kind)
    {
        using var stream = typeof(DocumentKind).Assembly.GetManifestResourceStream($"{kind.Name}.policy.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }

    private static IEnumerable<string> Members(JsonNode? node, string path = "") => node switch
    {
        JsonObject members => members.SelectMany(member => Members(member.Value, $"{path}.{member.Key}").Prepend($"{path}.{member.Key}".TrimStart('.'))),
        JsonArray items => items.SelectMany((item, place) => Members(item, $"{path}.{place}").Prepend($"{path}.{place}".TrimStart('.'))),
        _ => [],
    };

    private static void Put(JsonNode document, ReadOnlySpan<string> path, JsonNode? value)
    {
        if (path.Length > 1)
            Put(document is JsonArray items ? items[int.Parse(path[0], System.Globalization.CultureInfo.InvariantCulture)]! : document[path[0]]!, path[1..], value);
        else if (document is JsonArray array)
            array[int.Parse(path[0], System.Globalization.CultureInfo.InvariantCulture)] = value;
        else
            document[path[0]] = value;
    }
}
