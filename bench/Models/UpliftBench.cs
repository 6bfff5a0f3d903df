using ServerlessCLM.Models;

namespace ServerlessCLM.Bench.Models;

/// <summary>Hillstrom's women's e-mail against none: Qini of the visit by every learner, out of fold.</summary>
internal static class UpliftBench
{
    private const string Data = "../shared/data/";

    public static void Run(TextWriter output)
    {
        var table = DataTable.Read($"{Data}hillstrom.csv.gz", new DataTableOptions { Exclude = ["conversion", "spend", "target"] });
        DataColumn segment = table.Column("segment"), visit = table.Column("visit");
        bool[] events = Array.ConvertAll(visit.Numbers!, value => value == 1);
        var folds = Folds.Read($"{Data}folds/hillstrom.fold.csv.gz", events);
        DataColumn[] columns = [.. table.Columns.Where(column => column != segment && column != visit)];
        int[] rows = [.. Enumerable.Range(0, table.Rows).Where(row => segment.Text(row) != "Mens E-Mail")];
        bool[] treated = Array.ConvertAll(rows, row => segment.Text(row) == "Womens E-Mail");
        var trees = new TreeOptions { Trees = 100, Depth = 2, LearningRate = 0.05, RowSample = 0.8, ColumnSample = 0.8, Seed = 1 };
        output.WriteLine("Qini out of fold, 95% bootstrap interval (reference: S .0649, T .0610, class transformation .0575 by XGBoost; T .0641 by logistic regression)");
        foreach (var (name, learner) in new[] { ("trees", Learners.Trees(trees)), ("logistic", Learners.Logistic()) })
        {
            foreach (var method in Enum.GetValues<UpliftMethod>())
            {
                var uplift = OutOfFold(columns, events, treated, rows, folds, method, learner);
                var qini = new Qini(uplift, treated, Array.ConvertAll(rows, row => events[row])).Interval(1);
                output.WriteLine($"{name,-9} {method,-20} {qini.Value:F4} ({qini.Low:F4} to {qini.High:F4})");
            }
        }
    }

    private static double[] OutOfFold(DataColumn[] columns, bool[] events, bool[] treated, int[] rows, int[] folds, UpliftMethod method, Learner learner)
    {
        var uplift = new double[rows.Length];
        for (var fold = 0; fold <= folds.Max(); fold++)
        {
            var current = fold;
            int[] inside = [.. Enumerable.Range(0, rows.Length).Where(place => folds[rows[place]] != current)];
            int[] outside = [.. Enumerable.Range(0, rows.Length).Where(place => folds[rows[place]] == current)];
            var (encoding, training) = InputEncoding.Fit(columns, events, Array.ConvertAll(inside, place => rows[place]), 1);
            var model = UpliftModel.Train(training, Array.ConvertAll(inside, place => treated[place]), method, learner);
            var asked = encoding.Encode(columns, Array.ConvertAll(outside, place => rows[place]));
            var row = new float[asked.Features.Count];
            for (var i = 0; i < outside.Length; i++)
            {
                asked.CopyRow(i, row);
                uplift[outside[i]] = model(row);
            }
        }

        return uplift;
    }
}
