using ServerlessCLM.Simulation;

namespace ServerlessCLM.Models;

/// <summary>The portfolio that the shipped models learn from, and which model each task becomes on it.</summary>
public static class ShippedTraining
{
    /// <summary>Makes the shipped documents again, byte for byte.</summary>
    public const string Command = "clm train portfolio --output shared/Models/Shipped";

    private const int Customers = 5_000;

    /// <summary>Three years and a half of more troubled lives than a calm bank sees, so that there is enough to learn from.</summary>
    public static PortfolioOptions Options { get; } =
        new(20_261, Customers, new DateOnly(2022, 1, 1), new DateOnly(2025, 7, 1)) { Turbulence = 2, Offers = true, IdPrefix = "train-" };

    /// <summary>Rows from here on are the out-of-time test.</summary>
    public static DateTimeOffset OutOfTimeFrom { get; } = new(2024, 9, 1, 0, 0, 0, TimeSpan.Zero);

    public static TrainingPlan Plan { get; } = new(
        $"Simulated portfolio, seed {Options.Seed}, {Options.Customers} customers, {Options.Start:yyyy-MM-dd} to {Options.End:yyyy-MM-dd}, turbulence {Options.Turbulence:0}, offers at random", 1)
    {
        Command = Command, OutOfTimeFrom = OutOfTimeFrom.ToUnixTimeMilliseconds(),
    };

    /// <summary>Trains one task on walked lives.</summary>
    /// <exception cref="TrainingDataException">Too few rows of one outcome.</exception>
    public static ModelDocument Train(PredictionTask task, IReadOnlyList<PortfolioRows.Life> lives, CancellationToken cancellation) =>
        ModelTrainer.Train(task, LabelledRows.Join(task, lives.Select(life => (life.Timeline, life.Snapshots))), Plan, BuiltInTrainer.Instance, cancellation: cancellation);
}
