using System.Text.Json;

namespace ServerlessCLM.Emulator;

/// <summary>An instance as it is stored.</summary>
/// <param name="Key">Never used again, so that what belongs to an instance never meets its successor of the same id.</param>
/// <param name="Execution">Counts the times it continued as new, from 1.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Created">UTC ticks.</param>
/// <param name="Updated">UTC ticks.</param>
/// <param name="Ended">UTC ticks; 0 before.</param>
/// <param name="Start">What it was started with.</param>
/// <param name="Result">What it has come to.</param>
internal sealed record StoredInstance(
    long Key,
    long Execution,
    OrchestrationRuntimeStatus Status,
    long Created,
    long Updated,
    long Ended,
    OrchestrationStart Start,
    InstanceResult Result)
{
    /// <summary>Which instance this is, for errors.</summary>
    public static string Describe(string id) => $"Instance '{id}' in the task hub";

    public OrchestrationMetadata ToMetadata(bool payloads) => new(Start.Name, Start.InstanceId)
    {
        RuntimeStatus = Status,
        CreatedAt = new(Created, TimeSpan.Zero),
        LastUpdatedAt = new(Updated, TimeSpan.Zero),
        Tags = Start.Tags,
        HasPayloads = payloads,
        SerializedInput = payloads ? Start.Input : null,
        SerializedOutput = payloads ? Result.Output : null,
        SerializedCustomStatus = payloads ? Result.CustomStatus : null,
        FailureDetails = payloads ? Result.ReadFailure() : null,
    };

    public static FieldWriter Write(OrchestrationStart start)
    {
        var writer = new FieldWriter();
        writer.Text(start.Name);
        writer.Text(start.Input);
        writer.Text(start.Version);
        writer.Small(start.Tags.Count);
        foreach (var (label, value) in start.Tags)
        {
            writer.Text(label);
            writer.Text(value);
        }

        writer.Text(start.Caller?.Name);
        if (start.Caller is { } caller)
        {
            writer.Text(caller.InstanceId);
            writer.Number(caller.Key);
            writer.Number(caller.Execution);
            writer.Small(caller.CallId);
        }

        return writer;
    }

    public static OrchestrationStart ReadStart(string id, ReadOnlySpan<byte> stored)
    {
        var reader = new FieldReader(stored, Describe(id));
        var (name, input, version) = (reader.Text(), reader.Text(), reader.Text());
        var tags = new Dictionary<string, string>();
        for (var left = reader.Small(); left > 0; left--)
            tags.Add(reader.Text()!, reader.Text()!);
        var caller = reader.Text() is { } callerName
            ? new OrchestrationCaller(callerName, reader.Text()!, reader.Number(), reader.Number(), reader.Small())
            : null;
        return new(id, name!, input, version!, tags, caller);
    }
}

/// <summary>What an instance has come to, each as JSON.</summary>
internal sealed record InstanceResult(string? CustomStatus, string? Output = null, string? Failure = null)
{
    public TaskFailureDetails? ReadFailure() => Failure is null ? null : JsonSerializer.Deserialize<TaskFailureDetails>(Failure);

    public FieldWriter Write()
    {
        var writer = new FieldWriter();
        writer.Text(CustomStatus);
        writer.Text(Output);
        writer.Text(Failure);
        return writer;
    }

    public static InstanceResult Read(string id, ReadOnlySpan<byte> stored)
    {
        var reader = new FieldReader(stored, StoredInstance.Describe(id));
        return new(reader.Text(), reader.Text(), reader.Text());
    }
}

/// <summary>A message to an instance, and which of its executions it is for; 0 for any.</summary>
internal sealed record StoredMessage(HistoryEvent Event, long Execution)
{
    public FieldWriter Write()
    {
        var writer = new FieldWriter();
        writer.Number(Execution);
        HistoryCodec.Write(writer, Event with { Due = 0, Sequence = 0 });
        return writer;
    }

    public static StoredMessage Read(string id, ReadOnlySpan<byte> stored, long due, long sequence)
    {
        var reader = new FieldReader(stored, $"A message to instance '{id}' in the task hub");
        var execution = reader.Number();
        return new(HistoryCodec.Read(ref reader) with { Due = due, Sequence = sequence }, execution);
    }
}

/// <summary>An activity that is to run.</summary>
internal sealed record StoredActivity(long Sequence, long Key, long Execution, string InstanceId, int CallId, string Name, string? Input)
{
    public FieldWriter Write()
    {
        var writer = new FieldWriter();
        writer.Number(Key);
        writer.Number(Execution);
        writer.Text(InstanceId);
        writer.Small(CallId);
        writer.Text(Name);
        writer.Text(Input);
        return writer;
    }

    public static StoredActivity Read(long sequence, ReadOnlySpan<byte> stored)
    {
        var reader = new FieldReader(stored, $"Activity {sequence} in the task hub");
        return new(sequence, reader.Number(), reader.Number(), reader.Text()!, reader.Small(), reader.Text()!, reader.Text());
    }
}
