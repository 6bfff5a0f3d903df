using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models;

public class ModelCurvesTests
{
    [Fact]
    public void The_kept_steps_hold_the_whole_curve_within_their_resolution() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).Zip(Gen.Choose(2, 3_000)).Zip(Gen.Elements(3, 30, 1_000_000)).ToArbitrary(), drawn =>
        {
            var ((seed, rows), distinct) = drawn;
            var random = new Rng((ulong)seed);
            var events = Enumerable.Range(0, rows).Select(row => row == 0 || (row > 1 && random.Below(12) == 0)).ToArray();
            var scores = Array.ConvertAll(events, came => (random.Below(distinct) + (came ? random.Below(30) : 0)) / (distinct + 30.0));
            var curves = new ModelCurves([]).Of(scores, events);

            Assert.InRange(curves.Ranked!.Count, 1, ModelCurves.MostSteps);
            Assert.Null(curves.Check());
            Assert.Equal((rows, events.Count(came => came)), (curves.Ranked[^1].Rows, curves.Ranked[^1].Events));
            Assert.Equal(rows, curves.Calibration!.Sum(bin => bin.Rows));
            var (area, resolution) = Area(curves.Ranked);
            Assert.InRange(Discrimination.Auc(new RankedOutcomes(scores, events)), area - resolution - 1e-12, area + resolution + 1e-12);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Every_shipped_card_draws_the_test_that_its_figures_tell_of()
    {
        foreach (var document in ShippedModels.All)
        {
            var curves = document.Curves!;
            Assert.NotEmpty(curves.Importance);
            Assert.Equal(curves.Importance.Select(feature => feature.Value).OrderDescending(), curves.Importance.Select(feature => feature.Value));
            if (!document.Metrics.TryGetValue("auc", out var auc))
            {
                Assert.Null(curves.Ranked);
                continue;
            }

            Assert.Equal((document.Metrics["rows"].Value, document.Metrics["events"].Value), (curves.Ranked![^1].Rows, curves.Ranked[^1].Events));
            Assert.Equal(document.Metrics["rows"].Value, curves.Calibration!.Sum(bin => bin.Rows));
            var (area, resolution) = Area(curves.Ranked);
            Assert.InRange(auc.Value, area - resolution, area + resolution);
            Assert.InRange(resolution, 0, 0.02);
            // The mean distance over the bins is the figure on the card.
            Assert.Equal(document.Metrics["calibration_error"].Value,
                curves.Calibration!.Sum(bin => bin.Rows * Math.Abs(bin.Predicted - bin.Observed)) / document.Metrics["rows"].Value, 5e-6);
        }
    }

    [Theory]
    [InlineData("ranked", """[{"score":0.9,"rows":3,"events":1},{"score":0.5,"rows":3,"events":1}]""", "$.curves.ranked[1].rows: must be above those of the step before")]
    [InlineData("ranked", """[{"score":0.9,"rows":3,"events":4}]""", "$.curves.ranked[0].events: must grow by no more than the rows do")]
    [InlineData("calibration", """[{"rows":0,"predicted":0.1,"observed":0.1,"low":0,"high":0.2}]""", "$.curves.calibration[0].rows: must be at least 1")]
    [InlineData("calibration", """[{"rows":9,"predicted":1.1,"observed":0.1,"low":0,"high":0.2}]""", "$.curves.calibration[0].predicted: must be from 0 to 1")]
    [InlineData("calibration", """[{"rows":9,"predicted":0.1,"observed":0.3,"low":0,"high":0.2}]""", "$.curves.calibration[0].observed: must be from low to high")]
    public void Curves_that_contradict_themselves_are_refused_with_their_place(string member, string value, string expected)
    {
        var document = JsonNode.Parse(ShippedModels.Read("models/churn.json"))!.AsObject();
        document["curves"]![member] = JsonNode.Parse(value);
        var refused = Assert.Throws<ModelFormatException>(() => ModelDocuments.Read(Encoding.UTF8.GetBytes(document.ToJsonString())));
        Assert.StartsWith(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_that_was_made_without_curves_is_read_and_written_as_it_was()
    {
        var document = JsonNode.Parse(ShippedModels.Read("models/churn.json"))!.AsObject();
        document.Remove("curves");
        var read = ModelDocuments.Read(Encoding.UTF8.GetBytes(document.ToJsonString()));
        Assert.Null(read.Curves);
        Assert.DoesNotContain("curves", Encoding.UTF8.GetString(ModelDocuments.Write(read)), StringComparison.Ordinal);
    }

    /// <summary>Area below the straight lines between the steps. The curve only rises, so that between two steps it stays in their rectangle:
    /// half the rectangles' areas is the most that it can miss.</summary>
    private static (double Area, double Resolution) Area(IReadOnlyList<RankStep> steps)
    {
        var (events, others) = ((double)steps[^1].Events, (double)(steps[^1].Rows - steps[^1].Events));
        var (area, resolution, before) = (0.0, 0.0, default(RankStep));
        foreach (var step in steps)
        {
            var (across, up) = ((step.Rows - step.Events - before.Rows + before.Events) / others, (step.Events - before.Events) / events);
            area += across * ((before.Events / events) + (up / 2));
            resolution += across * up / 2;
            before = step;
        }

        return (area, resolution);
    }
}
