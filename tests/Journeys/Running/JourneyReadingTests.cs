using System.Text.Json.Nodes;
using ServerlessCLM.Journeys;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Templates;
using ServerlessCLM.Tests.Journeys.Catalogue;

namespace ServerlessCLM.Tests.Journeys.Running;

/// <summary>What templates are given of what a journey knows.</summary>
public class JourneyReadingTests
{
    /// <summary>A day was taken for midnight in Greenwich, which is the evening before in New York.</summary>
    [Theory]
    [InlineData("'2027-03-25'", "2027-03-25")]
    [InlineData("now + duration('24h')", "2027-03-09")]
    [InlineData("timestamp('2027-03-25T12:00:00Z')", "2027-03-25")]
    [InlineData("'2027-03-25T02:00:00Z'", "2027-03-24")]
    public void A_day_stays_a_day_west_of_Greenwich_and_an_instant_becomes_the_customers(string expression, string day)
    {
        var now = new DateTimeOffset(2027, 3, 9, 3, 0, 0, TimeSpan.Zero);
        var (customer, journey) = (new VirtualCustomer(), Telling(expression));
        customer.Learn(new VirtualCustomerData { Profile = new JsonObject { ["timeZone"] = "America/New_York" } }, now);
        var template = TemplateDocument.Read(TemplateLibrary.Shipped.Single(shipped => (string)shipped["id"]! == "travel-before-departure"));
        var facts = JourneyReading.Facts(template, ((ContactNode)journey.Document.Nodes["word"]).Facts, journey, customer.Inputs(now), []);
        Assert.Equal(new DateFact("departure", DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)), Assert.Single(facts));
    }

    private static CompiledJourney Telling(string expression) => CompiledJourney.Of(SampleJourney.Of(new JsonObject
    {
        ["word"] = new JsonObject
        {
            ["message"] = "travel-before-departure", ["channel"] = "app", ["facts"] = new JsonObject { ["departure"] = expression }, ["next"] = "after", ["refused"] = "after",
        },
    }));
}
