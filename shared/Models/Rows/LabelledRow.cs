namespace ServerlessCLM.Models;

/// <summary>A customer's features as they stood when a prediction was or could have been made.</summary>
/// <param name="Customer">Whose.</param>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Vector">In the order of the feature catalogue.</param>
public sealed record Snapshot(string Customer, long At, float[] Vector);

/// <summary>A snapshot and what came of it.</summary>
/// <param name="Snapshot">As it stood.</param>
/// <param name="Label">1 or 0, or the amount.</param>
public sealed record LabelledRow(Snapshot Snapshot, float Label)
{
    /// <summary>For a hazard: days until the event, or until the customer was lost from sight without one.</summary>
    public int Days { get; init; }

    /// <summary>For a response: the local hour of the contact.</summary>
    public int? Hour { get; init; }

    /// <summary>For an uplift: whether the customer was treated.</summary>
    public bool Treated { get; init; }
}

/// <summary>What is known of a row's outcome: a label, or the rule that leaves it out.</summary>
/// <param name="Label">1 or 0, or an amount; NaN where the row is left out.</param>
/// <param name="LeftOut">The rule, in a few words.</param>
/// <param name="Days">For a hazard, as in <see cref="LabelledRow.Days"/>.</param>
public readonly record struct Outcome(float Label, string? LeftOut = null, int Days = 0)
{
    /// <summary>For a response, as in <see cref="LabelledRow.Hour"/>.</summary>
    public int? Hour { get; init; }

    /// <summary>For an uplift, as in <see cref="LabelledRow.Treated"/>.</summary>
    public bool Treated { get; init; }

    public static Outcome Without(string rule) => new(float.NaN, rule);

    public static Outcome Of(bool came) => new(came ? 1 : 0);
}

/// <summary>Rows of one task, and how many each rule left out.</summary>
public sealed record LabelledRows(IReadOnlyList<LabelledRow> Rows, IReadOnlyDictionary<string, int> LeftOut)
{
    public int Positives => Rows.Count(row => row.Label > 0);

    /// <summary>Joins snapshots with their outcomes: features as they stood, labels only from what was known by then.</summary>
    public static LabelledRows Join(PredictionTask task, IEnumerable<(Timeline Timeline, IReadOnlyList<Snapshot> Snapshots)> customers)
    {
        var rows = new List<LabelledRow>();
        var leftOut = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (timeline, snapshots) in customers)
        {
            foreach (var snapshot in snapshots)
            {
                var outcome = task.Judge(timeline, snapshot);
                if (outcome.LeftOut is { } rule)
                    leftOut[rule] = leftOut.GetValueOrDefault(rule) + 1;
                else
                    rows.Add(new LabelledRow(snapshot, outcome.Label) { Days = outcome.Days, Hour = outcome.Hour, Treated = outcome.Treated });
            }
        }

        return new LabelledRows(rows, leftOut);
    }
}
