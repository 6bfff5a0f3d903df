namespace ServerlessCLM.Emulator;

/// <summary>The data folder as a killed process leaves it.</summary>
internal static class CrashImage
{
    /// <summary>Copies the folder's files as they are, without those that only mark a living process.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(PathIn(to, from, folder));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            if (Path.GetFileName(file) is "lock" or ".lock" || file.EndsWith("-shm", StringComparison.Ordinal))
                continue;
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new FileStream(PathIn(to, from, file), FileMode.Create, FileAccess.Write);
            source.CopyTo(copy);
        }
    }

    public static string PathIn(string to, string from, string path) => Path.Combine(to, Path.GetRelativePath(from, path));

    /// <summary>Puts back what a write replaced.</summary>
    public static void Patch(string path, long offset, byte[] before)
    {
        using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        RandomAccess.Write(file, before, offset);
    }

    /// <summary>All of a file; empty when there is none.</summary>
    public static byte[] Read(string path)
    {
        if (!File.Exists(path))
            return [];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }

    /// <summary>A file of which a write got no further than some place in what it changed.</summary>
    public static byte[] Torn(byte[] before, byte[] after, ulong drawn)
    {
        var from = before.AsSpan().CommonPrefixLength(after);
        var cut = from + (int)(drawn % (ulong)Math.Max(1, after.Length - from));
        return before.Length > cut ? [.. after.AsSpan(0, cut), .. before.AsSpan(cut)] : after[..cut];
    }
}
