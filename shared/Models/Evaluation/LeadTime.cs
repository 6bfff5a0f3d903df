namespace ServerlessCLM.Models;

/// <summary>A customer's score on a day.</summary>
/// <param name="Day">Any count of days, the same for scores and events.</param>
public readonly record struct ScoredDay(string Customer, int Day, double Score);

/// <summary>How long before its event a customer first alerts.</summary>
/// <param name="Threshold">Scores from here on alert; infinite where not even the highest scores are few enough.</param>
/// <param name="MedianDays">Median over the events that an alert preceded, from the first alert in the horizon to the event; NaN where none did.</param>
/// <param name="Alerts">Scores that alert.</param>
/// <param name="Precision">Share of the alerts with the event within the horizon; NaN without alerts.</param>
/// <param name="Recall">Share of the events with an alert in the horizon before them; NaN without events.</param>
/// <param name="Events">Events of customers with a score in the horizon before them.</param>
public readonly record struct LeadTime(double Threshold, double MedianDays, int Alerts, double Precision, double Recall, int Events)
{
    /// <summary>
    /// Measures lead time at a rate of alerts. Only scores before the customer's event count: afterwards there is nothing left to warn of.
    /// </summary>
    /// <param name="scores">Every customer's scores, in any order.</param>
    /// <param name="eventDays">The day of each customer's event; absent for those without one.</param>
    /// <param name="alertShare">Share of the scores that may alert, for example 0.05. The threshold is the lowest that keeps to it.</param>
    /// <param name="horizonDays">An alert earlier than this before the event is a false one.</param>
    public static LeadTime Measure(
        IEnumerable<ScoredDay> scores, IReadOnlyDictionary<string, int> eventDays, double alertShare, int horizonDays)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizonDays, 1);
        var before = scores.Where(score => !eventDays.TryGetValue(score.Customer, out var day) || score.Day < day).ToList();
        var threshold = ThresholdAt([.. before.Select(score => score.Score)], alertShare);
        int alerts = 0, hits = 0;
        var watched = new HashSet<string>(StringComparer.Ordinal);
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (customer, day, score) in before)
        {
            var inHorizon = eventDays.TryGetValue(customer, out var eventDay) && day >= eventDay - horizonDays;
            if (inHorizon)
                watched.Add(customer);

            if (score < threshold)
                continue;

            alerts++;
            if (!inHorizon)
                continue;

            hits++;
            first[customer] = Math.Min(day, first.GetValueOrDefault(customer, int.MaxValue));
        }

        var leads = first.Select(alert => (double)(eventDays[alert.Key] - alert.Value)).Order().ToArray();
        var median = leads.Length == 0 ? double.NaN : (leads[(leads.Length - 1) / 2] + leads[leads.Length / 2]) / 2;
        return new LeadTime(threshold, median, alerts, hits / (double)alerts, leads.Length / (double)watched.Count, watched.Count);
    }

    private static double ThresholdAt(double[] scores, double alertShare)
    {
        Array.Sort(scores);
        var place = scores.Length - (int)Math.Floor(alertShare * scores.Length);
        if (place >= scores.Length)
            return double.PositiveInfinity;

        // Scores equal to the next lower one would all alert: step over them.
        while (place > 0 && place < scores.Length && scores[place] == scores[place - 1])
            place++;
        return place < scores.Length ? scores[place] : double.PositiveInfinity;
    }
}
