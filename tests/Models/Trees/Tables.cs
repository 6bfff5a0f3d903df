using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models.Trees;

/// <summary>Made-up rows to learn from.</summary>
internal static class Tables
{
    /// <summary>
    /// Features a to e, one in ten values missing: b in steps of a half, e only noise. The log odds are
    /// 2a + b·c, and 1.5 less where d is missing.
    /// </summary>
    public static TrainingSet Mixed(int rows, ulong seed, TreeObjective objective = TreeObjective.Logistic, bool weighted = false)
    {
        var rng = new Rng(seed);
        var columns = new float[5][];
        for (var feature = 0; feature < columns.Length; feature++)
        {
            columns[feature] = new float[rows];
            for (var row = 0; row < rows; row++)
                columns[feature][row] = rng.Below(10) == 0 ? float.NaN : Normal(rng);
        }

        var labels = new float[rows];
        for (var row = 0; row < rows; row++)
        {
            columns[1][row] = MathF.Round(columns[1][row] * 2) / 2;
            var margin = (2 * Present(columns[0][row])) + (Present(columns[1][row]) * Present(columns[2][row])) - (float.IsNaN(columns[3][row]) ? 1.5 : 0);
            labels[row] = objective == TreeObjective.SquaredError
                ? (float)(margin + Normal(rng))
                : rng.Below(1 << 20) < (1 << 20) / (1 + Math.Exp(-margin)) ? 1 : 0;
        }

        var weights = weighted ? Enumerable.Range(0, rows).Select(_ => rng.Below(5) / 2f).ToArray() : null;
        return new TrainingSet(["a", "b", "c", "d", "e"], columns, labels, weights);
    }

    public static float[] Row(TrainingSet set, int row)
    {
        var values = new float[set.Features.Count];
        set.CopyRow(row, values);
        return values;
    }

    /// <summary>Nearly normal: four uniform numbers added.</summary>
    public static float Normal(Rng rng)
    {
        var sum = 0;
        for (var i = 0; i < 4; i++)
            sum += rng.Below(1 << 16);
        return (float)(((sum / 65536.0) - 2) * Math.Sqrt(3));
    }

    private static double Present(float value) => float.IsNaN(value) ? 0 : value;
}
