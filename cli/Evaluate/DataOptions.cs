using System.CommandLine;
using System.Globalization;
using ServerlessCLM.Models;

namespace ServerlessCLM.Cli.Evaluate;

/// <summary>A table with its target and the columns to learn from.</summary>
internal sealed record LearningData(string Path, DataTable Table, BinaryTarget Target, ModelInputs Inputs);

/// <summary>The options that name a CSV file to learn from.</summary>
internal sealed class DataOptions
{
    private readonly Option<string> _data = new("--data") { Description = "CSV file with a header line; read as gzip when its name ends in .gz", Required = true };
    private readonly Option<string> _target = new("--target") { Description = "Column to predict, of two values", Required = true };
    private readonly Option<string?> _exclude = new("--exclude") { Description = "Columns to leave out, as a,b" };
    private readonly Option<string?> _text = new("--text") { Description = "Columns that are texts though they look like numbers, as a,b" };
    private readonly Option<string?> _missing = new("--missing") { Description = "Numbers that stand for a missing value, as -7,-8,-9" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_data, _target, _exclude, _text, _missing])
            command.Options.Add(option);
    }

    /// <summary>Reads the file, and tells on standard error what was decided about it.</summary>
    public LearningData Read(ParseResult arguments)
    {
        var path = arguments.GetRequiredValue(_data);
        var name = arguments.GetRequiredValue(_target);
        var exclude = Names(arguments.GetValue(_exclude));
        if (exclude.Contains(name))
            throw new UnusableArgumentException($"--exclude names the target, {name}");

        var table = DataTable.Read(path, new DataTableOptions
        {
            Exclude = exclude, Texts = Names(arguments.GetValue(_text)), MissingCodes = [.. Names(arguments.GetValue(_missing)).Select(Code)],
        });
        var data = new LearningData(path, table, BinaryTarget.Of(table, name), ModelInputs.Of(table, name));
        Console.Error.WriteLine(data.Target.Told);
        foreach (var word in data.Inputs.Dropped)
            Console.Error.WriteLine(word);
        if (table.NotFinite > 0)
            Console.Error.WriteLine($"{table.NotFinite:N0} values are NaN or infinite and count as missing");
        return data;
    }

    /// <summary>The same columns of another file.</summary>
    public DataTable ReadAnother(ParseResult arguments, string path) => DataTable.Read(path, new DataTableOptions
    {
        Texts = Names(arguments.GetValue(_text)), MissingCodes = [.. Names(arguments.GetValue(_missing)).Select(Code)],
    });

    internal static string[] Names(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static float Code(string text) => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var code)
        ? code
        : throw new UnusableArgumentException($"--missing must be numbers like -7,-8,-9, '{text}' is none");
}
