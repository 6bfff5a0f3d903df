using System.Globalization;
using System.Text.RegularExpressions;

namespace ServerlessCLM.Conditions;

/// <summary>Regular expressions as RE2 has them: searched in time linear in the text, whatever the pattern.</summary>
internal static partial class Patterns
{
    /// <summary>UTF-16 units of a pattern at the most.</summary>
    public const int MaxLength = 256;

    /// <summary>Product of all counted repetitions at the most: each multiplies the automaton.</summary>
    public const int MaxRepetitions = 1000;

    public static (Func<Value, Value>? Apply, string? Wrong) Prepare(Value pattern)
    {
        if (pattern.Kind != ValueKind.String)
            return (null, "matches() takes a pattern");

        if (pattern.Text.Length > MaxLength)
            return (null, $"the pattern is longer than {MaxLength} characters");

        double repetitions = 1;
        foreach (Match counted in Counted().Matches(pattern.Text))
            repetitions *= Math.Max(1, double.Parse(counted.ValueSpan, CultureInfo.InvariantCulture));
        if (repetitions > MaxRepetitions)
            return (null, $"the pattern repeats more than {MaxRepetitions} times");

        try
        {
            var regex = new Regex(pattern.Text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return (text => text.Kind == ValueKind.String ? Value.Of(regex.IsMatch(text.Text)) : Value.Error("matches() takes a text"), null);
        }
        catch (ArgumentException wrong)
        {
            return (null, $"is not a pattern: {wrong.Message}");
        }
        catch (NotSupportedException)
        {
            return (null, "the pattern looks ahead, behind or back, which takes more than linear time");
        }
    }

    /// <summary>The larger number of each <c>{n}</c>, <c>{n,}</c> and <c>{n,m}</c>.</summary>
    [GeneratedRegex(@"(?<=\{)[0-9]+(?=,?\})|(?<=\{[0-9]+,)[0-9]+(?=\})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Counted();
}
