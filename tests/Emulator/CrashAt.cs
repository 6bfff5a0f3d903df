using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>Kills the store at one commit: before it, so that it is lost, or after it, so that nobody hears of it.</summary>
internal sealed class CrashAt(int before = -1, int after = -1) : ITaskStoreFaults
{
    public bool Syncs => false;

    public int Commits { get; private set; }

    public bool Crashed { get; private set; }

    /// <summary>Whether what the commit held is lost, rather than the news of it.</summary>
    public bool LosesCommit => before >= 0;

    public void BeforeCommit()
    {
        if (Commits == before)
            Crash();
        Commits++;
    }

    public void AfterCommit()
    {
        if (Commits - 1 == after)
            Crash();
    }

    void Crash()
    {
        Crashed = true;
        throw new SimulatedCrashException();
    }
}

internal sealed class SimulatedCrashException : Exception;
