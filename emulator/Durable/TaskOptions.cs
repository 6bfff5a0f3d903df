using System.Collections.Immutable;

namespace ServerlessCLM.Emulator;

/// <summary>How an activity or a sub-orchestration is run.</summary>
/// <param name="retry">What happens after a failure; null for no retry.</param>
/// <param name="tags">Labels; kept with a sub-orchestration.</param>
public record TaskOptions(TaskRetryOptions? retry = null, IDictionary<string, string>? tags = null)
{
    public TaskOptions(TaskRetryOptions? retry)
        : this(retry, tags: null)
    {
    }

    public TaskRetryOptions? Retry { get; init; } = retry;

    public IDictionary<string, string>? Tags { get; init; } = tags;

    public TaskVersion? Version { get; init; }

    public static TaskOptions FromRetryPolicy(RetryPolicy policy) => new(TaskRetryOptions.FromRetryPolicy(policy));

    public static TaskOptions FromRetryHandler(AsyncRetryHandler handler) => new(TaskRetryOptions.FromRetryHandler(handler));

    public static TaskOptions FromRetryHandler(RetryHandler handler) => new(TaskRetryOptions.FromRetryHandler(handler));

    /// <summary>The same options for a sub-orchestration of that id.</summary>
    public SubOrchestrationOptions WithInstanceId(string instanceId) => new(this, instanceId);
}

/// <summary>How a sub-orchestration is run.</summary>
public record SubOrchestrationOptions : TaskOptions
{
    public SubOrchestrationOptions(TaskRetryOptions? retry = null, string? instanceId = null)
        : base(retry) => InstanceId = instanceId;

    public SubOrchestrationOptions(TaskOptions options, string? instanceId = null)
        : base(options) => InstanceId = instanceId ?? (options as SubOrchestrationOptions)?.InstanceId;

    /// <summary>The id of the new instance; one derived from the parent's when null.</summary>
    public string? InstanceId { get; init; }
}

/// <summary>How a new instance is started.</summary>
/// <param name="InstanceId">Its id, see <see cref="InstanceIds"/> for what one may be; a generated one when null.</param>
/// <param name="StartAt">When it begins; at once when null or past.</param>
public record StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null)
{
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;

    public TaskVersion? Version { get; init; }
}

/// <summary>How the next run of an orchestration that continues as new begins.</summary>
public class ContinueAsNewOptions
{
    public object? NewInput { get; set; }

    /// <summary>Whether events that were raised and not awaited yet go on to the next run.</summary>
    public bool PreserveUnprocessedEvents { get; set; } = true;

    /// <summary>The version of the next run; the same one when null.</summary>
    public string? NewVersion { get; set; }
}
