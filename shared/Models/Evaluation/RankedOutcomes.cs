namespace ServerlessCLM.Models;

/// <summary>
/// Outcomes in descending order of their scores. Rows of equal score form one step, so that no figure depends on the order in which
/// the rows came.
/// </summary>
public sealed class RankedOutcomes
{
    private readonly double[] _scores;

    /// <summary>Ranks outcomes.</summary>
    /// <param name="scores">One a row; a higher score says that the event is likelier.</param>
    /// <param name="events">Whether the row's event came.</param>
    /// <exception cref="ArgumentException">The lengths differ, a score is NaN, or all outcomes are alike.</exception>
    public RankedOutcomes(ReadOnlySpan<double> scores, ReadOnlySpan<bool> events)
    {
        if (scores.Length != events.Length)
            throw new ArgumentException($"must be one for each of the {scores.Length} scores, there are {events.Length}", nameof(events));

        _scores = new double[scores.Length];
        var order = new int[scores.Length];
        for (var i = 0; i < order.Length; i++)
        {
            if (double.IsNaN(scores[i]))
                throw new ArgumentException($"must be numbers, the score of row {i} is not", nameof(scores));

            _scores[i] = -scores[i];
            order[i] = i;
            Events += events[i] ? 1 : 0;
        }

        if (Events == 0 || Events == scores.Length)
            throw new ArgumentException($"must hold both outcomes, all {events.Length} are {(Events == 0 ? "without" : "with")} the event", nameof(events));

        Array.Sort(_scores, order);
        Steps = BuildSteps(events, order);
    }

    /// <summary>Rows in all.</summary>
    public int Count => _scores.Length;

    /// <summary>Rows whose event came.</summary>
    public int Events { get; }

    /// <summary>Rows whose event did not come.</summary>
    public int NonEvents => Count - Events;

    /// <summary>Distinct scores, highest first, with the counts down to and with each.</summary>
    public IReadOnlyList<RankStep> Steps { get; }

    /// <summary>
    /// Events expected among the first <paramref name="rows"/> rows, where rows of equal score stand in random order: within a step it
    /// grows by the step's rate.
    /// </summary>
    public double EventsAmongFirst(double rows)
    {
        var low = 0;
        var high = Steps.Count - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Steps[middle].Rows < rows)
                low = middle + 1;
            else
                high = middle;
        }

        var step = Steps[low];
        var before = low == 0 ? default : Steps[low - 1];
        return before.Events + ((step.Events - before.Events) * (rows - before.Rows) / (step.Rows - before.Rows));
    }

    private List<RankStep> BuildSteps(ReadOnlySpan<bool> events, int[] order)
    {
        var steps = new List<RankStep>();
        var found = 0;
        for (var i = 0; i < order.Length; i++)
        {
            found += events[order[i]] ? 1 : 0;
            if (i + 1 == order.Length || _scores[i + 1] != _scores[i])
                steps.Add(new RankStep(-_scores[i], i + 1, found));
        }

        return steps;
    }
}

/// <summary>The rows whose score is at least <see cref="Score"/>.</summary>
/// <param name="Rows">How many they are.</param>
/// <param name="Events">How many of them have the event.</param>
public readonly record struct RankStep(double Score, int Rows, int Events);
