namespace ServerlessCLM.Tests;

/// <summary>
/// What the current thread allocates. A collection, which any test of the process may cause, charges a thread for the unused rest of its buffer: a run
/// in which there was one and something was counted is made again.
/// </summary>
internal static class Allocations
{
    /// <summary>Bytes that an action allocates once it has run.</summary>
    public static long Of(Action action)
    {
        action();
        while (true)
        {
            var (collections, before) = (GC.CollectionCount(0), GC.GetAllocatedBytesForCurrentThread());
            action();
            if (GC.GetAllocatedBytesForCurrentThread() - before is var bytes && (bytes == 0 || GC.CollectionCount(0) == collections))
                return bytes;
        }
    }
}
