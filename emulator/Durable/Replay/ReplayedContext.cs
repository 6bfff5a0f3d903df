using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>The context of one turn: makes numbered calls, and remembers which of them the history does not have yet.</summary>
internal sealed partial class ReplayedContext(
    OrchestrationStart start, OrchestratorLoop loop, ILoggerFactory loggers) : TaskOrchestrationContext
{
    // The real worker's namespace, so that ids come out as there.
    static readonly Guid GuidNamespace = new("9e952958-5e33-4daf-827f-2fa12937b875");

    readonly Dictionary<int, OpenCall> open = [];
    readonly SortedDictionary<int, Command> undecided = [];
    readonly List<string> deviations = [];
    DateTime now;
    bool replaying = true;
    int calls;
    int guids;

    public override TaskName Name => start.Name;

    public override string InstanceId => start.InstanceId;

    public override ParentOrchestrationInstance? Parent { get; } = start.Caller is { } caller ? new(caller.Name, caller.InstanceId) : null;

    public override DateTime CurrentUtcDateTime => now;

    public override bool IsReplaying => replaying;

    public override string Version => start.Version;

    public string? CustomStatus { get; private set; }

    /// <summary>Set once the code has asked to continue as new.</summary>
    public ContinueAsNewOptions? Continuation { get; private set; }

    public string? NextInput { get; private set; }

    /// <summary>Decisions that the history does not have.</summary>
    public IReadOnlyCollection<Command> Undecided => undecided.Values;

    public IReadOnlyList<string> Deviations => deviations;

    /// <summary>Whether the code waits for anything that can come.</summary>
    public bool IsWaiting => open.Values.Any(call => !call.IsOver) || waits.Values.Any(stack => stack.Exists(wait => !wait.IsOver));

    protected override ILoggerFactory LoggerFactory => loggers;

    public override T? GetInput<T>()
        where T : default =>
        DurableJson.Deserialize<T>(start.Input);

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        CheckOptions(input, options);
        var json = DurableJson.Serialize(input, $"input of activity '{name}'");
        return Attempt(options?.Retry, () => Call<TResult>(new(HistoryKind.ActivityScheduled, Name: name, Ticks: HistoryEvent.Digest(json)), json));
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        CheckOptions(input, options);
        var json = DurableJson.Serialize(input, $"input of sub-orchestration '{orchestratorName}'");
        var sub = options as SubOrchestrationOptions;
        var id = sub?.InstanceId ?? NewGuid().ToString("N");
        InstanceIds.Check(id);
        var tags = options?.Tags is { } labels ? new Dictionary<string, string>(labels) : null;
        return Attempt(options?.Retry, () => Call<TResult>(
            new(HistoryKind.SubOrchestrationScheduled, Name: orchestratorName, Target: id, Ticks: HistoryEvent.Digest(json)),
            json,
            options?.Version ?? "",
            tags));
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        var command = Decide(new(new(HistoryKind.TimerCreated, Ticks: fireAt.ToUniversalTime().Ticks)));
        var call = new OpenCall<object?>("a timer");
        call.CancelWith(cancellationToken);
        open.Add(command.Event.Id, call);
        return call.Task;
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        InstanceIds.Check(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        var json = DurableJson.Serialize(payload, $"payload of event '{eventName}'");
        Decide(new(new(HistoryKind.EventSent, Name: eventName, Target: instanceId, Ticks: HistoryEvent.Digest(json)), json));
    }

    public override void SetCustomStatus(object? customStatus)
    {
        CheckPlace();
        CustomStatus = DurableJson.Serialize(customStatus, "custom status");
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        CheckPlace();
        NextInput = DurableJson.Serialize(options.NewInput, "next input");
        Continuation = options;
    }

    public override Guid NewGuid()
    {
        CheckPlace();
        var name = string.Create(CultureInfo.InvariantCulture, $"{InstanceId}_{now:o}_{guids++}");
        Span<byte> source = stackalloc byte[16 + Encoding.UTF8.GetMaxByteCount(name.Length)];
        GuidNamespace.TryWriteBytes(source, bigEndian: true, out _);
        var length = 16 + Encoding.UTF8.GetBytes(name, source[16..]);
        Span<byte> hash = stackalloc byte[20];
        // UUID version 5 is SHA-1 by definition (RFC 9562, 5.5); nothing here is secret.
#pragma warning disable CA5350
        SHA1.HashData(source[..length], hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new(hash[..16], bigEndian: true);
    }

    Task<TResult> Call<TResult>(HistoryEvent wanted, string? input, string version = "", IReadOnlyDictionary<string, string>? tags = null)
    {
        var command = Decide(new(wanted, input, version, tags));
        var call = new OpenCall<TResult>(command.Event.Describe());
        open.Add(command.Event.Id, call);
        return call.Task;
    }

    Task<TResult> Attempt<TResult>(TaskRetryOptions? retry, Func<Task<TResult>> attempt) =>
        retry is null ? attempt() : AttemptOften(retry, attempt);

    async Task<TResult> AttemptOften<TResult>(TaskRetryOptions retry, Func<Task<TResult>> attempt)
    {
        var began = now;
        for (var attempts = 1; ; attempts++)
        {
            ExceptionDispatchInfo failed;
            TaskFailureDetails details;
            try
            {
                return await attempt();
            }
            catch (TaskFailedException failure) when (!failure.FailureDetails.IsNonRetriable)
            {
                (failed, details) = (ExceptionDispatchInfo.Capture(failure), failure.FailureDetails);
            }

            if (retry.Policy is { } policy)
            {
                if (policy.DelayAfter(attempts, now - began, details) is not { } delay)
                    failed.Throw();
                else
                    await CreateTimer(delay, CancellationToken.None);
            }
            else if (!await retry.Handler!(new(this, attempts, details, now - began, CancellationToken.None)))
            {
                failed.Throw();
            }
        }
    }

    Command Decide(Command command)
    {
        CheckPlace();
        var numbered = command with { Event = command.Event with { Id = calls++ } };
        undecided.Add(numbered.Event.Id, numbered);
        return numbered;
    }

    void CheckPlace()
    {
        if (loop.IsHere)
            return;
        loop.MarkIntruded();
        throw new InvalidOperationException(Foreign());
    }

    public string Foreign() =>
        $"Orchestrator '{Name}' of instance '{InstanceId}' waits for something that is not durable: it awaited a task that does not come from its context (I/O, Task.Delay, Task.Run), or used ConfigureAwait(false). Move that into an activity.";

    static void CheckOptions(object? input, TaskOptions? options)
    {
        if (input is TaskOptions && options is null)
            throw new ArgumentException("Task options were given as the input; name the parameter, options:, or give an input before it.", nameof(input));
    }
}
