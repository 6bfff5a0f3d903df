namespace ServerlessCLM.Emulator;

/// <summary>Kills the process around the commits of a SQLite file, with what the disk then has of its log.</summary>
/// <param name="faults">The injector.</param>
/// <param name="point">Whose file it is.</param>
/// <param name="database">The file.</param>
internal sealed class CommitFaults(FaultInjector faults, FaultPoint point, string database) : ITaskStoreFaults
{
    static readonly FaultKind[] Kinds = [FaultKind.KillBefore, FaultKind.KillAfter, FaultKind.Tear, FaultKind.LoseUnsynced];

    readonly string log = database + "-wal";
    readonly string place = Path.GetFileName(database);
    DrawnFault? drawn;
    byte[] before = [];

    /// <summary>A kill that is only simulated leaves to the system what it has been given.</summary>
    public bool Syncs => false;

    public void BeforeCommit()
    {
        drawn = faults.Draw(point, place, Kinds);
        if (drawn?.Kind == FaultKind.KillBefore)
            throw faults.Kill(drawn);
        if (drawn?.Kind is FaultKind.Tear or FaultKind.LoseUnsynced)
            before = CrashImage.Read(log);
    }

    public void AfterCommit()
    {
        switch (drawn?.Kind)
        {
            case FaultKind.KillAfter:
                throw faults.Kill(drawn);
            case FaultKind.LoseUnsynced:
                throw faults.Kill(drawn, log, before);
            case FaultKind.Tear:
                throw faults.Kill(drawn, log, CrashImage.Torn(before, CrashImage.Read(log), drawn.Drawn));
        }
    }
}
