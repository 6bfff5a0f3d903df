namespace ServerlessCLM.Emulator;

/// <summary>Something that the orchestrator's code waits for.</summary>
internal abstract class OpenCall
{
    /// <summary>Whether nobody waits any more, because the wait was cancelled.</summary>
    public abstract bool IsOver { get; }

    /// <exception cref="System.Text.Json.JsonException">Never: a payload that cannot be read fails the wait.</exception>
    public abstract void Complete(string? payload);

    public abstract void Fail(Exception failure);
}

/// <inheritdoc cref="OpenCall"/>
/// <remarks>Continuations run at once on the orchestrator's thread: asynchronous ones would go to other threads.</remarks>
internal sealed class OpenCall<T>(string what) : OpenCall
{
#pragma warning disable MA0124, VSTHRD114 // see the remarks
    readonly TaskCompletionSource<T> completion = new();
#pragma warning restore MA0124, VSTHRD114

    public Task<T> Task => completion.Task;

    public override bool IsOver => completion.Task.IsCompleted;

    public void CancelWith(CancellationToken cancellation)
    {
        if (cancellation.CanBeCanceled)
            cancellation.Register(() => completion.TrySetCanceled(cancellation));
    }

    public override void Complete(string? payload)
    {
        T? value;
        try
        {
            value = DurableJson.Deserialize<T>(payload);
        }
        catch (Exception wrong) when (wrong is System.Text.Json.JsonException or NotSupportedException)
        {
            Fail(new InvalidOperationException($"What {what} gave cannot be read as {typeof(T).Name}: {wrong.Message}", wrong));
            return;
        }

        completion.TrySetResult(value!);
    }

    public override void Fail(Exception failure) => completion.TrySetException(failure);
}
