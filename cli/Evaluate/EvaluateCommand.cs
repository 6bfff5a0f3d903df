using System.CommandLine;
using System.Text.Json;
using ServerlessCLM.Models;

namespace ServerlessCLM.Cli.Evaluate;

/// <summary><c>clm evaluate</c>: how well a model learns a column of a CSV file, by cross-validation.</summary>
internal static class EvaluateCommand
{
    public const int FoldCount = 5;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public static Command Create()
    {
        var data = new DataOptions();
        var learner = new LearnerOptions();
        var folds = new Option<string?>("--folds") { Description = $"CSV file with the fold of each row; {FoldCount} stratified folds without" };
        var json = Output.Json();
        var output = Output.File();
        var command = new Command("evaluate", "Cross-validate a model on a CSV file") { folds, json, output };
        data.AddTo(command);
        learner.AddTo(command);
        command.SetAction(async (arguments, cancellation) =>
        {
            var learning = data.Read(arguments);
            var result = Run(arguments, learning, learner, FoldsOf(arguments.GetValue(folds), learning, learner.Seed(arguments)), cancellation);
            var report = new Report(
                learning.Path, learning.Target.Name, learning.Target.Positive, learner.Kind(arguments), learning.Table.Rows,
                learning.Target.Events.Count(hit => hit), learning.Inputs.Columns.Count, learning.Inputs.Dropped, result)
            {
                EventsInOrder = learning.Target.Events,
            };
            await Output.WriteAsync(arguments.GetValue(output), writer =>
                arguments.GetValue(json) ? writer.WriteLineAsync(JsonSerializer.Serialize(report.ForMachines(), Json)) : report.WriteAsync(writer));
            return CommandHost.Done;
        });
        return command;
    }

    /// <summary>The folds of a file, or seeded ones.</summary>
    internal static int[] FoldsOf(string? path, LearningData data, ulong seed)
    {
        if (path is not null)
            return Folds.Read(path, data.Target.Events);

        try
        {
            return Folds.Stratified(data.Target.Events, FoldCount, seed);
        }
        catch (ArgumentException tooFew)
        {
            throw new UnusableArgumentException($"{data.Path}: column {data.Target.Name} {tooFew.Message}");
        }
    }

    internal static CrossValidation Run(ParseResult arguments, LearningData data, LearnerOptions learner, int[] folds, CancellationToken cancellation)
    {
        using var progress = new ProgressLine("evaluate", TimeProvider.System);
        var done = 0.0;
        long rows = data.Table.Rows * (long)folds.Max();
        return CrossValidation.Run(
            data.Inputs.Columns, data.Target.Events, folds, learner.LearnerOf(arguments, data), learner.Seed(arguments), TimeProvider.System,
            share =>
            {
                progress.Add((long)(share * rows) - (long)(done * rows), share);
                done = share;
            },
            cancellation);
    }

    /// <summary>What is printed.</summary>
    private sealed record Report(
        string Data, string Target, string Positive, string Model, int Rows, int Events, int Columns, IReadOnlyList<string> Dropped, CrossValidation Result)
    {
        public object ForMachines() => new
        {
            Data, Target, Positive, Model, Rows, Events, Columns, Dropped, Result.Folds, Result.MeanAuc, Result.AucDeviation, Result.LogLoss,
            Result.Pooled.Brier, Result.Pooled.KolmogorovSmirnov, Result.Pooled.Gini, Result.Pooled.AveragePrecision,
            Result.Pooled.CalibrationError,
            Calibration = ProbabilityError.CalibrationCurve(Result.Probabilities, EventsInOrder),
            Result.Seconds,
        };

        public required bool[] EventsInOrder { get; init; }

        public async Task WriteAsync(TextWriter writer)
        {
            await writer.WriteLineAsync("fold     rows   events      AUC  log-loss  seconds");
            foreach (var fold in Result.Folds)
                await writer.WriteLineAsync($"{fold.Fold,4} {fold.Rows,8} {fold.Events,8} {fold.Auc,8:F4} {fold.LogLoss,9:F4} {fold.Seconds,8:F2}");
            await writer.WriteLineAsync($"mean {Rows,8} {Events,8} {Result.MeanAuc,8:F4} {Result.LogLoss,9:F4} {Result.Seconds,8:F2} in all");
            await writer.WriteLineAsync();
            await writer.WriteLineAsync($"AUC {Result.MeanAuc:F4} ± {Result.AucDeviation:F4} over the folds; KS {Result.Pooled.KolmogorovSmirnov:F4}, average precision {Result.Pooled.AveragePrecision:F4}, Brier {Result.Pooled.Brier:F4}");
            await writer.WriteLineAsync($"calibration error {Result.Pooled.CalibrationError:F4}; predicted against observed by tenth of the rows:");
            foreach (var bin in ProbabilityError.CalibrationCurve(Result.Probabilities, EventsInOrder))
                await writer.WriteLineAsync($"{bin.Rows,8} rows {bin.Predicted,8:P1} {bin.Observed,8:P1}  ({bin.Low:P1} to {bin.High:P1})");
        }
    }
}
