namespace ServerlessCLM.Emulator;

/// <summary>Which instances to list, ordered by id.</summary>
/// <param name="CreatedFrom">Created at or after.</param>
/// <param name="CreatedTo">Created at or before.</param>
/// <param name="Statuses">Only these; all when null or empty.</param>
/// <param name="TaskHubNames">Not used here: there is one hub.</param>
/// <param name="InstanceIdPrefix">Only ids that begin so.</param>
/// <param name="PageSize">The most instances in one page.</param>
/// <param name="FetchInputsAndOutputs">Whether payloads are read.</param>
/// <param name="ContinuationToken">Where an earlier page ended.</param>
public record OrchestrationQuery(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null,
    IEnumerable<string>? TaskHubNames = null,
    string? InstanceIdPrefix = null,
    int PageSize = OrchestrationQuery.DefaultPageSize,
    bool FetchInputsAndOutputs = false,
    string? ContinuationToken = null)
{
    public const int DefaultPageSize = 100;
}

/// <summary>Which ended instances to purge.</summary>
/// <param name="CreatedFrom">Created at or after.</param>
/// <param name="CreatedTo">Created at or before.</param>
/// <param name="Statuses">Only these; all when null or empty. Instances that have not ended are never purged.</param>
public record PurgeInstancesFilter(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null)
{
    /// <summary>After this long the purge stops at a page's end and says that it is not complete.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>How purging goes about sub-orchestrations.</summary>
/// <param name="Recursive">Whether they are purged with their parent.</param>
public record PurgeInstanceOptions(bool Recursive = false);

/// <summary>What was purged.</summary>
public class PurgeResult
{
    public PurgeResult(int count)
        : this(count, isComplete: null)
    {
    }

    public PurgeResult(int count, bool? isComplete)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        PurgedInstanceCount = count;
        IsComplete = isComplete;
    }

    public int PurgedInstanceCount { get; }

    /// <summary>False when time ran out first.</summary>
    public bool? IsComplete { get; }
}

/// <summary>How an instance is terminated.</summary>
/// <param name="Output">Becomes its output.</param>
/// <param name="Recursive">Whether its sub-orchestrations are terminated too.</param>
public record TerminateInstanceOptions(object? Output = null, bool Recursive = false);
