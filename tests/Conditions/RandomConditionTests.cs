using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Conditions;

namespace ServerlessCLM.Tests.Conditions;

public class RandomConditionTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2000);

    private static readonly Gen<(RandomCondition, Applicant)> Cases =
        from condition in RandomCondition.Of(4) from applicant in RandomCondition.Applicants select (condition, applicant);

    [Fact]
    public void Three_valued_logic_equals_a_naive_evaluation() => Prop.ForAll(Cases.ToArbitrary(), pair =>
    {
        var (condition, applicant) = pair;
        if (condition.Text.Length > 4096)
            return;
        var expected = condition.Naive(applicant) is { } truth ? truth ? Truth.True : Truth.False : Truth.Unknown;
        var compiled = Applicant.Vocabulary.Condition(condition.Text);
        Assert.Equal(expected, compiled.Test(applicant));
        Assert.Equal(expected, compiled.Evaluate(applicant).Truth);
    }).Check(Thorough);

    [Fact]
    public void What_is_printed_reads_back_as_the_same_expression() => Prop.ForAll(Cases.ToArbitrary(), pair =>
    {
        var (condition, applicant) = pair;
        if (condition.Text.Length > 4096)
            return;
        var compiled = Applicant.Vocabulary.Condition(condition.Text);
        var again = Applicant.Vocabulary.Condition(compiled.ToString());
        Assert.Equal(compiled.ToString(), again.ToString());
        Assert.Equal(compiled.Test(applicant), again.Test(applicant));
    }).Check(Thorough);

    [Theory]
    [InlineData("-(5)")]
    [InlineData("--5")]
    [InlineData("-5 - -5")]
    [InlineData("-(-(5))")]
    [InlineData("1 - (2 - 3) - 4 * (5 + 6) % 7")]
    [InlineData("(true && false) && (true || false) || true")]
    [InlineData("(true ? false : true) ? true : false ? true : false")]
    [InlineData("!(1 < 2) == (2 < 1)")]
    [InlineData("[1, 2.0, 'a\\n\\'\\u0007é'][0] in {'a': [true, null], 1: {}}[1]")]
    [InlineData("(1.5e300 + 0x10).getHours('UTC')")]
    [InlineData("-(5).size() + (-5).size() + 5.size()")]
    [InlineData("r'\\d' + \"\"\"tri\nple\"\"\" // a comment")]
    public void Every_form_is_printed_with_the_parentheses_it_needs(string text)
    {
        var (first, printed) = (Parser.Parse(text), Printer.Print(Parser.Parse(text)));
        Assert.Equal(Shape(first), Shape(Parser.Parse(printed)));
    }

    /// <summary>What contradicts itself by analysis is true for nobody; what is never false is false for nobody.</summary>
    [Fact]
    public void Analysis_says_nothing_that_evaluation_denies()
    {
        var (never, always) = (0, 0);
        Prop.ForAll(Gen.Resize(from condition in RandomCondition.Of(2) from applicants in RandomCondition.Applicants.ArrayOf(60) select (condition, applicants), 8).ToArbitrary(), pair =>
        {
            var compiled = Applicant.Vocabulary.Condition(pair.condition.Text);
            var findings = RuleAnalysis.Of(compiled);
            if (findings.Any(finding => finding.Fault == RuleFault.NeverTrue))
            {
                never++;
                Assert.All(pair.applicants, applicant => Assert.NotEqual(Truth.True, compiled.Test(applicant)));
            }

            if (findings.Any(finding => finding.Fault == RuleFault.NeverFalse && finding.Finding.Reason == $"{Rejection.Shorten(compiled.ToString(), 80)} is never false"))
            {
                always++;
                Assert.All(pair.applicants, applicant => Assert.NotEqual(Truth.False, compiled.Test(applicant)));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
        Assert.True(never > 50 && always > 50, $"{never} contradictions and {always} tautologies are too few to tell");
    }

    /// <summary>The expression without its positions.</summary>
    private static string Shape(Syntax syntax) => syntax switch
    {
        Literal literal => $"{literal.Value.Kind} {literal.Value}",
        Name name => name.Text,
        Select select => $"({Shape(select.Target)}).{select.Member}",
        Has has => $"has {Shape(has.Member)}",
        ServerlessCLM.Conditions.Index index => $"({Shape(index.Target)})[{Shape(index.Place)}]",
        Call call => $"({(call.Target is null ? "" : Shape(call.Target))}).{call.Function}({string.Join(",", call.Arguments.Select(Shape))})",
        Not not => $"!({Shape(not.Operand)})",
        Negate negate => $"-({Shape(negate.Operand)})",
        Arithmetic sum => $"({Shape(sum.Left)} {sum.Operator} {Shape(sum.Right)})",
        Relate relate => $"({Shape(relate.Left)} {relate.Relation} {Shape(relate.Right)})",
        In membership => $"({Shape(membership.Left)} in {Shape(membership.Right)})",
        Logical logical => $"{(logical.IsAnd ? "all" : "any")}({string.Join(",", logical.Operands.Select(Shape))})",
        Conditional choice => $"({Shape(choice.Condition)} ? {Shape(choice.Then)} : {Shape(choice.Otherwise)})",
        ListLiteral list => $"[{string.Join(",", list.Items.Select(Shape))}]",
        MapLiteral map => $"{{{string.Join(",", map.Entries.Select(entry => Shape(entry.Key) + ":" + Shape(entry.Value)))}}}",
        _ => throw new ArgumentOutOfRangeException(nameof(syntax)),
    };
}
