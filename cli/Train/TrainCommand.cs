using System.CommandLine;
using System.Text.RegularExpressions;
using ServerlessCLM.Cli.Evaluate;
using ServerlessCLM.Models;

namespace ServerlessCLM.Cli.Train;

/// <summary><c>clm train</c>: a model of a column of a CSV file, as a document and a card.</summary>
internal static partial class TrainCommand
{
    private const string Platt = "platt", Isotonic = "isotonic", None = "none";

    public static Command Create()
    {
        var data = new DataOptions();
        var learner = new LearnerOptions();
        var folds = new Option<string?>("--folds") { Description = $"CSV file with the fold of each row; {EvaluateCommand.FoldCount} stratified folds without" };
        var calibration = new Option<string>("--calibration") { Description = "platt, isotonic or none", DefaultValueFactory = _ => Platt };
        calibration.AcceptOnlyFromAmong(Platt, Isotonic, None);
        var id = new Option<string?>("--id") { Description = "Name of the model, snake case; the target's without" };
        var purpose = new Option<string>("--purpose") { Description = "What decisions it serves", DefaultValueFactory = _ => "Not stated." };
        var recent = new Option<string?>("--recent") { Description = "CSV file of later rows to measure drift against; without, the second half of the rows is held against the first" };
        var card = new Option<FileInfo?>("--card") { Description = "Write the model card, an HTML page, to this file" };
        var output = Output.File();
        var command = new Command("train", "Train a model on a CSV file") { folds, calibration, id, purpose, recent, card, output };
        data.AddTo(command);
        learner.AddTo(command);
        command.SetAction(async (arguments, cancellation) =>
        {
            var learning = data.Read(arguments);
            var name = arguments.GetValue(id) ?? SnakeCase(learning.Target.Name);
            var later = arguments.GetValue(recent) is { } path ? data.ReadAnother(arguments, path) : null;
            var drift = Drift.Between(learning, later);
            var rows = EvaluateCommand.FoldsOf(arguments.GetValue(folds), learning, learner.Seed(arguments));
            var validated = EvaluateCommand.Run(arguments, learning, learner, rows, cancellation);
            var method = arguments.GetRequiredValue(calibration);
            var probabilities = CalibratedWithout(validated.Margins, learning.Target.Events, rows, method);
            var trained = TrainedModel.Train(arguments, learner, learning, cancellation);
            var document = ModelDocuments.Checked(trained.Describe(
                learning, name, arguments.GetRequiredValue(purpose), Calibrate(validated.Margins, learning.Target.Events, method),
                validated, BinaryPerformance.Measure(probabilities, learning.Target.Events)));
            await Output.WriteAsync(arguments.GetValue(output), writer => writer.WriteAsync(System.Text.Encoding.UTF8.GetString(ModelDocuments.Write(document))));
            if (arguments.GetValue(card) is { } page)
            {
                var html = new ModelCard(document, probabilities, learning.Target.Events, trained.Importance, drift, Drift.Told(learning, later)).ToHtml();
                await Output.WriteAsync(page, writer => writer.WriteAsync(html));
            }

            await Console.Error.WriteLineAsync($"{document}: AUC {validated.MeanAuc:F4} over {validated.Folds.Count} folds");
            return CommandHost.Done;
        });
        return command;
    }

    private static ModelCalibration Calibrate(double[] margins, bool[] events, string method) => method switch
    {
        Isotonic => IsotonicRegression.Fit(margins, events),
        Platt => PlattScaling.Fit(margins, events),
        _ => ModelCalibration.Logistic,
    };

    /// <summary>Each fold's probabilities by a calibration of the other folds' margins.</summary>
    private static double[] CalibratedWithout(double[] margins, bool[] events, int[] folds, string method)
    {
        var probabilities = new double[margins.Length];
        for (var fold = 0; fold <= folds.Max(); fold++)
        {
            var current = fold;
            int[] others = [.. Enumerable.Range(0, folds.Length).Where(row => folds[row] != current)];
            var calibration = Calibrate(Array.ConvertAll(others, row => margins[row]), Array.ConvertAll(others, row => events[row]), method);
            for (var row = 0; row < folds.Length; row++)
            {
                if (folds[row] == fold)
                    probabilities[row] = calibration.Apply(margins[row]);
            }
        }

        return probabilities;
    }

    private static string SnakeCase(string name)
    {
        var id = NotSnake().Replace(name.ToLowerInvariant(), "_").Trim('_');
        return id.Length > 0 && char.IsAsciiLetterLower(id[0]) ? id[..Math.Min(id.Length, 64)] : "model";
    }

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.None, 1000)]
    private static partial Regex NotSnake();
}
