using System.CommandLine;

namespace ServerlessCLM.Cli;

/// <summary>Options that commands share, and where results go.</summary>
internal static class Output
{
    public static Option<bool> Json() => new("--json") { Description = "Results as JSON, for machines" };

    public static Option<FileInfo?> File() => new("--output") { Description = "Write results to this file instead of standard output" };

    /// <summary>Standard output, or the file; an existing file is replaced only once the result is whole.</summary>
    public static async Task WriteAsync(FileInfo? file, Func<TextWriter, Task> write)
    {
        if (file is null)
        {
            await write(Console.Out);
            await Console.Out.FlushAsync();
            return;
        }

        var part = file.FullName + ".part";
        await using (var writer = new StreamWriter(part))
            await write(writer);
        System.IO.File.Move(part, file.FullName, overwrite: true);
    }
}
