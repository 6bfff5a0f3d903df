using ServerlessCLM.Conditions;

namespace ServerlessCLM.Tests.Conditions;

public class ExpressionTests
{
    private static readonly Applicant Known = new();

    [Theory]
    [InlineData("features.tenure_days >= 180 && profile.country in ['DE', 'AT']", Truth.True)]
    [InlineData("features.tenure_days == 400", Truth.True)]
    [InlineData("!(features.share_travel > 0.1)", Truth.False)]
    [InlineData("visits == 3.0 && visits < 3.5", Truth.True)]
    [InlineData("contacts('email', duration('24h')) == 1 && contacts('email', duration('168h')) == 2", Truth.True)]
    [InlineData("signal.name == 'salary_landed' && signal.amount > 10", Truth.True)]
    [InlineData("now - duration('24h') < timestamp('2026-11-20T00:00:00Z')", Truth.True)]
    [InlineData("now.getHours('Europe/Berlin') == 13", Truth.True)]
    [InlineData("features.balance > 0.0", Truth.Unknown)]
    [InlineData("!(features.balance > 0.0)", Truth.Unknown)]
    [InlineData("features.balance != features.balance", Truth.Unknown)]
    [InlineData("features.balance > 0.0 || visits == 3", Truth.True)]
    [InlineData("visits == 4 && features.balance > 0.0", Truth.False)]
    [InlineData("features.balance > 0.0 && visits == 4", Truth.False)]
    [InlineData("features.balance > 0.0 ? true : true", Truth.Unknown)]
    [InlineData("flags.deceased", Truth.Unknown)]
    [InlineData("has(features.balance) || has(flags.deceased)", Truth.False)]
    [InlineData("has(features.inflow_30d) && !has(signal.currency)", Truth.True)]
    [InlineData("has(features.balance) && features.balance > 0.0", Truth.False)]
    [InlineData("signal.currency == 'EUR'", Truth.Unknown)]
    [InlineData("signal.name > 3", Truth.Error)]
    [InlineData("visits / 0 == 1", Truth.Error)]
    [InlineData("visits / 0 == 1 || visits == 3", Truth.True)]
    [InlineData("visits / 0 == 1 && features.balance > 0.0", Truth.Unknown)]
    [InlineData("visits * 9223372036854775807 > 0", Truth.Error)]
    [InlineData("signal.amount && true", Truth.Error)]
    public void A_condition_is_true_only_when_everything_that_decides_is_known(string text, Truth expected)
    {
        var condition = Applicant.Vocabulary.Condition(text);
        Assert.Equal(expected, condition.Test(Known));
        Assert.Equal(expected, condition.Evaluate(Known).Truth);
        Assert.Equal(expected == Truth.True, condition.Holds(Known));
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        Assert.Equal("features.balance", Applicant.Vocabulary.Condition("visits == 3 && features.balance > 1.0").Evaluate(Known).Reason);
        Assert.Equal("flags.deceased", Applicant.Vocabulary.Condition("!flags.deceased").Evaluate(Known).Reason);
        Assert.Equal("'currency'", Applicant.Vocabulary.Condition("signal.currency == 'EUR'").Evaluate(Known).Reason);
        Assert.Equal("division by zero", Applicant.Vocabulary.Condition("visits / 0 == 1").Evaluate(Known).Reason);
    }

    [Theory]
    [InlineData("features.share_travel > 0.1 ? 1.3 : 1.0", 1.3)]
    [InlineData("features.share_travel * features.tenure_days * 5.0", 500.0)]
    [InlineData("visits + 2", 5.0)]
    [InlineData("-features.tenure_days / 3.0", -400.0 / 3)]
    public void An_amount_is_a_number(string text, double expected)
    {
        var amount = Applicant.Vocabulary.Amount(text);
        Assert.True(amount.TryNumber(Known, out var number));
        Assert.Equal(expected, number, 12);
    }

    [Theory]
    [InlineData("features.balance * 2.0")]
    [InlineData("1.0 / (features.tenure_days - 400.0)")]
    [InlineData("features.balance > 1.0 ? 1.3 : 1.0")]
    [InlineData("double(visits / 0)")]
    public void An_amount_that_is_missing_infinite_or_an_error_is_none(string text) =>
        Assert.False(Applicant.Vocabulary.Amount(text).TryNumber(Known, out _));

    [Fact]
    public void The_names_that_a_condition_reads_are_known_and_what_is_constant_is_computed_once()
    {
        var condition = Applicant.Vocabulary.Condition("features.balance > 1.0 && contacts('app', duration('24h')) < 3 && flags.hardship");
        Assert.Equal(["contacts()", "features.balance", "flags.hardship"], condition.Names);
        Assert.True(Applicant.Vocabulary.Condition("duration('1h') < duration('90m') && size('äöü') == 3").IsConstant);
    }

    [Fact]
    public void Evaluation_allocates_nothing()
    {
        Expression<Applicant>[] conditions =
        [
            .. new[]
            {
                "features.tenure_days >= 180 && features.share_travel > 0.1 && !flags.hardship && profile.country in ['DE', 'AT'] && visits < 10",
                "signal.amount > 10.0 && signal.name.startsWith('salary') && now.getHours('Europe/Berlin') > 8 && profile.country.matches('^[A-Z]+$')",
                "features.balance > 0.0 || now - duration('24h') > timestamp('2030-01-01T00:00:00Z')",
            }.Select(Applicant.Vocabulary.Condition),
        ];
        foreach (var condition in conditions)
        {
            condition.Test(Known);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
                condition.Test(Known);
            Assert.Equal(0, (GC.GetAllocatedBytesForCurrentThread() - before) / 1000);
        }
    }

    [Fact]
    public void A_pattern_that_makes_others_backtrack_for_ever_answers() =>
        Assert.Equal(Truth.False, Applicant.Vocabulary.Condition($"'{new string('a', 2000)}!'.matches('^(a+)+$')").Test(Known));
}
