using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ServerlessCLM.Emulator;

/// <summary>
/// Makes the names in a folder durable. Flushing a new or renamed file keeps its content over a power cut, but on Linux and
/// macOS not its name. .NET opens no folders, so this asks the system itself; Windows keeps the name with the file.
/// </summary>
internal static partial class FolderFlush
{
    /// <exception cref="IOException">The folder is not there, or the disk failed.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        const int readOnly = 0;
        var descriptor = Open(folder, readOnly);
        if (descriptor < 0)
            throw Failed(folder);
        try
        {
            if (Sync(descriptor) != 0)
                throw Failed(folder);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    static IOException Failed(string folder) =>
        new($"{folder}: the folder could not be flushed: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
