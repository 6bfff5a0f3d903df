namespace ServerlessCLM.Models;

/// <summary>How well scores order the outcomes, whatever their scale.</summary>
public static class Discrimination
{
    /// <summary>Probability that a row with the event scores higher than one without, ties counted half (Mann and Whitney).</summary>
    public static double Auc(RankedOutcomes ranked)
    {
        // Pairs of an event and a non-event that are in order; twice, so that half pairs stay whole numbers.
        long twice = 0;
        var before = default(RankStep);
        foreach (var step in ranked.Steps)
        {
            long events = step.Events - before.Events;
            long nonEventsBelow = ranked.Count - step.Rows - (ranked.Events - step.Events);
            long nonEventsHere = step.Rows - before.Rows - events;
            twice += events * ((2 * nonEventsBelow) + nonEventsHere);
            before = step;
        }

        return twice / (2.0 * ranked.Events * ranked.NonEvents);
    }

    /// <summary>2 AUC − 1, also called accuracy ratio or Somers' D.</summary>
    public static double Gini(RankedOutcomes ranked) => (2 * Auc(ranked)) - 1;

    /// <summary>Average precision: the area below the curve of precision over recall as steps, without interpolation.</summary>
    public static double AveragePrecision(RankedOutcomes ranked)
    {
        double sum = 0;
        var before = 0;
        foreach (var step in ranked.Steps)
        {
            sum += (step.Events - before) * (step.Events / (double)step.Rows);
            before = step.Events;
        }

        return sum / ranked.Events;
    }

    /// <summary>Kolmogorov–Smirnov statistic: the largest distance between the score distributions of events and non-events.</summary>
    public static double KolmogorovSmirnov(RankedOutcomes ranked) =>
        ranked.Steps.Max(step => Math.Abs((step.Events / (double)ranked.Events) - ((step.Rows - step.Events) / (double)ranked.NonEvents)));

    /// <summary>
    /// The ROC curve from (0, 0) to (1, 1), thinned to about <paramref name="most"/> points at equal distances along the ranking.
    /// </summary>
    public static IReadOnlyList<RocPoint> Roc(RankedOutcomes ranked, int most = 200)
    {
        var points = new List<RocPoint> { new(double.PositiveInfinity, 0, 0) };
        var next = 0.0;
        foreach (var step in ranked.Steps)
        {
            if (step.Rows < next && step.Rows < ranked.Count)
                continue;

            points.Add(new RocPoint(step.Score, (step.Rows - step.Events) / (double)ranked.NonEvents, step.Events / (double)ranked.Events));
            next = step.Rows + (ranked.Count / (double)most);
        }

        return points;
    }

    /// <summary>Tenths of the rows, highest scores first.</summary>
    public static IReadOnlyList<LiftDecile> Lift(RankedOutcomes ranked)
    {
        var deciles = new LiftDecile[10];
        var rate = ranked.Events / (double)ranked.Count;
        var before = 0.0;
        for (var decile = 1; decile <= 10; decile++)
        {
            var rows = ranked.Count * decile / 10.0;
            var events = decile == 10 ? ranked.Events : ranked.EventsAmongFirst(rows);
            var inside = (events - before) / (ranked.Count / 10.0);
            deciles[decile - 1] = new LiftDecile(decile, inside, inside / rate, events / rows / rate, events / ranked.Events);
            before = events;
        }

        return deciles;
    }
}

/// <summary>A threshold on the score and the shares of non-events and of events at or above it.</summary>
public readonly record struct RocPoint(double Threshold, double FalsePositiveRate, double TruePositiveRate);

/// <summary>A tenth of the rows by score.</summary>
/// <param name="Decile">1 for the highest scores.</param>
/// <param name="Rate">Share of its rows with the event.</param>
/// <param name="Lift">That rate over the rate of all rows.</param>
/// <param name="CumulativeLift">The same for this and the higher deciles together.</param>
/// <param name="Captured">Share of all events in this and the higher deciles.</param>
public readonly record struct LiftDecile(int Decile, double Rate, double Lift, double CumulativeLift, double Captured);
