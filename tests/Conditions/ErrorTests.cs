using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Conditions;

namespace ServerlessCLM.Tests.Conditions;

public class ErrorTests
{
    [Theory]
    [InlineData("features.tenure_dys > 1.0", 1, "the nearest name is features.tenure_days")]
    [InlineData("visits == 3 && profile.contry == 'DE'", 16, "the nearest name is profile.country")]
    [InlineData("features > 1.0", 1, "name one of its members, like features.tenure_days")]
    [InlineData("visits.count > 1", 8, "visits is int and has no members")]
    [InlineData("features.balance > 'much'", 18, "> cannot compare double with string")]
    [InlineData("features.balance * 2 > 1.0", 18, "write the whole number with a decimal point")]
    [InlineData("features.balance", 1, "is double, but must be true or false")]
    [InlineData("visits == 3 && visits", 16, "compare it, like visits > 0")]
    [InlineData("profile.country == null", 17, "ask has() whether a value is there")]
    [InlineData("contact('email', duration('1h')) > 1", 1, "the nearest name is contacts")]
    [InlineData("contacts('emial', duration('1h')) > 1", 10, "the nearest name is email")]
    [InlineData("contacts('email') > 1", 1, "contacts(channel, window) takes 2 arguments, not 1")]
    [InlineData("contacts('email', 3) > 1", 19, "the window of contacts(channel, window) is int, but must be duration")]
    [InlineData("now > timestamp('tomorrow')", 17, "is not a timestamp like")]
    [InlineData("now - now > duration('7 days')", 22, "is not a duration like 168h")]
    [InlineData("profile.country.matches('(')", 25, "is not a pattern")]
    [InlineData("profile.country.matches('(a)\\\\1')", 25, "takes more than linear time")]
    [InlineData("profile.country.matches('(a{100}){100}')", 25, "repeats more than 1000 times")]
    [InlineData("profile.country.matches(profile.country)", 25, "must be written out")]
    [InlineData("now.getHours('Mars/Base') > 1", 14, "is neither an IANA time zone")]
    [InlineData("[1, 2].exists(x, x > 1)", 8, "loops are not part of the language")]
    [InlineData("visits = 3", 8, "write == to compare")]
    [InlineData("visits == 3u", 11, "unsigned numbers are not part")]
    [InlineData("b'a' == b'a'", 1, "bytes are not part")]
    [InlineData("visits == 3 visits", 13, "'visits' stands where the end")]
    [InlineData("visits == ", 11, "the expression ends where a value is expected")]
    [InlineData("'abc", 1, "has no closing '")]
    [InlineData("visits == 9223372036854775808", 11, "does not fit in 64 bits")]
    [InlineData("has(visits)", 1, "takes one name with a member")]
    [InlineData("visits in 3", 8, "in looks into a list or map, not int")]
    [InlineData("'a' in [1, 2]", 5, "string is never in list(int)")]
    [InlineData("visits > 1 ? 1.0 : 2", 12, "double and int, but must be of one type")]
    public void A_mistake_is_told_with_its_place_and_what_would_do(string text, int character, string reason)
    {
        var wrong = Assert.Throws<ConditionException>(() => Applicant.Vocabulary.Condition(text));
        var finding = Assert.Single(wrong.Findings);
        Assert.Contains(reason, finding.Reason, StringComparison.Ordinal);
        Assert.Equal(character, finding.Position + 1);
    }

    [Fact]
    public void Every_mistake_of_an_expression_is_told_at_once()
    {
        var wrong = Assert.Throws<ConditionException>(() => Applicant.Vocabulary.Condition("features.balnce > 1.0 && flag.hardship && contacts('fax', 1) > 'a'"));
        Assert.Equal([0, 25, 51, 58], wrong.Findings.Select(finding => finding.Position));
    }

    [Fact]
    public void Length_and_nesting_have_limits_and_long_chains_have_none_of_nesting()
    {
        Assert.Contains("longer than 4096", Assert.Throws<ConditionException>(() => Applicant.Vocabulary.Condition(new string(' ', 5000))).Message, StringComparison.Ordinal);
        foreach (var deep in new[] { $"{new string('(', 2000)}true{new string(')', 2000)}", new string('!', 4000) + "true", string.Concat(Enumerable.Repeat("1-", 2000)) + "1 == 0",
            string.Concat(Enumerable.Repeat("true ? true : ", 290)) + "true", new string('[', 2000), "a" + string.Concat(Enumerable.Repeat(".a", 2000)) })
            Assert.Contains("nested more than 64 deep", Assert.Throws<ConditionException>(() => Applicant.Vocabulary.Condition(deep)).Message, StringComparison.Ordinal);

        var chain = string.Join(" && ", Enumerable.Repeat("visits == 3", 270));
        Assert.Equal(Truth.True, Applicant.Vocabulary.Condition(chain).Test(new Applicant()));
    }

    [Fact]
    public void Whatever_is_written_is_an_expression_or_a_typed_error()
    {
        string[] pieces = ["features.balance", "features", "visits", "signal.name", "'a'", "\"", "'", "1", "2.5", "0x", "1e9", "(", ")", "[", "]", "{", "}", ",", ":", "?",
            "&&", "||", "!", "-", "+", "*", "/", "%", "==", "<", "in", "has(", "size(", ".size()", ".matches('a*')", "timestamp('x')", "duration('1h')", "null", "true", "\\", "r'", "'''",
            ".", "contacts('app', duration('1h'))", "\ud83d", "é", "//", "\n", " "];
        Prop.ForAll(Gen.Elements(pieces).ArrayOf().ToArbitrary(), parts =>
        {
            try
            {
                Applicant.Vocabulary.Compile(string.Join(parts.Length % 2 == 0 ? "" : " ", parts)).Evaluate(new Applicant());
            }
            catch (ConditionException wrong)
            {
                Assert.All(wrong.Findings, finding => Assert.NotEqual("", finding.Reason));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }
}
