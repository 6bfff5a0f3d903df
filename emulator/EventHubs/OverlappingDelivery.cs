using System.Buffers.Binary;
using System.Globalization;

namespace ServerlessCLM.Emulator;

/// <summary>A batch on its way to a function.</summary>
/// <param name="Function">The function.</param>
/// <param name="Value">What its trigger parameter gets: the events, or one of them.</param>
/// <param name="BindingData">What it is told about the partition.</param>
/// <param name="Partition">The partition's id.</param>
/// <param name="First">The sequence number of the batch's first event.</param>
internal sealed record BatchDelivery(FunctionDescriptor Function, object Value, IReadOnlyDictionary<string, object> BindingData, string Partition, long First);

/// <summary>
/// Delivers as partitions do whose ownership moves between instances: of every three batches about one goes to another instance at the same time, and
/// about one to an instance that is paused and comes back with it beside a later batch of its partition. The first instance gets every batch in
/// any case. Which batches depends on the seed and their places alone. Pumps use it when it is registered as a singleton; it is for tests.
/// </summary>
/// <param name="seed">Chooses the batches and the lengths of the pauses.</param>
/// <param name="otherInstance">Runs the function elsewhere.</param>
internal sealed class OverlappingDelivery(int seed, Func<BatchDelivery, Task> otherInstance)
{
    const int LongestPause = 4;

    readonly Lock gate = new();
    readonly List<Task> begun = [];
    readonly List<Paused> paused = [];

    /// <summary>Batches that went to two instances at the same time.</summary>
    public int AtOnce { get; private set; }

    /// <summary>Batches that came to the other instance late.</summary>
    public int Late { get; private set; }

    /// <summary>A pump is about to run the function with a batch.</summary>
    public void Delivering(BatchDelivery delivery)
    {
        Span<byte> place = stackalloc byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(place, seed);
        BinaryPrimitives.WriteInt64LittleEndian(place[4..], delivery.First);
        BinaryPrimitives.WriteInt32LittleEndian(place[12..], int.Parse(delivery.Partition, CultureInfo.InvariantCulture));
        var drawn = Crc32C.Append(uint.MaxValue, place) * 0x85EBCA6B >> 8;
        lock (gate)
        {
            foreach (var waiting in paused.Where(waiting => waiting.Delivery.Partition == delivery.Partition && --waiting.Batches == 0).ToList())
            {
                paused.Remove(waiting);
                Begin(waiting.Delivery);
            }

            if (drawn % 3 == 1)
            {
                AtOnce++;
                Begin(delivery);
            }
            else if (drawn % 3 == 2)
            {
                Late++;
                paused.Add(new(delivery) { Batches = 1 + (int)(drawn / 3 % LongestPause) });
            }
        }
    }

    /// <summary>Lets the paused come back, and waits for all; what failed in the other instance comes out.</summary>
    public Task SettleAsync()
    {
        lock (gate)
        {
            paused.ForEach(waiting => Begin(waiting.Delivery));
            paused.Clear();
            return Task.WhenAll(begun);
        }
    }

    void Begin(BatchDelivery delivery) => begun.Add(Task.Run(() => otherInstance(delivery)));

    sealed class Paused(BatchDelivery delivery)
    {
        public BatchDelivery Delivery { get; } = delivery;

        /// <summary>How many further batches of the partition it sleeps through.</summary>
        public int Batches { get; set; }
    }
}
