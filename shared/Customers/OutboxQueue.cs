using System.Threading.Channels;

namespace ServerlessCLM.Customers;

/// <summary>
/// Commits whose effects are sent after their caller has been answered, many with few sends. It holds nothing that the outbox rows and
/// intents do not hold: what is lost here, by a crash or a send that failed, the relay sends.
/// </summary>
public sealed class OutboxQueue(Outbox outbox)
{
    /// <summary>Commits that wait at the most; one more is sent before its caller is answered.</summary>
    public const int Capacity = 4096;

    /// <summary>Commits of one dispatch at the most.</summary>
    private const int MaxBatch = 256;

    private readonly Channel<Item> _waiting = Channel.CreateBounded<Item>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <summary>Takes a commit for sending. When the queue is full or closed it returns once the commit's effects are sent.</summary>
    public ValueTask SendAsync(OutboxEntry entry, CancellationToken cancellation) =>
        _waiting.Writer.TryWrite(new Item(entry, null)) ? ValueTask.CompletedTask : new ValueTask(outbox.DispatchAsync([entry], cancellation));

    /// <summary>Ends once everything taken before has been sent, or has failed to be.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _waiting.Writer.WriteAsync(new Item(null, reached), cancellation);
        await reached.Task.WaitAsync(cancellation);
    }

    /// <summary>Sends what is taken, in its order, until the queue is closed and empty.</summary>
    /// <param name="failed">Told of commits that could not be sent, and why; the relay tries them again.</param>
    public async Task RunAsync(Action<int, Exception> failed)
    {
        var entries = new List<OutboxEntry>();
        var flushed = new List<TaskCompletionSource>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            entries.Clear();
            flushed.Clear();
            while (entries.Count < MaxBatch && _waiting.Reader.TryRead(out var item))
            {
                if (item.Entry is { } entry)
                    entries.Add(entry);
                if (item.Flushed is { } reached)
                    flushed.Add(reached);
            }

            try
            {
                await outbox.DispatchAsync(entries, CancellationToken.None);
            }
            catch (Exception failure)
            {
                failed(entries.Count, failure);
            }

            flushed.ForEach(reached => reached.SetResult());
        }
    }

    /// <summary>Takes no more; <see cref="RunAsync"/> ends when the rest is sent.</summary>
    public void Close() => _waiting.Writer.TryComplete();

    private readonly record struct Item(OutboxEntry? Entry, TaskCompletionSource? Flushed);
}
