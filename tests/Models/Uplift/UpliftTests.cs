using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models;

public class UpliftTests
{
    private static readonly Learner Trees = Learners.Trees(new TreeOptions { Trees = 40, Depth = 2, LearningRate = 0.1, MinChildWeight = 20 });

    [Theory]
    [InlineData(UpliftMethod.Single)]
    [InlineData(UpliftMethod.Two)]
    [InlineData(UpliftMethod.ClassTransformation)]
    public void Every_method_finds_who_gains_and_by_how_much(UpliftMethod method)
    {
        var experiment = new Experiment(20_000, treatedShare: 0.5, seed: 1);
        var uplift = UpliftModel.Train(experiment.Rows, experiment.Treated, method, Trees);
        // The gain is 0.2; one model for both arms draws it towards 0.
        Assert.InRange(uplift([0.9f, 0.5f]), method == UpliftMethod.Single ? 0.05 : 0.1, 0.3);
        Assert.InRange(uplift([0.1f, 0.5f]), -0.25, 0);
        var test = new Experiment(20_000, 0.5, seed: 2);
        Assert.True(new Qini([.. test.Values.Select(row => uplift(row))], test.Treated, test.Events).Interval(1, 100).Low > 0.05);
    }

    [Fact]
    public void Arms_of_unequal_size_do_not_bias_class_transformation()
    {
        var experiment = new Experiment(40_000, treatedShare: 0.2, seed: 3);
        var uplift = UpliftModel.Train(experiment.Rows, experiment.Treated, UpliftMethod.ClassTransformation, Trees);
        Assert.Equal(Experiment.MeanGain, experiment.Values.Average(row => uplift(row)), 0.03);
    }

    [Fact]
    public void Only_customers_who_gain_beyond_doubt_are_worth_treating()
    {
        var experiment = new Experiment(8000, 0.5, seed: 4);
        var ensemble = UpliftEnsemble.Train(experiment.Rows, experiment.Treated, UpliftMethod.Two, Learners.Logistic(), seed: 1);
        double treatedInVain = 0, losing = 0, treated = 0, gaining = 0;
        foreach (var row in new Experiment(4000, 0.5, seed: 5).Values)
        {
            var (mean, bound) = ensemble.Estimate(row);
            Assert.True(bound <= mean);
            if (Experiment.Gain(row) <= 0)
            {
                losing++;
                treatedInVain += ensemble.IsWorthTreating(row) ? 1 : 0;
            }
            else if (row[0] > 0.8)
            {
                gaining++;
                treated += ensemble.IsWorthTreating(row) ? 1 : 0;
            }
        }

        Assert.True(treatedInVain <= 0.02 * losing, $"{treatedInVain} of {losing}");
        Assert.True(treated >= 0.95 * gaining, $"{treated} of {gaining}");
    }

    [Fact]
    public void The_bound_keeps_its_confidence_where_treatment_does_nothing()
    {
        var treated = 0;
        for (var run = 0; run < 200; run++)
        {
            var experiment = new Experiment(400, 0.5, (ulong)run, gain: 0);
            var ensemble = UpliftEnsemble.Train(experiment.Rows, experiment.Treated, UpliftMethod.Two, Learners.Logistic(), seed: 1);
            treated += ensemble.IsWorthTreating([0.5f, 0.5f]) ? 1 : 0;
        }

        Assert.InRange(treated / 200.0, 0.01, 0.1);
    }

    [Fact]
    public void An_ensemble_comes_again_from_its_seed()
    {
        var experiment = new Experiment(1000, 0.5, seed: 6);
        Assert.Equal(Bound(1), Bound(1));
        Assert.NotEqual(Bound(1), Bound(2));

        (double, double) Bound(ulong seed) =>
            UpliftEnsemble.Train(experiment.Rows, experiment.Treated, UpliftMethod.Two, Learners.Logistic(), seed, models: 5).Estimate([0.5f, 0.5f]);
    }

    [Fact]
    public void An_experiment_without_one_of_its_arms_is_refused()
    {
        var experiment = new Experiment(10, 0.5, seed: 1);
        Assert.Contains("all rows are treated", Refused([.. Enumerable.Repeat(true, 10)]), StringComparison.Ordinal);
        Assert.Contains("all rows are untreated", Refused(new bool[10]), StringComparison.Ordinal);
        Assert.Contains("9 treatments for 10 rows", Refused(new bool[9]), StringComparison.Ordinal);

        string Refused(bool[] treated) => Assert.Throws<TrainingDataException>(() => UpliftModel.Train(experiment.Rows, treated, UpliftMethod.Two, Trees)).Message;
    }

    [Fact]
    public void Qini_of_womens_email_on_Hillstrom_is_that_of_the_reference()
    {
        var (columns, events, treated, folds) = Hillstrom();
        var uplift = new double[events.Length];
        for (var fold = 0; fold < 5; fold++)
        {
            int[] inside = [.. Enumerable.Range(0, folds.Length).Where(row => folds[row] != fold)], outside = [.. Enumerable.Range(0, folds.Length).Where(row => folds[row] == fold)];
            var (encoding, training) = InputEncoding.Fit(columns, events, inside, 1);
            var model = UpliftModel.Train(training, Array.ConvertAll(inside, row => treated[row]), UpliftMethod.Two, Learners.Logistic());
            var asked = encoding.Encode(columns, outside);
            var row = new float[asked.Features.Count];
            for (var i = 0; i < outside.Length; i++)
            {
                asked.CopyRow(i, row);
                uplift[outside[i]] = model(row);
            }
        }

        Assert.InRange(new Qini(uplift, treated, events).Coefficient, 0.06, 0.075);
    }

    private static (DataColumn[] Columns, bool[] Events, bool[] Treated, int[] Folds) Hillstrom()
    {
        var table = DataTable.Read(TestData.Shared("hillstrom.csv.gz"), new DataTableOptions { Exclude = ["conversion", "spend", "target"] });
        DataColumn segment = table.Column("segment"), visit = table.Column("visit");
        var folds = Folds.Read(TestData.Shared("folds", "hillstrom.fold.csv.gz"), [.. visit.Numbers!.Select(value => value == 1)]);
        int[] rows = [.. Enumerable.Range(0, table.Rows).Where(row => segment.Text(row) != "Mens E-Mail")];
        return (
            [.. table.Columns.Where(column => column != segment && column != visit).Select(column => column.Numbers is { } numbers
                ? DataColumn.OfNumbers(column.Name, Array.ConvertAll(rows, row => numbers[row]))
                : DataColumn.OfTexts(column.Name, Array.ConvertAll(rows, column.Text)))],
            Array.ConvertAll(rows, row => visit.Numbers![row] == 1),
            Array.ConvertAll(rows, row => segment.Text(row) == "Womens E-Mail"),
            Array.ConvertAll(rows, row => folds[row]));
    }

    /// <summary>Two uniform features; the event comes with 0.2 + 0.3·x₁, and treatment adds 0.4·(x₀ − 0.4) or another gain.</summary>
    private sealed class Experiment
    {
        public const double MeanGain = 0.04;

        public Experiment(int rows, double treatedShare, ulong seed, double? gain = null)
        {
            var random = new Rng(seed);
            Values = new float[rows][];
            Treated = new bool[rows];
            Events = new bool[rows];
            for (var row = 0; row < rows; row++)
            {
                Values[row] = [random.Below(1000) / 1000f, random.Below(1000) / 1000f];
                Treated[row] = random.Below(1000) < 1000 * treatedShare;
                var chance = 0.2 + (0.3 * Values[row][1]) + (Treated[row] ? gain ?? Gain(Values[row]) : 0);
                Events[row] = random.Below(1_000_000) < 1e6 * chance;
            }

            Rows = new TrainingSet(
                ["a", "b"], [[.. Values.Select(row => row[0])], [.. Values.Select(row => row[1])]], Array.ConvertAll(Events, hit => hit ? 1f : 0f));
        }

        public float[][] Values { get; }

        public bool[] Treated { get; }

        public bool[] Events { get; }

        public TrainingSet Rows { get; }

        public static double Gain(float[] row) => 0.4 * (row[0] - 0.4);
    }
}
