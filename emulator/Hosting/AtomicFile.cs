namespace ServerlessCLM.Emulator;

/// <summary>Writes small files so that a reader, or the next start after a crash, sees the old or the new, never a part.</summary>
internal static class AtomicFile
{
    /// <param name="path">The file.</param>
    /// <param name="content">All of it.</param>
    /// <param name="secret">Whether only the owner may read it.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, bool secret = false)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (secret && !OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var draft = path + ".new";
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
        FolderFlush.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }
}
