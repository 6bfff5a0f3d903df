using System.Text.RegularExpressions;
using ServerlessCLM.Features;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Tests.Features;

public partial class FeatureCatalogueTests
{
    [Fact]
    public void Every_feature_has_a_unique_snake_case_name_that_leads_to_its_place()
    {
        Assert.Equal(FeatureCatalogue.Count, Enum.GetValues<Feature>().Length);
        Assert.True(FeatureCatalogue.Count >= 60);
        foreach (var feature in FeatureCatalogue.All)
        {
            Assert.Matches(SnakeCase(), feature.Name);
            Assert.Equal((int)feature.Feature, FeatureCatalogue.IndexOf(feature.Name));
        }

        Assert.Equal(-1, FeatureCatalogue.IndexOf("no_such_feature"));
    }

    [Theory]
    [InlineData("purchases_30d", 30)]
    [InlineData("payments_7d_vs_30d", 7)]
    [InlineData("tenure_days", null)]
    [InlineData("share_travel", null)]
    public void Names_carry_their_window(string name, int? window) =>
        Assert.Equal(window, FeatureCatalogue.All[FeatureCatalogue.IndexOf(name)].WindowDays);

    [Fact]
    public void Shares_stand_in_the_order_of_content_groups()
    {
        foreach (var group in Enum.GetValues<ContentGroup>())
            Assert.Equal($"share_{group.ToString().ToLowerInvariant()}", FeatureCatalogue.All[(int)Feature.ShareGroceries + (int)group].Name);
    }

    [GeneratedRegex("^[a-z]+(_[a-z0-9]+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SnakeCase();
}
