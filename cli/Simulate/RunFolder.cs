namespace ServerlessCLM.Cli.Simulate;

/// <summary>
/// A folder for the data of a run, gone with it. In memory where the system has such a place: a kill is a copy of the folder, so nothing depends
/// on a disk, and waiting for one would be most of a run.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private const string InMemory = "/dev/shm";

    private readonly DirectoryInfo _folder = Directory.Exists(InMemory)
        ? Directory.CreateDirectory(System.IO.Path.Combine(InMemory, $"clm-simulate-{System.IO.Path.GetRandomFileName()}"))
        : Directory.CreateTempSubdirectory("clm-simulate-");

    public string Path => _folder.FullName;

    /// <summary>An empty folder in it.</summary>
    public string Sub(string name) => _folder.CreateSubdirectory(name).FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
