namespace ServerlessCLM.Emulator;

/// <summary>What can happen to a hub: to its senders, to its files, to the batches it delivers.</summary>
internal sealed class HubFaults(FaultInjector faults)
{
    static readonly FaultKind[] SendKinds = [FaultKind.Fail, FaultKind.Throttle, FaultKind.LoseAnswer, FaultKind.Delay, FaultKind.Duplicate, FaultKind.KillBefore, FaultKind.KillAfter];
    static readonly FaultKind[] AppendKinds = [FaultKind.Fail, FaultKind.KillBefore, FaultKind.KillAfter, FaultKind.Tear, FaultKind.LoseUnsynced];
    static readonly FaultKind[] ReceiveKinds = [FaultKind.Delay, FaultKind.Duplicate, FaultKind.Reorder];
    static readonly FaultKind[] CheckpointKinds = [FaultKind.Fail, FaultKind.KillBefore, FaultKind.KillAfter, FaultKind.LoseUnsynced];

    public Task SendAsync(string hub, string partition, Func<Task> send)
    {
        async Task<bool> OnceAsync()
        {
            await send();
            return true;
        }

        return faults.OneByOneAsync(
            () => faults.Draw(FaultPoint.HubSend, $"{hub}/{partition}", SendKinds) is { } fault
                ? fault.AroundAsync(
                    OnceAsync,
                    _ => new EventHubsException(isTransient: true, hub, "The connection was lost.", EventHubsException.FailureReason.ServiceCommunicationProblem),
                    wait => new EventHubsException(isTransient: true, hub, $"The server is busy; try again in {wait.TotalSeconds:F0} s.", EventHubsException.FailureReason.ServiceBusy),
                    CancellationToken.None)
                : OnceAsync(),
            CancellationToken.None);
    }

    /// <summary>A frame is about to be written to a partition's file; the answer is what happens once it is there.</summary>
    public DrawnFault? Appending(string hub, string partition)
    {
        var fault = faults.Draw(FaultPoint.HubCommit, $"{hub}/{partition}", AppendKinds);
        return fault?.Kind switch
        {
            FaultKind.Fail => throw new IOException("No space left on device."),
            FaultKind.KillBefore => throw faults.Kill(fault),
            _ => fault,
        };
    }

    /// <summary>A frame has been written and not yet flushed.</summary>
    public void Appended(DrawnFault? fault, string path, long lengthBefore)
    {
        if (fault is null)
            return;
        if (fault.Kind == FaultKind.KillAfter)
            throw faults.Kill(fault);
        var after = CrashImage.Read(path);
        var before = after[..(int)lengthBefore];
        throw faults.Kill(fault, path, fault.Kind == FaultKind.Tear ? CrashImage.Torn(before, after, fault.Drawn) : before);
    }

    /// <summary>A batch is about to be delivered.</summary>
    public DrawnFault? Receiving(string place) => faults.Draw(FaultPoint.HubReceive, place, ReceiveKinds);

    /// <summary>When a delayed batch is delivered, counted from now.</summary>
    public TimeSpan DelayOf(DrawnFault fault) => faults.DelayOf(fault.Drawn);

    /// <summary>A checkpoint is about to replace some bytes of its file.</summary>
    public DrawnFault? Checkpointing(string path, long offset, byte[] before)
    {
        var place = string.Join('/', path.Split(Path.DirectorySeparatorChar)[^4..]);
        var fault = faults.Draw(FaultPoint.HubCheckpoint, place, CheckpointKinds);
        switch (fault?.Kind)
        {
            case FaultKind.Fail:
                throw new IOException("No space left on device.");
            case FaultKind.KillBefore:
                throw faults.Kill(fault);
        }

        faults.NoteUnsynced(path, offset, before);
        return fault;
    }

    /// <summary>The checkpoint has been written.</summary>
    public void Checkpointed(DrawnFault? fault)
    {
        if (fault is not null)
            throw faults.Kill(fault);
    }
}
