using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ServerlessCLM.Emulator;

/// <summary>
/// The folder that holds what the emulator keeps. It belongs to one process at a time: whoever opens it holds its lock
/// file until disposed, or until the process ends in whatever way.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    readonly string root;
    readonly FileStream held;

    /// <exception cref="FunctionsStartupException">The folder cannot be made or written, or is another process's.</exception>
    public DataFolder(EmulatorOptions options)
    {
        root = options.DataDirectory;
        var path = PathOf("lock");
        try
        {
            Directory.CreateDirectory(root);
            held = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException busy) when (Directory.Exists(root))
        {
            throw new FunctionsStartupException($"The data folder {root} is in use by another process; stop that one, or name another folder in {EmulatorOptions.DataDirectorySetting}.", busy);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new FunctionsStartupException($"The data folder {root} cannot be used: {wrong.Message}", wrong);
        }

        held.SetLength(0);
        held.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
    }

    public string PathOf(string name) => Path.Combine(root, name);

    /// <summary>A kept JSON file; null when there is none.</summary>
    /// <exception cref="FunctionsStartupException">The file is not what it should be.</exception>
    public T? ReadJson<T>(string path, JsonSerializerOptions json)
        where T : class
    {
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<T>(HostJson.WithoutMark(File.ReadAllBytes(path)).Span, json);
        }
        catch (JsonException wrong)
        {
            throw new FunctionsStartupException($"{path} cannot be read at {wrong.Path}: {wrong.Message} Mend it or delete it.", wrong);
        }
    }

    public void Dispose() => held.Dispose();
}
