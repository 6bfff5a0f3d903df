using System.CommandLine;
using System.Globalization;
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
            var wanted = Wanted(arguments.GetValue(only) ?? []);
            var folder = arguments.GetRequiredValue(output);
            folder.Create();
            var count = arguments.GetValue(customers);
            if (count is < 100 or > 100_000)
                throw new UnusableArgumentException($"--customers {count} must be 100 to 100000");

            var lives = Walk(ShippedTraining.Options with { Customers = count }, cancellation);
            foreach (var task in wanted)
                Train(task, lives, folder, cancellation);
            return Task.FromResult(CommandHost.Done);
        });
        return command;
    }

    private static List<PredictionTask> Wanted(string[] names)
    {
        foreach (var name in names)
        {
            if (PredictionTasks.Find(name) is null)
                throw new UnusableArgumentException($"--model {name} must be one of {string.Join(", ", PredictionTasks.All.Select(task => task.Id))}");
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

    private static void Train(PredictionTask task, IReadOnlyList<PortfolioRows.Life> lives, DirectoryInfo folder, CancellationToken cancellation)
    {
        var document = ShippedTraining.Train(task, lives, cancellation);
        var bytes = ModelDocuments.Write(document);
        File.WriteAllBytes(Path.Combine(folder.FullName, $"{task.Id}.json"), bytes);
        var figures = string.Join(", ", document.Metrics.Where(figure => figure.Key is "auc" or "auc_out_of_time" or "r2" or "calibration_error" or "events" or "rows")
            .Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Key} {figure.Value.Value:0.####}")));
        Console.Out.WriteLine($"{task.Id}: {document.Training.Rows:N0} rows, {document.Training.Positives:N0} positives, {bytes.Length:N0} bytes; {figures}");
    }
}
