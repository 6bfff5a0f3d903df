namespace ServerlessCLM.Emulator;

/// <summary>
/// One thread that takes everything that waits and hands it over together, so that many pieces of work share one commit. A
/// failure ends it: from then on nothing is taken, because nothing could be kept.
/// </summary>
internal sealed class CommitThread<TWork> : IAsyncDisposable
{
    readonly Action<List<TWork>> commit;
    readonly Action<TWork, Exception> fail;
    readonly Lock gate = new();
    readonly SemaphoreSlim arrived = new(0);
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    List<TWork> waiting = [];
    bool signalled;
    bool closing;
    Exception? failure;

    /// <param name="name">Of the thread.</param>
    /// <param name="commit">Makes a batch durable, or throws.</param>
    /// <param name="fail">Tells one piece of work that it is not done.</param>
    public CommitThread(string name, Action<List<TWork>> commit, Action<TWork, Exception> fail)
    {
        this.commit = commit;
        this.fail = fail;
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    /// <exception cref="IOException">It has failed.</exception>
    public void Enqueue(TWork work)
    {
        lock (gate)
        {
            if (failure is not null)
                throw new IOException($"The task hub has stopped: {failure.Message}", failure);
            ObjectDisposedException.ThrowIf(closing, this);
            waiting.Add(work);
            if (signalled)
                return;
            signalled = true;
        }

        arrived.Release();
    }

    /// <summary>Ends when all that waits is done.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            if (!closing)
                arrived.Release();
            closing = true;
        }

        await ended.Task;
        arrived.Dispose();
    }

    void Run()
    {
        var batch = new List<TWork>();
        try
        {
            while (true)
            {
                arrived.Wait();
                lock (gate)
                {
                    (batch, waiting) = (waiting, batch);
                    signalled = false;
                    if (batch.Count == 0 && closing)
                        break;
                }

                if (batch.Count > 0)
                    commit(batch);
                batch.Clear();
            }
        }
        catch (Exception error)
        {
            lock (gate)
            {
                failure = error;
                batch.AddRange(waiting);
            }

            foreach (var work in batch)
                fail(work, error);
        }

        ended.SetResult();
    }
}
