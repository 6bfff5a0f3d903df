using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Features;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Tests.Scoring;

public class ScoreHistoryTests
{
    /// <summary>A scoring so many days after the one before; scores by formula and of four models are drawn from the seed.</summary>
    private sealed record Scoring(int Gap, int Seed, bool Stored);

    private static readonly Gen<Scoring[]> scorings =
        (from gap in Gen.OneOf(Gen.Choose(0, 3), Gen.Choose(0, 20), Gen.Choose(0, 90)) from seed in Gen.Choose(0, 1_000_000) from stored in Gen.Elements(true, false)
         select new Scoring(gap, seed, stored)).ArrayOf();

    [Fact]
    public void A_change_is_the_score_less_the_newest_kept_that_is_thirty_days_old() => Prop.ForAll(scorings.ToArbitrary(), Gen.Choose(0, 60).ToArbitrary(), (lived, later) =>
    {
        var (history, naive, day) = (new ScoreHistory(), new List<(int Day, float[] Formula, float[] Models)>(), 20_000);
        foreach (var scoring in lived)
        {
            day += scoring.Gap;
            var (formula, models) = Scores(scoring.Seed);
            var begins = naive.Count == 0 || naive[^1].Day / 15 < day / 15;
            Assert.Equal(begins, history.Begin(day));
            if (begins)
            {
                naive.Add((day, formula, models));
                history.Keep(day, formula);
                for (var model = 0; model < models.Length; model++)
                    history.Keep(day, 7u + (uint)model, models[model]);
            }

            if (scoring.Stored)
                history = Stored(history);
        }

        var today = day + later;
        var (now, nowModels) = Scores(4);
        var then = naive.LastOrDefault(each => each.Day <= today - 30);
        for (var place = 0; place < now.Length; place++)
            Assert.Equal(then.Formula is null ? float.NaN : Rounded(now[place]) - Rounded(then.Formula[place]), history.ChangeOfFormula(place, now[place], Days.Start(today)));
        for (var model = 0; model < nowModels.Length; model++)
            Assert.Equal(then.Models is null ? float.NaN : Rounded(nowModels[model]) - Rounded(then.Models[model]), history.ChangeOfModel(7u + (uint)model, nowModels[model], Days.Start(today)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_score_that_stands_still_has_changed_by_nothing()
    {
        var history = new ScoreHistory();
        history.Begin(20_000);
        history.Keep(20_000, 7, 0.123456789);
        Assert.Equal(0, history.ChangeOfModel(7, 0.123456789f, Days.Start(20_030)));
        Assert.Equal(float.NaN, history.ChangeOfModel(7, 0.123456789f, Days.Start(20_029)));
    }

    [Fact]
    public void A_model_that_is_gone_makes_room_once_its_last_score_is_too_old()
    {
        var history = new ScoreHistory();
        for (var step = 0; step < 20; step++)
        {
            var day = 20_010 + (step * ScoreHistory.StepDays);
            history.Begin(day);
            for (var model = 0u; model < ScoreHistory.MaxModels; model++)
                history.Keep(day, model + (step < 10 ? 0u : 1_000), step);
            history = Stored(history);
        }

        Assert.Equal(float.NaN, history.ChangeOfModel(3, 19, Days.Start(20_310)));
        Assert.Equal(40 - 18, history.ChangeOfModel(1_003, 40, Days.Start(20_310)));
        Assert.Equal(ScoreHistory.MaxSize, history.Write(new byte[ScoreHistory.MaxSize]));
    }

    [Fact]
    public void A_block_from_before_scores_were_kept_is_read()
    {
        var state = new CustomerState { WokenUntil = 5 };
        state.Scores.Set(9, raised: true);
        var block = state.ToBlock().ToList();
        var (before, after) = (ScoreHistoryPlace(state), new CustomerState());
        block.RemoveAt(before);
        block[0] = 2;
        after.Read(block.ToArray());
        Assert.True(after.Scores.IsRaised(9));
        Assert.Equal(state.ToBlock(), after.ToBlock());

        // Version, instant, what models have said; then the number of scorings kept, none.
        static int ScoreHistoryPlace(CustomerState state) => 1 + sizeof(long) + state.Scores.Write(new byte[ScoreMemory.MaxSize]);
    }

    [Fact]
    public void A_history_cut_short_is_refused()
    {
        var history = new ScoreHistory();
        history.Begin(20_000);
        history.Keep(20_000, 7, 0.5);
        var bytes = new byte[ScoreHistory.MaxSize];
        var length = history.Write(bytes);
        Assert.All(Enumerable.Range(0, length), cut => Assert.Throws<InvalidDataException>(() => new ScoreHistory().Read(bytes.AsSpan(0, cut))));
        Assert.Throws<InvalidDataException>(() => new ScoreHistory().Read([200]));
    }

    private static (float[] Formula, float[] Models) Scores(int seed)
    {
        var random = new Rng((ulong)seed);
        float Next() => random.Below(10) == 0 ? float.NaN : (random.Below(2_000) - 500) / 1_000f;
        return ([.. Enumerable.Range(0, ScoreCatalogue.Count).Select(_ => Next())], [.. Enumerable.Range(0, 4).Select(_ => Next())]);
    }

    /// <summary>To 8 significant bits, half a step away from 0 upwards, ties to even.</summary>
    private static float Rounded(float value)
    {
        if (!float.IsFinite(value) || value == 0)
            return value;

        var step = Math.ScaleB(1, Math.ILogB(value) - 7);
        return (float)(Math.Round(value / step, MidpointRounding.ToEven) * step);
    }

    private static ScoreHistory Stored(ScoreHistory history)
    {
        var (bytes, read) = (new byte[ScoreHistory.MaxSize], new ScoreHistory());
        var length = history.Write(bytes);
        Assert.Equal(length, read.Read(bytes.AsSpan(0, length)));
        return read;
    }
}
