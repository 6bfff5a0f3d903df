namespace ServerlessCLM.Emulator;

/// <summary>One run of one function.</summary>
public abstract class FunctionContext
{
    /// <summary>Unique to this run; in the log and in every error answer.</summary>
    public abstract string InvocationId { get; }

    public abstract string FunctionId { get; }

    public abstract TraceContext TraceContext { get; }

    public abstract BindingContext BindingContext { get; }

    public abstract RetryContext RetryContext { get; }

    /// <summary>The services of this run's scope.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    public abstract FunctionDefinition FunctionDefinition { get; }

    /// <summary>What middleware and function share during this run.</summary>
    public abstract IDictionary<object, object> Items { get; set; }

    /// <summary>Cancelled when the host stops or the caller leaves.</summary>
    public virtual CancellationToken CancellationToken { get; }
}

/// <summary>What the trigger knows beside its value.</summary>
public abstract class BindingContext
{
    /// <summary>By name: route values, <c>PartitionContext</c> (JSON) and the like.</summary>
    public abstract IReadOnlyDictionary<string, object> BindingData { get; }
}

/// <summary>Where this run stands among its retries.</summary>
public abstract class RetryContext
{
    /// <summary>0 on the first try.</summary>
    public abstract int RetryCount { get; }

    /// <summary>-1 when there is no end; 0 without a retry attribute.</summary>
    public abstract int MaxRetryCount { get; }
}

/// <summary>The W3C trace that this run belongs to.</summary>
public abstract class TraceContext
{
    public abstract string TraceParent { get; }

    public abstract string TraceState { get; }
}
