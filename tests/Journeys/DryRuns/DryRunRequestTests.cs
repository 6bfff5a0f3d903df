using System.Text.Json.Nodes;
using ServerlessCLM.Journeys;

namespace ServerlessCLM.Tests.Journeys.DryRuns;

public class DryRunRequestTests
{
    [Theory]
    [InlineData("""{ "customers": 1001 }""", "customers")]
    [InlineData("""{ "days": 0 }""", "days")]
    [InlineData("""{ "segment": "everybody" }""", "segment")]
    [InlineData("""{ "seed": -1 }""", "seed")]
    [InlineData("""{ "surprise": 1 }""", "surprise")]
    [InlineData("""{ "document": [] }""", "document")]
    [InlineData("""{ "assume": { "tasks": 2 } }""", "assume.tasks")]
    [InlineData("""{ "assume": { "signals": { "x": { "per30Days": 61 } } } }""", "assume.signals.x.per30Days")]
    [InlineData("""{ "assume": { "outcomes": { "applause": 1 } } }""", "assume.outcomes.applause")]
    public void What_cannot_be_asked_is_refused_by_name(string body, string field) =>
        Assert.Equal(field, DryRunRequest.Read(JsonNode.Parse(body)!.AsObject(), out _)!.Value.Field);

    [Fact]
    public void What_is_not_said_has_a_usual_value()
    {
        Assert.Null(DryRunRequest.Read([], out var request));
        Assert.Equal((DryRunSegment.Simulated, 200, 90, 1, false), (request.Segment, request.Customers, request.Days, request.Seed, request.Everyone));
    }
}
