namespace ServerlessCLM.Emulator;

/// <summary>Writes small files so that a reader, or the next start after a crash, sees the old or the new, never a part.</summary>
internal static class AtomicFile
{
    /// <param name="path">The file.</param>
    /// <param name="content">All of it.</param>
    /// <param name="secret">Whether only the owner may read it.</param>
    /// <param name="syncs">Whether it is on the disk afterwards; otherwise it is with the system.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, bool secret = false, bool syncs = true)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (secret && !OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var draft = path + ".new";
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: syncs);
        }

        File.Move(draft, path, overwrite: true);
        if (syncs)
            FolderFlush.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }
}
