namespace ServerlessCLM.Emulator;

/// <summary>What can happen to the run of a function. An activity does not fail for it: its orchestration would see that.</summary>
internal sealed class InvocationFaults(FaultInjector faults)
{
    static readonly FaultKind[] Kinds =
        [FaultKind.Fail, FaultKind.LoseAnswer, FaultKind.Delay, FaultKind.ClockJump, FaultKind.Duplicate, FaultKind.KillBefore, FaultKind.KillAfter];
    static readonly FaultKind[] ActivityKinds = [FaultKind.Duplicate, FaultKind.KillBefore, FaultKind.KillAfter];

    public Task<object?> RunAsync(FunctionDescriptor function, string place, Func<Task<object?>> run, CancellationToken cancellation)
    {
        var fault = faults.Draw(FaultPoint.Invocation, place, function.Trigger is ActivityTriggerAttribute ? ActivityKinds : Kinds);
        return fault is null
            ? run()
            : fault.AroundAsync(run, _ => new InvalidOperationException($"The connection to the worker was lost while '{function.Name}' ran."), Unthrottled, cancellation);
    }

    static InvalidOperationException Unthrottled(TimeSpan wait) => new($"No run is throttled, nor for {wait}.");
}
