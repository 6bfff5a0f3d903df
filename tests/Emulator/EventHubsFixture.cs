using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>A folder for hubs that goes away with the test, and a clock that stands still.</summary>
sealed class HubFolder : IDisposable
{
    public static readonly DateTimeOffset Start = new(2024, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public string Path { get; } = Directory.CreateTempSubdirectory("clm-hubs-").FullName;

    public StillClock Clock { get; } = new() { Now = Start };

    public EventHubsNamespace Open(EventHubsOptions? options = null) => new(Path, Clock, options);

    public string PartitionFolder(string hub, int partition) =>
        System.IO.Path.Combine(Path, hub, "partitions", partition.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

static class EventHubsReading
{
    public static List<EventData> ReadAll(this PartitionLog partition, long from = 0)
    {
        var events = new List<EventData>();
        partition.ReadFrom(from).Read(events, int.MaxValue);
        return events;
    }

    public static List<EventData> ReadAll(this EventHubsNamespace hubs, string hub) =>
        [.. hubs.GetHub(hub).Partitions.SelectMany(partition => partition.ReadAll())];
}
