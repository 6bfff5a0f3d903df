using System.Text.Json;

namespace ServerlessCLM.Emulator;

/// <summary>The status of every kept schedule, in <c>timers.json</c>, written whole at each change.</summary>
internal sealed class ScheduleFile
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    readonly Lock gate = new();
    readonly string path;
    readonly SortedDictionary<string, ScheduleStatus> byFunction;

    /// <exception cref="FunctionsStartupException">The file cannot be read.</exception>
    public ScheduleFile(DataFolder folder)
    {
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

    /// <summary>Takes the status in and returns when it is on the disk.</summary>
    public void Set(string function, ScheduleStatus status)
    {
        lock (gate)
        {
            byFunction[function] = status;
            AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(byFunction, Json));
        }
    }
}
