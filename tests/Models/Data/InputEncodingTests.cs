using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models;

public class InputEncodingTests
{
    [Fact]
    public void Few_levels_are_a_column_each_and_a_missing_text_is_a_level()
    {
        DataColumn[] columns = [DataColumn.OfTexts("t", ["b", "a", null, "b", "c"]), DataColumn.OfNumbers("x", [1, 2, float.NaN, 4, 5])];
        var (encoding, training) = InputEncoding.Fit(columns, [true, false, true, false, true], [0, 1, 2, 3], 1);
        Assert.Equal(["t=", "t=a", "t=b", "x"], encoding.Names);
        Assert.Equal([0, 0, 1, 0], training.Column(0).ToArray());
        Assert.Equal([1, 0, 0, 1], training.Column(2).ToArray());
        Assert.Equal([1, 2, float.NaN, 4], training.Column(3).ToArray());
        Assert.Equal([1, 0, 1, 0], training.Labels.ToArray());

        // Row 4's level was not seen in training.
        var other = encoding.Encode(columns, [4, 1]);
        Assert.Equal([0f, 0, 0, 5], Row(other, 0));
        Assert.Equal([0f, 1, 0, 2], Row(other, 1));
    }

    [Fact]
    public void Rows_learned_from_are_encoded_as_new_rows_of_few_levels_are()
    {
        var random = new Rng(2);
        DataColumn[] columns = [DataColumn.OfTexts("t", [.. Enumerable.Range(0, 200).Select(_ => "level" + random.Below(20))])];
        bool[] events = [.. Enumerable.Range(0, 200).Select(i => i % 3 == 0)];
        int[] rows = [.. Enumerable.Range(0, 200)];
        var (encoding, training) = InputEncoding.Fit(columns, events, rows, 1);
        var again = encoding.Encode(columns, rows);
        Assert.All(rows, row => Assert.Equal(Row(training, row), Row(again, row)));
    }

    [Fact]
    public void Many_levels_are_the_share_of_events_and_no_row_knows_its_own_outcome()
    {
        var random = new Rng(5);
        string[] texts = [.. Enumerable.Range(0, 4000).Select(_ => "level" + random.Below(100))];
        bool[] events = [.. Enumerable.Range(0, 4000).Select(_ => random.Below(2) == 0)];
        int[] rows = [.. Enumerable.Range(0, 4000)];
        DataColumn[] columns = [DataColumn.OfTexts("t", texts)];
        var (encoding, training) = InputEncoding.Fit(columns, events, rows, 1);
        Assert.Equal(["t"], encoding.Names);

        // New rows get the level's share, drawn to the share of all by twenty rows; unseen levels the latter.
        var prior = events.Count(hit => hit) / 4000.0;
        var ofLevel = events.Where((_, row) => texts[row] == "level7").ToArray();
        var asked = encoding.Encode([DataColumn.OfTexts("t", ["level7", "unseen", null])], [0, 1, 2]);
        Assert.Equal((ofLevel.Count(hit => hit) + (20 * prior)) / (ofLevel.Length + 20), asked.Column(0)[0], 6);
        Assert.Equal(prior, asked.Column(0)[1], 6);
        Assert.Equal(prior, asked.Column(0)[2], 6);

        // The texts say nothing of the outcome: the training rows' codes must not either, while the final shares do.
        Assert.InRange(DeLong.Auc([.. training.Column(0).ToArray().Select(share => (double)share)], events).Low!.Value, 0.4, 0.5);
        Assert.True(DeLong.Auc([.. encoding.Encode(columns, rows).Column(0).ToArray().Select(share => (double)share)], events).Low > 0.5);

        // Turning one row's outcome round does not change its own code, but for the share of all.
        var turned = events.ToArray();
        turned[17] = !turned[17];
        var (_, other) = InputEncoding.Fit(columns, turned, rows, 1);
        Assert.Equal(training.Column(0)[17], other.Column(0)[17], 2e-3f);
    }

    [Fact]
    public void An_encoding_is_what_its_inputs_say()
    {
        DataColumn[] columns = [DataColumn.OfTexts("t", [.. Enumerable.Range(0, 300).Select(i => "l" + (i % 70))]), DataColumn.OfTexts("u", [.. Enumerable.Range(0, 300).Select(i => i % 2 == 0 ? "a" : "b")])];
        var (encoding, _) = InputEncoding.Fit(columns, [.. Enumerable.Range(0, 300).Select(i => i % 5 == 0)], [.. Enumerable.Range(0, 300)], 1);
        var again = new InputEncoding(encoding.Inputs);
        Assert.Equal(encoding.Names, again.Names);
        Assert.Equal(Row(encoding.Encode(columns, [3, 4]), 1), Row(again.Encode(columns, [3, 4]), 1));
        Assert.Contains("column u is missing", Assert.Throws<TrainingDataException>(() => again.Encode(columns[..1], [0])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_where_texts_were_learned_are_levels_and_texts_where_numbers_were_are_refused()
    {
        var (encoding, _) = InputEncoding.Fit([DataColumn.OfTexts("t", ["1", "2"]), DataColumn.OfNumbers("x", [1, 2])], [true, false], [0, 1], 1);
        var asked = encoding.Encode([DataColumn.OfNumbers("t", [2]), DataColumn.OfNumbers("x", [7])], [0]);
        Assert.Equal([0f, 1, 7], Row(asked, 0));
        Assert.Contains("x must be of numbers", Assert.Throws<TrainingDataException>(
            () => encoding.Encode([DataColumn.OfTexts("t", ["1"]), DataColumn.OfTexts("x", ["?"])], [0])).Message, StringComparison.Ordinal);
    }

    private static float[] Row(TrainingSet set, int row)
    {
        var values = new float[set.Features.Count];
        set.CopyRow(row, values);
        return values;
    }
}
