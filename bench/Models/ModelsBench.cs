using System.Diagnostics;
using ServerlessCLM.Models;

namespace ServerlessCLM.Bench.Models;

/// <summary>Training, scoring and explaining trees, beside XGBoost on the same rows in the same run.</summary>
internal static class ModelsBench
{
    private const string Data = "../shared/data";

    private static readonly int[] threads = [1, 2];

    public static void Run(TextWriter output)
    {
        var version = XgboostPeer.Version();
        output.WriteLine(version is null
            ? "XGBoost is missing: apt-get install python3-xgboost python3-numpy, then run this again for its columns"
            : $"XGBoost {version} (hist)");
        if (Directory.Exists(Data))
            Folds(output, version is not null);
        else
            output.WriteLine($"left out, there is no {Data}: the folds of the reference data");

        Large(output, version is not null);
        Scores(output, version is not null);
    }

    private static void Folds(TextWriter output, bool hasPeer)
    {
        var options = new TreeOptions { RowSample = .8, ColumnSample = .8, Seed = 42 };
        output.WriteLine("five folds, 300 trees, depth 5, rate .05, row and column sampling .8; seconds of training all five");
        output.WriteLine("                                               AUC            by the clock, s               of processor, s");
        output.WriteLine("  set                  threads   own    XGBoost            own   XGBoost   ratio        own   XGBoost   ratio");
        BenchTable[] tables =
        [
            BenchTable.Read(Data, "taiwan_default"), BenchTable.Read(Data, "bank_full"),
            BenchTable.Read(Data, "bank_full", "duration") with { Name = "bank_full less duration" }, BenchTable.Read(Data, "heloc"),
            BenchTable.Read(Data, "mlc_churn"), BenchTable.Read(Data, "hillstrom", "visit", "conversion", "spend"),
        ];
        TrainFolds(tables[0], options with { Trees = 50 });
        foreach (var table in tables)
        {
            foreach (var count in threads)
                Compare(output, table, options with { Threads = count }, hasPeer);
        }
    }

    private static void Large(TextWriter output, bool hasPeer)
    {
        output.WriteLine("five folds, 40 trees, depth 6, rate .1");
        var table = BenchTable.Made(200_000, 40);
        foreach (var count in threads)
            Compare(output, table, new TreeOptions { Trees = 40, Depth = 6, LearningRate = .1, Threads = count }, hasPeer);
    }

    private static void Compare(TextWriter output, BenchTable table, TreeOptions options, bool hasPeer)
    {
        var (cost, margins) = TrainFolds(table, options);
        var auc = MeanAuc(table, margins);
        output.Write($"  {table.Name,-26}{options.Threads,4}     {auc:.0000}");
        if (hasPeer)
        {
            using var peer = new XgboostPeer();
            peer.Give(table, options);
            var (theirs, peerMargins) = peer.Folds();
            var peerAuc = MeanAuc(table, [.. peerMargins.Select(margin => (double)margin)]);
            output.Write(
                $"   {peerAuc:.0000}    {auc - peerAuc,6:+.0000;-.0000}    {cost.Wall,6:0.00}   {theirs.Wall,6:0.00}   {theirs.Wall / cost.Wall,5:0.0}×"
                + $"    {cost.Processor,6:0.00}   {theirs.Processor,6:0.00}   {theirs.Processor / cost.Processor,5:0.0}×");
        }
        else
            output.Write($"                        {cost.Wall,6:0.00}                       {cost.Processor,6:0.00}");

        output.WriteLine();
    }

    private static (Cost Cost, double[] Margins) TrainFolds(BenchTable table, TreeOptions options)
    {
        var all = table.All();
        var margins = new double[table.Rows];
        var row = new float[table.Features.Length];
        var cost = default(Cost);
        for (var fold = 0; fold < 5; fold++)
        {
            var training = all.Select([.. Enumerable.Range(0, table.Rows).Where(place => table.FoldOf[place] != fold)]);
            var (started, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            var ensemble = TreeTrainer.Train(training, options);
            cost = new Cost(
                cost.Wall + Stopwatch.GetElapsedTime(started).TotalSeconds, cost.Processor + (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
            for (var place = 0; place < table.Rows; place++)
            {
                if (table.FoldOf[place] != fold)
                    continue;
                all.CopyRow(place, row);
                margins[place] = ensemble.Margin(row);
            }
        }

        return (cost, margins);
    }

    private static void Scores(TextWriter output, bool hasPeer)
    {
        const int Rows = 20_000, Features = 40, Batch = 256, Explained = 50, Few = 16, Models = 5;
        var table = BenchTable.Made(Rows, Features);
        var options = new TreeOptions { Trees = 200, Depth = 6, LearningRate = .1 };
        var rows = table.RowMajor();
        TreeEnsemble model;
        XgboostScores? peer = null;
        if (hasPeer)
        {
            using var xgboost = new XgboostPeer();
            xgboost.Give(table, options, Explained);
            peer = xgboost.Score();
            model = peer.Model;
        }
        else
            model = TreeTrainer.Train(table.All(), options);

        var nodes = Enumerable.Range(0, model.TreeCount).Average(tree => model.Tree(tree).Length);
        output.WriteLine(
            $"scoring, one thread: 200 trees of depth 6 ({nodes:0} nodes each), {Features} features, {Rows:N0} rows"
            + (hasPeer ? "; the model is XGBoost's, imported" : ""));
        var margins = new double[Rows];
        // Five models that share no memory, as five different ones would not.
        var five = Enumerable.Range(0, Models).Select(_ => new TreeEnsemble(model.Features, model.BaseMargin, [.. Enumerable.Range(0, model.TreeCount).Select(tree => model.Tree(tree).ToArray())])).ToArray();
        var batch = Best(() =>
        {
            foreach (var one in five)
                one.Margins(rows.AsSpan(0, Batch * Features), Features, margins.AsSpan(0, Batch));
        }) / Batch;
        Line(output, "5 models, batches of 256, µs a row", batch, peer?.Batch * Models, 4.5e-6);

        var single = Best(() =>
        {
            for (var row = 0; row < Few; row++)
            {
                foreach (var one in five)
                    margins[row] = one.Margin(rows.AsSpan(row * Features, Features));
            }
        }) / Few;
        Line(output, "5 models, row by row, µs a row", single, peer?.Row * Models, 8e-6);

        var explainer = new TreeExplainer(model);
        var contributions = new double[Explained * Features];
        var explain = Best(() =>
        {
            for (var row = 0; row < Few; row++)
                explainer.Explain(rows.AsSpan(row * Features, Features), contributions.AsSpan(row * Features, Features));
        }) / Few;
        Line(output, "1 model, exact TreeSHAP, µs a row", explain, peer?.Explain, 150e-6);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var row = 0; row < Explained; row++)
            explainer.Explain(rows.AsSpan(row * Features, Features), contributions.AsSpan(row * Features, Features));
        model.Margins(rows, Features, margins);
        output.WriteLine($"  allocated by {Explained} explanations and a batch of {Rows:N0}: {GC.GetAllocatedBytesForCurrentThread() - before} bytes");
        if (peer is not null)
            Agreement(output, peer, margins, contributions, Explained, Features);
    }

    private static void Agreement(TextWriter output, XgboostScores peer, double[] margins, double[] contributions, int explained, int features)
    {
        var worst = margins.Zip(peer.Margins, (ours, theirs) => Math.Abs(ours - theirs)).Max();
        var worstScore = margins.Zip(peer.Margins, (ours, theirs) => Math.Abs(Probability(ours) - Probability(theirs))).Max();
        var worstShare = 0.0;
        for (var row = 0; row < explained; row++)
        {
            for (var feature = 0; feature < features; feature++)
                worstShare = Math.Max(worstShare, Math.Abs(contributions[(row * features) + feature] - peer.Contributions[(row * (features + 1)) + feature]));
        }

        output.WriteLine($"  largest difference from XGBoost, which adds in single precision: margins {worst:0.0e0}, probabilities {worstScore:0.0e0}, contributions {worstShare:0.0e0}");
    }

    private static double Probability(double margin) => 1 / (1 + Math.Exp(-margin));

    private static void Line(TextWriter output, string what, double seconds, double? peer, double target) => output.WriteLine(
        $"  {what,-38}{seconds * 1e6,8:0.00}" + (peer is { } theirs ? $"   XGBoost {theirs * 1e6,8:0.00}   {theirs / seconds,5:0.0}×" : "") + $"   target {target * 1e6:0.0}");

    /// <summary>The best of many short rounds: others on the machine interrupt some, but not all.</summary>
    private static double Best(Action work)
    {
        var best = double.MaxValue;
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun).TotalSeconds < 3;)
        {
            var started = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return best;
    }

    private static double MeanAuc(BenchTable table, double[] margins) => Enumerable.Range(0, 5).Average(fold =>
    {
        int[] rows = [.. Enumerable.Range(0, table.Rows).Where(row => table.FoldOf[row] == fold)];
        return Discrimination.Auc(new RankedOutcomes(Array.ConvertAll(rows, row => margins[row]), Array.ConvertAll(rows, row => table.Labels[row] > 0)));
    });
}
