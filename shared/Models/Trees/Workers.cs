namespace ServerlessCLM.Models;

internal static class Workers
{
    /// <summary>Runs independent pieces of work, on the calling thread alone where one thread is asked for.</summary>
    public static void For(int count, int threads, Action<int> work)
    {
        if (threads == 1 || count <= 1)
        {
            for (var i = 0; i < count; i++)
                work(i);
            return;
        }

        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, work);
    }
}
