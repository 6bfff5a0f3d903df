using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using ServerlessCLM.Features;
using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models;

public class SendTimeTests
{
    private static readonly ResponseModel Shipped = new(ModelSet.Shipped);

    private static readonly Gen<float[]> Vectors = Gen.OneOf(Gen.Constant(float.NaN), Gen.Choose(-200, 5_000).Select(value => value / 50f)).ArrayOf(FeatureCatalogue.Count);

    private static readonly Gen<ContactSlot[]> Slots =
        (from channel in Gen.Elements("email", "push", "sms", "call", "letter") from hour in Gen.Choose(0, 23) select new ContactSlot(channel, hour)).ArrayOf();

    [Fact]
    public void The_best_slot_is_an_allowed_one_that_no_other_beats() => Prop.ForAll(Vectors.ToArbitrary(), Slots.ToArbitrary(), (features, slots) =>
    {
        var known = slots.Where(slot => Shipped.Estimate(features, slot.Channel, slot.Hour) is not null).ToArray();
        if (SendTime.Best(Shipped, features, slots) is not { } best)
            return known.Length == 0;

        return known.Contains(best.Slot) && best.Response == Shipped.Estimate(features, best.Slot.Channel, best.Slot.Hour)
            && known.All(slot => Shipped.Estimate(features, slot.Channel, slot.Hour)!.Value.LowerBound <= best.Response.LowerBound)
            && SendTime.Best(Shipped, features, slots) == best;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_bound_lies_below_its_probability_and_both_between_0_and_1() => Prop.ForAll(Vectors.ToArbitrary(), features =>
    {
        foreach (var channel in Shipped.Channels)
        {
            for (var hour = 8; hour <= 20; hour++)
            {
                var (probability, bound) = Shipped.Estimate(features, channel, hour)!.Value;
                if (!(bound >= 0 && bound <= probability && probability <= 1))
                    return false;
            }
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_of_slots_decides_only_between_equals() => Prop.ForAll(Vectors.ToArbitrary(), Slots.ToArbitrary(), (features, slots) =>
        SendTime.Best(Shipped, features, slots)?.Response == SendTime.Best(Shipped, features, slots.Reverse())?.Response).QuickCheckThrowOnFailure();

    [Fact]
    public void The_score_of_a_channel_is_that_of_its_best_hour() => Prop.ForAll(Vectors.ToArbitrary(), features =>
    {
        float[] row = [.. features, 0];
        return Shipped.Channels.All(channel =>
        {
            var scorer = ModelSet.Shipped.Find(PredictionTasks.ResponsePrefix + channel)!.Scorer!;
            var best = scorer.Hours.Max(hour => scorer.ScoreAt(row, hour));
            return scorer.Score(row) == best && scorer.LowerBound(row) <= best;
        });
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Hours_and_channels_that_the_models_do_not_know_are_nothing()
    {
        var features = new float[FeatureCatalogue.Count];
        Assert.Equal(PredictionTasks.Channels.Order(StringComparer.Ordinal), Shipped.Channels.Order(StringComparer.Ordinal));
        Assert.Null(Shipped.Estimate(features, "email", 7));
        Assert.Null(Shipped.Estimate(features, "email", 21));
        Assert.Null(Shipped.Estimate(features, "letter", 12));
        Assert.Throws<ArgumentOutOfRangeException>(() => Shipped.Estimate(features, "email", 24));
        Assert.Null(SendTime.Best(Shipped, features, [new ContactSlot("letter", 12)]));
        Assert.Null(SendTime.Best(new ResponseModel(ModelSet.Empty), features, [new ContactSlot("email", 12)]));
    }

    [Fact]
    public void Simulated_customers_answer_best_in_the_evening_as_the_models_learned()
    {
        // The simulation lets every channel be answered half as often again from five o'clock on.
        foreach (var channel in Shipped.Channels)
        {
            var features = AverageOf(ModelSet.Shipped.Find(PredictionTasks.ResponsePrefix + channel)!.Document);
            Assert.True(SendTime.Best(Shipped, features, Enumerable.Range(8, 13).Select(hour => new ContactSlot(channel, hour)))!.Value.Slot.Hour >= 17, channel);
        }
    }

    [Theory]
    [InlineData("2025-06-02T15:20:00Z", 17, "2025-06-02T15:20:00Z")]
    [InlineData("2025-06-02T14:20:00Z", 17, "2025-06-02T15:00:00Z")]
    [InlineData("2025-06-02T16:00:00Z", 17, "2025-06-03T15:00:00Z")]
    [InlineData("2025-03-29T12:00:00Z", 2, "2025-03-30T01:00:00Z")]
    public void The_next_time_is_on_the_customers_clock(string from, int hour, string expected)
    {
        // The last: the night in which Berlin's clock goes from two to three.
        var zone = DateTimeZoneProviders.Tzdb["Europe/Berlin"];
        Assert.Equal(DateTimeOffset.Parse(expected, null), SendTime.Next(NodaTime.Instant.FromDateTimeOffset(DateTimeOffset.Parse(from, null)), zone, hour).ToDateTimeOffset());
    }

    /// <summary>The average customer of a model's training rows.</summary>
    private static float[] AverageOf(ModelDocument document)
    {
        var features = new float[FeatureCatalogue.Count];
        foreach (var term in document.Model.GetProperty("logistic").GetProperty("terms").EnumerateArray())
        {
            if (FeatureCatalogue.IndexOf(term.GetProperty("feature").GetString()!) is >= 0 and var place)
                features[place] = term.GetProperty("mean").GetSingle();
        }

        return features;
    }
}
