using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models;

public class LeadTimeTests
{
    [Fact]
    public void The_first_alert_in_the_horizon_counts_to_the_event()
    {
        // Ten scores before events, three of which alert: one false (customer c), two for a; b's event is missed.
        ScoredDay[] scores =
        [
            new("a", 10, 0.9), new("a", 40, 0.8), new("a", 70, 0.1), new("a", 100, 1),
            new("b", 10, 0.2), new("b", 40, 0.3), new("b", 70, 0.1),
            new("c", 10, 0.85), new("c", 40, 0.1), new("c", 70, 0.2), new("c", 100, 0.3),
        ];
        var lead = LeadTime.Measure(scores, new Dictionary<string, int>(StringComparer.Ordinal) { ["a"] = 100, ["b"] = 90 }, 0.3, 200);
        Assert.Equal((0.8, 90.0, 3, 2 / 3.0, 0.5, 2), (lead.Threshold, lead.MedianDays, lead.Alerts, lead.Precision, lead.Recall, lead.Events));

        // In a shorter horizon the alert of day 10 came too early to be about this event.
        lead = LeadTime.Measure(scores, new Dictionary<string, int>(StringComparer.Ordinal) { ["a"] = 100, ["b"] = 90 }, 0.3, 60);
        Assert.Equal((60.0, 1 / 3.0), (lead.MedianDays, lead.Precision));
    }

    [Fact]
    public void Equal_scores_do_not_alert_beyond_the_share()
    {
        var scores = Enumerable.Range(0, 100).Select(i => new ScoredDay($"c{i}", 0, i < 50 ? 1 : 0));
        var lead = LeadTime.Measure(scores, new Dictionary<string, int>(StringComparer.Ordinal) { ["c1"] = 30 }, 0.05, 90);
        Assert.Equal((0, double.PositiveInfinity, 0.0), (lead.Alerts, lead.Threshold, lead.Recall));
        Assert.True(double.IsNaN(lead.MedianDays) && double.IsNaN(lead.Precision));
    }
}
