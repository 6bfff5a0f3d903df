namespace ServerlessCLM.Models;

/// <summary>A column of a table: numbers, or texts as codes of their levels.</summary>
public sealed class DataColumn
{
    private DataColumn(string name, float[]? numbers, int[]? codes, IReadOnlyList<string>? levels)
    {
        Name = name;
        Numbers = numbers;
        Codes = codes;
        Levels = levels;
        Missing = numbers?.Count(float.IsNaN) ?? codes!.Count(code => code < 0);
    }

    public string Name { get; }

    /// <summary>One a row, NaN for missing; null for a text column.</summary>
    public float[]? Numbers { get; }

    /// <summary>Places in <see cref="Levels"/>, one a row, −1 for missing; null for a column of numbers.</summary>
    public int[]? Codes { get; }

    /// <summary>Distinct texts in ordinal order; null for a column of numbers.</summary>
    public IReadOnlyList<string>? Levels { get; }

    /// <summary>Rows without a value.</summary>
    public int Missing { get; }

    public int Rows => Numbers?.Length ?? Codes!.Length;

    public static DataColumn OfNumbers(string name, float[] numbers) => new(name, numbers, null, null);

    /// <param name="name">Of the column.</param>
    /// <param name="texts">One a row, null for missing.</param>
    public static DataColumn OfTexts(string name, IReadOnlyList<string?> texts)
    {
        string[] levels = [.. texts.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var places = levels.Index().ToDictionary(level => level.Item, level => level.Index, StringComparer.Ordinal);
        return new DataColumn(name, null, [.. texts.Select(text => text is null ? -1 : places[text])], levels);
    }

    /// <summary>The value as text; null for missing.</summary>
    public string? Text(int row)
    {
        if (Codes is not null)
            return Codes[row] < 0 ? null : Levels![Codes[row]];

        return float.IsNaN(Numbers![row]) ? null : Numbers[row].ToString();
    }
}
