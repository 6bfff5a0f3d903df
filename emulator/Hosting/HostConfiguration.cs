namespace ServerlessCLM.Emulator;

/// <summary>The settings of <c>host.json</c> that the emulator honours, with the real host's defaults.</summary>
public sealed record HostConfiguration
{
    public HttpSettings Http { get; init; } = new();

    public EventHubsSettings EventHubs { get; init; } = new();

    public DurableTaskSettings DurableTask { get; init; } = new();

    /// <summary>Minimum log level by category, from <c>logging.logLevel</c>.</summary>
    public IReadOnlyDictionary<string, string> LogLevels { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}

/// <summary><c>extensions.http</c>.</summary>
public sealed record HttpSettings
{
    /// <summary>Put before every route; may be empty.</summary>
    public string RoutePrefix { get; init; } = "api";

    /// <summary>The largest request body, in bytes; a larger one is 413. The real host takes it from FUNCTIONS_REQUEST_BODY_SIZE_LIMIT.</summary>
    public long MaxRequestBodySize { get; init; } = 100L * 1024 * 1024;

    /// <summary>How many requests functions answer at once; further ones wait. Null for any number.</summary>
    public int? MaxConcurrentRequests { get; init; }

    /// <summary>How many requests are answered or wait; further ones are 429. Null for any number.</summary>
    public int? MaxOutstandingRequests { get; init; }
}

/// <summary><c>extensions.eventHubs</c>.</summary>
public sealed record EventHubsSettings
{
    /// <summary>The most events in one batch.</summary>
    public int MaxEventBatchSize { get; init; } = 100;

    /// <summary>The fewest events that a batch waits for, up to <see cref="MaxWaitTime"/>.</summary>
    public int MinEventBatchSize { get; init; } = 1;

    /// <summary>How long a batch waits for <see cref="MinEventBatchSize"/> events.</summary>
    public TimeSpan MaxWaitTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>After how many batches a checkpoint is written.</summary>
    public int BatchCheckpointFrequency { get; init; } = 1;

    /// <summary>Where a consumer group without a checkpoint begins.</summary>
    public InitialOffset InitialOffset { get; init; } = InitialOffset.FromStart;
}

/// <summary><c>initialOffsetOptions.type</c>.</summary>
public enum InitialOffset { FromStart, FromEnd }

/// <summary><c>extensions.durableTask</c>.</summary>
public sealed record DurableTaskSettings
{
    /// <summary>The task hub's name.</summary>
    public string HubName { get; init; } = "TestHubName";

    /// <summary>How many activities run at once.</summary>
    public int MaxConcurrentActivityFunctions { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>How many orchestrators run at once.</summary>
    public int MaxConcurrentOrchestratorFunctions { get; init; } = 10 * Environment.ProcessorCount;
}
