using System.Text.Json.Nodes;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Tests.Governance;

public class PolicyPackTests
{
    private static readonly PolicyKind Kind = new();

    public static TheoryData<string> Packs => [.. PolicyDefaults.Documents().Select(document => (string)document["id"]!)];

    public static TheoryData<string, string> Cases =>
        [.. PolicySet.Defaults.SelectMany(pack => pack.Cases, (pack, one) => new TheoryDataRow<string, string>(pack.Id, one.Name))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_case_comes_out_as_its_source_says(string packId, string name)
    {
        var pack = PolicySet.Defaults.Single(pack => pack.Id == packId);
        var one = pack.Cases.Single(one => one.Name == name);
        Assert.Equal(one.Expect, PolicyKind.Outcome(pack, new PolicySet([pack]), one));
        Assert.Equal(pack.Rules.Single(rule => rule.Id == one.Rule).Source, one.Source);
    }

    [Theory]
    [MemberData(nameof(Packs))]
    public void Every_pack_is_valid_and_each_of_its_rules_has_a_case_that_shows_it_at_work(string id) =>
        Assert.Empty(Kind.Check(Pack(id)));

    [Fact]
    public void The_jurisdictions_are_there() =>
        Assert.Equal(["*", "DE", "EU", "GB", "US"], PolicySet.Defaults.Select(pack => pack.Jurisdiction).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("$.rules[0].limit", "is required of a rule of kind cap")]
    [InlineData("$.rules[0].window", "must be a duration of weeks, days or hours, at most 400 days")]
    [InlineData("$.rules[0].flag", "does not go with the rule's kind")]
    [InlineData("$.rules[0].id", "seven-in-seven is there twice")]
    [InlineData("$.rules[0]", "must have a case that shows it at work")]
    [InlineData("$.applies", "")]
    [InlineData("$.until", "must be after effective")]
    [InlineData("$.cases[0].expect", "the pack says refuse:seven-in-seven")]
    [InlineData("$.cases[0].source", "must be that of the rule")]
    [InlineData("$.rules[0].mode", "")]
    public void What_is_wrong_with_a_pack_is_told_with_its_path(string path, string told)
    {
        var document = Minimal();
        var (rule, one) = (document["rules"]![0]!.AsObject(), document["cases"]![0]!.AsObject());
        switch (path)
        {
            case "$.rules[0].limit": rule.Remove("limit"); break;
            case "$.rules[0].window": rule["window"] = "P2Y"; break;
            case "$.rules[0].flag": rule["flag"] = "hardship"; break;
            case "$.rules[0].id": document["rules"]!.AsArray().Add(rule.DeepClone()); break;
            case "$.rules[0]": one["expect"] = "allow"; break;
            case "$.applies": document["applies"] = "profile.county == 'US'"; break;
            case "$.until": document["until"] = "2001-01-01T00:00:00Z"; break;
            case "$.cases[0].expect": one["expect"] = "refuse:something-else"; break;
            case "$.cases[0].source": one["source"] = "hearsay"; break;
            default: rule["mode"] = "lenient"; break;
        }

        var findings = Kind.Check(document);
        Assert.Contains(findings, finding => (finding.Path == path || finding.Path == path.Replace("[0].id", "[1].id", StringComparison.Ordinal))
            && finding.Reason.Contains(told, StringComparison.Ordinal));
    }

    /// <summary>Each of these left the calendar or the types while the cases were tried, and was answered as a failure of the product.</summary>
    [Theory]
    [InlineData("profile", """{"country":1}""", "$.cases[0].profile.country")]
    [InlineData("profile", """{"suppressions":{"x":1}}""", "$.cases[0].profile.suppressions")]
    [InlineData("contacts", """[{"ago":"P2M","channel":"call","purpose":"collections"}]""", "$.cases[0].contacts[0].ago")]
    [InlineData("contacts", """[{"ago":"P2000000000D","channel":"call","purpose":"collections"}]""", "$.cases[0].contacts[0].ago")]
    [InlineData("contacts", """[{"ago":"PT9223372036854775807H","channel":"call","purpose":"collections"}]""", "$.cases[0].contacts[0].ago")]
    [InlineData("at", "\"0001-01-01T00:00:00Z\"", "$.cases[0].at")]
    [InlineData("at", "\"9999-12-31T23:59:59Z\"", "$.cases[0].at")]
    public void A_case_that_cannot_be_tried_is_a_finding_and_no_failure(string member, string value, string path)
    {
        var document = Minimal();
        document["cases"]![0]![member] = JsonNode.Parse(value);
        Assert.Contains(Kind.Check(document), finding => finding.Path.StartsWith(path, StringComparison.Ordinal));
    }

    [Fact]
    public void A_later_version_takes_over_on_its_day()
    {
        var (first, second) = (Minimal(), Minimal());
        second["version"] = 2;
        second["effective"] = "2027-01-01T00:00:00Z";
        second["rules"]![0]!["limit"] = 9;
        var policies = new PolicySet([PolicyPack.Read(first), PolicyPack.Read(second)]);
        Assert.Equal(["us-test@1"], GateTests.Judge(GateTests.Standing("""{"country":"US"}"""), "call/collections", policies, new(2026, 12, 31, 23, 0, 0, TimeSpan.Zero)).Policies);
        Assert.Equal(["us-test@2"], GateTests.Judge(GateTests.Standing("""{"country":"US"}"""), "call/collections", policies, new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)).Policies);
    }

    private static JsonObject Pack(string id) => PolicyDefaults.Documents().Single(document => (string)document["id"]! == id);

    private static JsonObject Minimal() => JsonNode.Parse("""
        { "id": "us-test", "version": 1, "jurisdiction": "US", "effective": "2021-11-30T00:00:00Z", "source": "12 CFR 1006.14", "applies": "profile.country == 'US'",
          "rules": [ { "id": "seven-in-seven", "kind": "cap", "source": "1006.14", "channels": ["call"], "limit": 1, "window": "P7D" } ],
          "cases": [ { "name": "one too many", "rule": "seven-in-seven", "source": "1006.14", "contacts": [ { "ago": "P1D", "channel": "call", "purpose": "collections" } ],
                       "contact": { "channel": "call", "purpose": "collections" }, "expect": "refuse:seven-in-seven" } ] }
        """)!.AsObject();
}
