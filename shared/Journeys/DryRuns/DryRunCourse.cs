namespace ServerlessCLM.Journeys;

/// <summary>One run of a journey within a dry run.</summary>
/// <param name="journey">Its version.</param>
/// <param name="run">What it was started with.</param>
/// <param name="parent">The run whose node started it.</param>
internal sealed class DryRunCourse(CompiledJourney journey, JourneyRun run, DryRunCourse? parent)
{
    public CompiledJourney Journey => journey;

    public JourneyDocument Document => journey.Document;

    public JourneyRun Run => run;

    public DryRunCourse? Parent => parent;

    public required JourneyState State { get; set; }

    /// <summary>Steps that were counted.</summary>
    public int Noted { get; set; }

    /// <summary>Until when it waits; null where only a happening or another run's end can wake it.</summary>
    public DateTimeOffset? Wakes { get; set; }

    /// <summary>The person's task, the plan or the journey that is waited for.</summary>
    public Following? Follows { get; set; }

    public int Depth => parent is null ? 0 : parent.Depth + 1;

    public JourneyNode Node => journey.Document.Nodes[State.Node];

    /// <summary>Something that a node waits for.</summary>
    /// <param name="Id">Of the node's visit.</param>
    /// <param name="At">When it is over; null for a journey, which tells so itself.</param>
    /// <param name="Way">The way on then.</param>
    public sealed record Following(string Id, DateTimeOffset? At, string Way)
    {
        /// <summary>The journey that was started.</summary>
        public string? Instance { get; init; }
    }
}
