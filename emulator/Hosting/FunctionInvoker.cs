using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>Runs functions: a scope each, the context, the arguments, the middleware around it.</summary>
internal sealed class FunctionInvoker
{
    readonly IServiceScopeFactory scopes;
    readonly TimeProvider time;
    readonly ILogger<FunctionInvoker> log;
    readonly InvocationFaults? faults;
    readonly InputBinding[] inputs;
    readonly FunctionExecutionDelegate pipeline;
    readonly ConcurrentDictionary<FunctionDescriptor, FunctionMethod> methods = new();

    public FunctionInvoker(
        IServiceScopeFactory scopes,
        IEnumerable<InputBinding> inputs,
        IEnumerable<FunctionMiddleware> middleware,
        TimeProvider time,
        ILogger<FunctionInvoker> log,
        InvocationFaults? faults = null)
    {
        this.faults = faults;
        this.scopes = scopes;
        this.time = time;
        this.log = log;
        this.inputs = [.. inputs];
        pipeline = middleware.Reverse().Aggregate((FunctionExecutionDelegate)CallAsync, (next, step) => step.Wrap(next));
    }

    /// <summary>Makes functions ready to run.</summary>
    /// <exception cref="FunctionsStartupException">A function has a parameter that nothing supplies.</exception>
    public void Prepare(IEnumerable<FunctionDescriptor> functions)
    {
        foreach (var function in functions)
            Ready(function);
    }

    /// <summary>Runs a function once.</summary>
    /// <param name="function">Which.</param>
    /// <param name="triggerValue">The value of its trigger parameter.</param>
    /// <param name="bindingData">What the trigger knows beside it, by name; binds parameters of the same name.</param>
    /// <param name="retryCount">0 on the first try.</param>
    /// <param name="cancellation">Handed to the function.</param>
    /// <param name="place">What tells this run's cause from those of other runs; null for the function alone.</param>
    /// <returns>What the function returned, awaited; null when nothing.</returns>
    public Task<object?> InvokeAsync(
        FunctionDescriptor function,
        object? triggerValue,
        IReadOnlyDictionary<string, object> bindingData,
        int retryCount,
        CancellationToken cancellation,
        string? place = null) =>
        faults is null
            ? RunAsync(function, triggerValue, bindingData, retryCount, cancellation)
            : faults.RunAsync(function, place ?? function.Name, () => RunAsync(function, triggerValue, bindingData, retryCount, cancellation), cancellation);

    async Task<object?> RunAsync(
        FunctionDescriptor function,
        object? triggerValue,
        IReadOnlyDictionary<string, object> bindingData,
        int retryCount,
        CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = new InvocationContext(function, NewInvocationId(), triggerValue, bindingData, retryCount, scope.ServiceProvider, cancellation);
        await RunAsync(context);
        return context.Result;
    }

    /// <summary>Runs a function, and again after each failure as its retry attribute says, waiting on the injected clock.</summary>
    /// <remarks>The last failure comes out; every earlier one is logged. A cancelled run is not tried again.</remarks>
    /// <param name="function">Which.</param>
    /// <param name="triggerValue">The value of its trigger parameter.</param>
    /// <param name="bindingData">What the trigger knows beside it.</param>
    /// <param name="cancellation">Handed to the function.</param>
    /// <param name="noMoreTries">Lets the run under way end, but ends the wait for a next one.</param>
    /// <exception cref="OperationCanceledException">A further try was due and is not wanted any more.</exception>
    public async Task<object?> InvokeWithRetriesAsync(
        FunctionDescriptor function,
        object? triggerValue,
        IReadOnlyDictionary<string, object> bindingData,
        CancellationToken cancellation,
        CancellationToken noMoreTries = default)
    {
        for (var retry = 0; ; retry++)
        {
            var (result, wait) = await TryAsync(function, triggerValue, bindingData, retry, cancellation);
            if (wait is not { } delay)
                return result;
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation, noMoreTries);
            await Task.Delay(delay, time, waiting.Token);
        }
    }

    /// <summary>Runs a function once, of the several times that its retry attribute allows.</summary>
    /// <returns>What the function returned; or, when it failed and is to be tried again, how long to wait before.</returns>
    /// <remarks>The last failure comes out; every earlier one is logged. A cancelled run is not tried again.</remarks>
    public async Task<(object? Result, TimeSpan? Wait)> TryAsync(
        FunctionDescriptor function,
        object? triggerValue,
        IReadOnlyDictionary<string, object> bindingData,
        int retryCount,
        CancellationToken cancellation,
        string? place = null)
    {
        try
        {
            return (await InvokeAsync(function, triggerValue, bindingData, retryCount, cancellation, place), null);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested && function.Retries.DelayBefore(retryCount + 1) is { } wait)
        {
            log.Retrying(failure, function.Name, retryCount + 1, wait);
            return (null, wait);
        }
    }

    /// <summary>Runs a function once in a context, and so in a scope, that the caller made; the context then holds the result.</summary>
    public Task RunAsync(InvocationContext context) => pipeline(context);

    /// <summary>An id for a context that the caller makes.</summary>
    public string NewInvocationId() => Guid.CreateVersion7(time.GetUtcNow()).ToString();

    async Task CallAsync(FunctionContext context)
    {
        var invocation = (InvocationContext)context;
        invocation.Result = await Ready(invocation.Function).RunAsync(invocation);
    }

    FunctionMethod Ready(FunctionDescriptor function) =>
        methods.GetOrAdd(function, static (descriptor, known) => new(descriptor, known), inputs);
}

/// <summary>A step around every run, in the order registered.</summary>
internal sealed record FunctionMiddleware(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> Wrap);
