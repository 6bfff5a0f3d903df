using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Transactions;

public class MerchantCategoriesTests
{
    [Fact]
    public void Ranges_ascend_without_overlap()
    {
        var table = MerchantCategories.Table;
        Assert.All(table, range => Assert.InRange(range.First, 1, range.Last));
        Assert.All(table.Zip(table.Skip(1)), pair => Assert.True(pair.First.Last < pair.Second.First, pair.ToString()));
        Assert.InRange(table[^1].Last, 9000, 9999);
    }

    [Theory]
    [InlineData(3000, ContentGroup.Travel)]
    [InlineData(3501, ContentGroup.Travel)]
    [InlineData(4111, ContentGroup.Transport)]
    [InlineData(4900, ContentGroup.Utilities)]
    [InlineData(5411, ContentGroup.Groceries)]
    [InlineData(5541, ContentGroup.Fuel)]
    [InlineData(5651, ContentGroup.Fashion)]
    [InlineData(5712, ContentGroup.Home)]
    [InlineData(5732, ContentGroup.Electronics)]
    [InlineData(5812, ContentGroup.Dining)]
    [InlineData(5912, ContentGroup.Health)]
    [InlineData(6513, ContentGroup.Housing)]
    [InlineData(7832, ContentGroup.Entertainment)]
    [InlineData(7995, ContentGroup.Gambling)]
    [InlineData(8111, ContentGroup.Financial)]
    [InlineData(8220, ContentGroup.Education)]
    [InlineData(9999, ContentGroup.Other)]
    [InlineData(1, ContentGroup.Other)]
    public void Groups_codes(int category, ContentGroup group) => Assert.Equal(group, MerchantCategories.GroupOf(category));

    [Fact]
    public void Uses_every_group() =>
        Assert.Equal(Enum.GetValues<ContentGroup>(), MerchantCategories.Table.Select(range => range.Group).Distinct().Order());

    [Theory]
    [InlineData(PaymentKind.Fee, ContentGroup.Financial)]
    [InlineData(PaymentKind.Interest, ContentGroup.Financial)]
    [InlineData(PaymentKind.LoanPayment, ContentGroup.Financial)]
    [InlineData(PaymentKind.StandingOrder, ContentGroup.Other)]
    [InlineData(PaymentKind.Salary, ContentGroup.Other)]
    public void Groups_kinds_without_a_code(PaymentKind kind, ContentGroup group) =>
        Assert.Equal(group, MerchantCategories.GroupOf(0, kind));

    [Theory]
    [InlineData(-1)]
    [InlineData(10_000)]
    public void Refuses_what_is_no_code(int category) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MerchantCategories.GroupOf(category));
}
