using System.CommandLine;
using System.Globalization;
using ServerlessCLM.Decisions.Authorizations;
using ServerlessCLM.Models;
using ServerlessCLM.Simulation;

namespace ServerlessCLM.Cli.Train;

/// <summary><c>clm train portfolio</c>: the models that ship with the product, from simulated lives, the same bytes every time.</summary>
internal static class TrainPortfolioCommand
{
    public static Command Create()
    {
        var output = new Option<DirectoryInfo>("--output") { Description = "Folder for the model documents", Required = true };
        var only = new Option<string[]>("--model") { Description = "Only these models", AllowMultipleArgumentsPerToken = true };
        var customers = new Option<int>("--customers")
        {
            Description = "Fewer customers than the shipped models have, for a trial", DefaultValueFactory = _ => ShippedTraining.Options.Customers,
        };
        var command = new Command("portfolio", "Train the product's own models on a simulated portfolio") { output, only, customers };
        command.SetAction((arguments, cancellation) =>
        {
            var names = arguments.GetValue(only) ?? [];
            var wanted = Wanted(names);
            var folder = arguments.GetRequiredValue(output);
            folder.Create();
            var count = arguments.GetValue(customers);
            if (count is < 100 or > 100_000)
                throw new UnusableArgumentException($"--customers {count} must be 100 to 100000");

            if (wanted.Count > 0)
            {
                var lives = Walk(ShippedTraining.Options with { Customers = count }, cancellation);
                foreach (var task in wanted)
                    Keep(ShippedTraining.Train(task, lives, cancellation), folder);
            }

            if (names.Length == 0 || names.Contains(FraudModel.ModelId))
            {
                var options = FraudTraining.Options with { Customers = Math.Min(count, FraudTraining.Options.Customers) };
                using var progress = new ProgressLine("walking cards", TimeProvider.System);
                var walked = 0;
                Keep(FraudTraining.Train(options, () => progress.Add(1, (double)Interlocked.Increment(ref walked) / options.Customers), cancellation), folder);
            }

            return Task.FromResult(CommandHost.Done);
        });
        return command;
    }

    private static List<PredictionTask> Wanted(string[] names)
    {
        foreach (var name in names)
        {
            if (PredictionTasks.Find(name) is null && name != FraudModel.ModelId)
                throw new UnusableArgumentException($"--model {name} must be one of {string.Join(", ", PredictionTasks.All.Select(task => task.Id).Append(FraudModel.ModelId))}");
        }

        return [.. PredictionTasks.All.Where(task => names.Length == 0 || names.Contains(task.Id))];
    }

    private static IReadOnlyList<PortfolioRows.Life> Walk(PortfolioOptions options, CancellationToken cancellation)
    {
        using var progress = new ProgressLine("walking customers", TimeProvider.System);
        var walked = 0;
        return PortfolioRows.Walk(
            new Portfolio(options), () => progress.Add(1, (double)Interlocked.Increment(ref walked) / options.Customers), cancellation);
    }

    private static void Keep(ModelDocument document, DirectoryInfo folder)
    {
        var bytes = ModelDocuments.Write(document);
        File.WriteAllBytes(Path.Combine(folder.FullName, $"{document.Id}.json"), bytes);
        var figures = string.Join(", ", document.Metrics.Where(figure => figure.Key is "auc" or "auc_out_of_time" or "r2" or "calibration_error" or "events" or "rows")
            .Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Key} {figure.Value.Value:0.####}")));
        Console.Out.WriteLine($"{document.Id}: {document.Training.Rows:N0} rows, {document.Training.Positives:N0} positives, {bytes.Length:N0} bytes; {figures}");
    }
}
