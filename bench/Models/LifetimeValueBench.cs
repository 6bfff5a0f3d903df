using System.Diagnostics;
using ServerlessCLM.Models;

namespace ServerlessCLM.Bench.Models;

/// <summary>BG/NBD on CDNOW: the parameters of the usual sample, and the error over the 39 weeks held out of the whole file.</summary>
internal static class LifetimeValueBench
{
    private const string Data = "../shared/data/streams/";
    private static readonly DateOnly Until = new(1997, 9, 30), HeldOut = new(1998, 6, 30);

    public static void Run(TextWriter output)
    {
        var table = DataTable.Read($"{Data}cdnow_summary_2357.csv.gz", new DataTableOptions());
        PurchaseHistory[] sample =
        [
            .. Enumerable.Range(0, table.Rows).Select(row => new PurchaseHistory(
                (int)table.Column("frequency").Numbers![row], table.Column("recency").Numbers![row], table.Column("T").Numbers![row])),
        ];
        var started = Stopwatch.GetTimestamp();
        var fitted = BgNbd.Fit(sample);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        output.WriteLine($"2,357 customers: r={fitted.R:F3} α={fitted.Alpha:F3} a={fitted.A:F3} b={fitted.B:F3}, log-likelihood {sample.Sum(fitted.LogLikelihood):F3}, {seconds:F2} s "
            + "(published: .243, 4.414, .793, 2.426; reference −9582.426)");
        output.WriteLine($"purchases expected of them in the next 39 weeks: {sample.Sum(history => fitted.ExpectedPurchases(history, 39)):F1} (reference 1653.4; 1,882 came)");

        var (histories, later) = Whole();
        var whole = BgNbd.Fit(histories);
        double[] expected = Array.ConvertAll(histories, history => whole.ExpectedPurchases(history, 39));
        double absolute = 0, squares = 0;
        for (var i = 0; i < later.Length; i++)
        {
            absolute += Math.Abs(expected[i] - later[i]);
            squares += (expected[i] - later[i]) * (expected[i] - later[i]);
        }

        output.WriteLine($"all {later.Length:N0} customers: {expected.Sum():F0} expected, {later.Sum():N0} came, mean absolute error {absolute / later.Length:F3}, root mean square {Math.Sqrt(squares / later.Length):F3} "
            + "(reference on the sample .785 and 1.608)");
    }

    private static (PurchaseHistory[] Histories, int[] Later) Whole()
    {
        var table = DataTable.Read($"{Data}cdnow_master.csv.gz", new DataTableOptions { Texts = ["date"] });
        var customers = table.Column("customer_id").Numbers!;
        var days = Enumerable.Range(0, table.Rows)
            .GroupBy(row => customers[row], row => DateOnly.ParseExact(table.Column("date").Text(row)!, "yyyyMMdd").DayNumber)
            .Select(customer => customer.Distinct().Order().ToArray())
            .ToArray();
        return (
            Array.ConvertAll(days, all =>
            {
                var before = all.TakeWhile(day => day <= Until.DayNumber).ToArray();
                return new PurchaseHistory(before.Length - 1, (before[^1] - before[0]) / 7.0, (Until.DayNumber - before[0]) / 7.0);
            }),
            Array.ConvertAll(days, all => all.Count(day => day > Until.DayNumber && day <= HeldOut.DayNumber)));
    }
}
