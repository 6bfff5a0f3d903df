using ServerlessCLM.Features;
using ServerlessCLM.Models;
using ServerlessCLM.Simulation;

namespace ServerlessCLM.Bench.Models;

/// <summary>
/// How long before the event the shipped models alert, on simulated customers that none of them has seen: scored monthly as the stream
/// would, alerts for one score in twenty.
/// </summary>
internal static class LeadTimeBench
{
    private const double AlertShare = 0.05;

    public static void Run(TextWriter output)
    {
        var options = ShippedTraining.Options with { Seed = 977, Customers = 2_000, IdPrefix = "unseen-" };
        var lives = PortfolioRows.Walk(new Portfolio(options), null, CancellationToken.None);
        output.WriteLine($"{options.Customers:N0} unseen customers, seed {options.Seed}, {options.Start:yyyy-MM-dd} to {options.End:yyyy-MM-dd}, {AlertShare:P0} of monthly scores alert");
        Measure(output, lives, PredictionTasks.Churn, "the account is closed or falls silent", Left, 365);
        Measure(output, lives, PredictionTasks.PreDelinquency, "the first missed payment", life => First(life, Timeline.PaymentMissed), 365);
        Measure(output, lives, PredictionTasks.PreDelinquency, "default, 90 days past due", life => First(life, Timeline.Default), 365);
    }

    private static void Measure(
        TextWriter output, IReadOnlyList<PortfolioRows.Life> lives, string id, string what, Func<PortfolioRows.Life, long?> eventOf, int horizon)
    {
        var model = ModelSet.Shipped.Find(id)!.Scorer!;
        var tenure = model.Document.Alert!.TenureDays;
        var row = new float[FeatureModel.RowWidth];
        var scores = new List<ScoredDay>();
        var events = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var life in lives)
        {
            if (eventOf(life) is { } at)
                events[life.Customer.Id] = (int)(at / 86_400_000);
            foreach (var snapshot in life.Snapshots.Where(each => each.Vector[(int)Feature.TenureDays] >= tenure))
            {
                snapshot.Vector.CopyTo(row, 0);
                scores.Add(new ScoredDay(life.Customer.Id, (int)(snapshot.At / 86_400_000), model.Score(row)));
            }
        }

        foreach (var within in new[] { 90, 180, horizon })
        {
            var lead = LeadTime.Measure(scores, events, AlertShare, within);
            output.WriteLine($"{id}, until {what}, alerts up to {within} days before count: median lead {lead.MedianDays:0} days, precision {lead.Precision:0.000}, recall {lead.Recall:0.000} of {lead.Events} events");
        }
    }

    private static long? First(PortfolioRows.Life life, string name) => life.Timeline.First(name, long.MinValue)?.At;

    private static long? Left(PortfolioRows.Life life)
    {
        var closed = First(life, Timeline.AccountClosed);
        var silent = First(life, Timeline.Dormant) is { } told ? Timeline.After(told, -Timeline.DormantDays) : (long?)null;
        return closed is null ? silent : silent is null ? closed : Math.Min(closed.Value, silent.Value);
    }
}
