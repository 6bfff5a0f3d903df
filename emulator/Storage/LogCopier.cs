using SQLitePCL;

namespace ServerlessCLM.Emulator;

/// <summary>
/// Copies a database's log back into its file once it is long, so that a page written often is copied seldom. A thread of its own copies beside the
/// writer, round after round; the writer copies what little is left, which lets the log start anew. Otherwise every commit of that time would wait.
/// </summary>
/// <param name="database">The writer's connection.</param>
/// <param name="syncs">Whether what is copied is on the disk before the log starts anew.</param>
/// <param name="longBytes">From when on it is long.</param>
sealed class LogCopier(SqliteDatabase database, bool syncs, long longBytes = LogCopier.LongBytes)
{
    internal const long LongBytes = 256 << 20;
    const int Rounds = 8, ShortFrames = 256;

    Thread? _copying;
    volatile bool _copied;
    long _bytes;

    /// <summary>After a commit, on the writer's thread.</summary>
    /// <param name="bytes">Length of what it has added to the log, about.</param>
    internal void Committed(long bytes)
    {
        _bytes += bytes;
        if (_copied)
            End();
        else if (_copying is null && _bytes >= longBytes)
            Begin();
    }

    /// <summary>Waits for the copying to end; after the last commit, on the writer's thread.</summary>
    internal void Stop() => _copying?.Join();

    void Begin()
    {
        _copying = new Thread(Copy) { IsBackground = true, Name = "Log copier" };
        _copying.Start();
    }

    void Copy()
    {
        try
        {
            using var beside = database.OpenBeside();
            beside.Execute($"PRAGMA journal_mode=WAL; PRAGMA synchronous={(syncs ? "FULL" : "OFF")};");
            var before = 0;
            for (var round = 0; round < Rounds; round++)
            {
                var (_, copied) = beside.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE);
                if (copied - before < ShortFrames)
                    break;
                before = copied;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // What is committed is safe in the log. The writer's own copy follows, and closing reports what still fails then.
        }

        _copied = true;
    }

    void End()
    {
        _copying!.Join();
        (_copying, _copied) = (null, false);
        try
        {
            database.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE);
            _bytes = 0;
        }
        catch (IOException)
        {
            // The log stays long, and the next commit begins again.
        }
    }
}
