using System.Text.Json;

namespace ServerlessCLM.Emulator;

/// <summary>
/// The status of every kept schedule, in <c>timers.json</c>, written whole at each change; under virtual time, in which a year has half a
/// million changes, when the clock comes to stand.
/// </summary>
internal sealed class ScheduleFile
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    readonly Lock gate = new();
    readonly string path;
    readonly SortedDictionary<string, ScheduleStatus> byFunction;
    readonly bool atOnce, syncs;
    bool changed;

    /// <exception cref="FunctionsStartupException">The file cannot be read.</exception>
    public ScheduleFile(DataFolder folder, EmulatorOptions options, VirtualTimeSettings? virtualTime = null)
    {
        (atOnce, syncs) = (virtualTime is null, !options.Unsynced);
        path = folder.PathOf("timers.json");
        byFunction = new(folder.ReadJson<Dictionary<string, ScheduleStatus>>(path, Json) ?? [], StringComparer.OrdinalIgnoreCase);
    }

    public ScheduleStatus? this[string function]
    {
        get
        {
            lock (gate)
                return byFunction.GetValueOrDefault(function);
        }
    }

    /// <summary>Takes the status in and returns when it is on the disk, or under virtual time at once.</summary>
    public void Set(string function, ScheduleStatus status)
    {
        lock (gate)
        {
            byFunction[function] = status;
            changed = true;
            if (atOnce)
                Write();
        }
    }

    /// <summary>Writes what has changed since the last time.</summary>
    public void Write()
    {
        lock (gate)
        {
            if (!changed)
                return;
            AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(byFunction, Json), syncs: syncs);
            changed = false;
        }
    }
}
