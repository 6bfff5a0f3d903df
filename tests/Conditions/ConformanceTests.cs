using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServerlessCLM.Conditions;

namespace ServerlessCLM.Tests.Conditions;

/// <summary>CEL's published conformance cases (cel-spec, tests/simple), those without protobuf, macros, unsigned numbers and bytes.</summary>
public partial class ConformanceTests
{
    private static readonly Vocabulary<object> Nothing = new();

    [Fact]
    public void Every_published_case_of_the_subset_has_its_published_result()
    {
        using var cases = JsonDocument.Parse(File.ReadAllBytes(TestData.Shared("oracles", "cel_cases.json")));
        var wrong = new List<string>();
        foreach (var one in cases.RootElement.EnumerateArray())
        {
            var expression = one.GetProperty("expr").GetString()!;
            var actual = Evaluate(expression);
            var isRight = one.TryGetProperty("error", out _)
                ? actual.Kind == ValueKind.Error
                : IsExpected(actual, one.GetProperty("type").GetString()!, one.GetProperty("value"));
            if (!isRight)
                wrong.Add($"{one.GetProperty("file")}/{one.GetProperty("name")}: {expression} gave {actual}");
        }

        Assert.Empty(wrong);
        Assert.Equal(472, cases.RootElement.GetArrayLength());
    }

    private static Value Evaluate(string expression)
    {
        try
        {
            return Nothing.Compile(expression).Evaluate(expression);
        }
        catch (ConditionException wrong)
        {
            return Value.Error(wrong.Message);
        }
    }

    private static bool IsExpected(Value actual, string type, JsonElement value) => type switch
    {
        "bool" => actual.Kind == ValueKind.Bool && actual.Bool == value.GetBoolean(),
        "int64" => actual.Kind == ValueKind.Int && actual.Int == value.GetInt64(),
        // Bit for bit, so that −0.0 is not 0.0.
        "double" => actual.Kind == ValueKind.Double && actual.Double.Equals(Number(value)) && double.IsNegative(actual.Double) == double.IsNegative(Number(value)),
        "string" => actual.Kind == ValueKind.String && (actual.Text == value.GetString() || actual.Text == FromUtf8(value.GetString()!)),
        _ => false,
    };

    private static double Number(JsonElement value) => value.ValueKind == JsonValueKind.Number
        ? double.Parse(value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture)
        : value.GetString() switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, _ => double.NaN };

    /// <summary>A few expected texts of the file hold the bytes of a character's UTF-8 as characters of their own.</summary>
    private static string FromUtf8(string text) => Utf8Sequence().Replace(text, bytes => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes.Value)));

    [GeneratedRegex("[\u00c3-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Utf8Sequence();
}
