using ServerlessCLM.Emulator;
using ServerlessCLM.Tests.Emulator.Hosting;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>A folder for hubs that goes away with the test, and the clock they go by.</summary>
sealed class HubFolder : IDisposable
{
    public static readonly DateTimeOffset Start = new(2024, 3, 1, 12, 0, 0, TimeSpan.Zero);

    readonly TestFolder _folder = new();

    public string Path => _folder.Path;

    public VirtualClock Clock { get; } = new(Start);

    public EventHubsNamespace Open(EventHubsOptions? options = null) => new(Path, Clock, options);

    public string PartitionFolder(string hub, int partition) =>
        System.IO.Path.Combine(Path, hub, "partitions", partition.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public void Dispose() => _folder.Dispose();
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
