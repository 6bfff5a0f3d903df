using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCLM;

/// <summary>
/// JSON from outside that will be stored: only what can be written and read back is taken. A member that appears twice, a text that is
/// not Unicode (half of a surrogate pair) or a nesting near the parser's limit would be found out only in the middle of a commit.
/// </summary>
public static class StrictJson
{
    /// <summary>Levels of nesting at the most; rows and answers put a few more around them, and parsers stop at 64.</summary>
    public const int MaxDepth = 32;

    private static readonly JsonDocumentOptions Once = new() { AllowDuplicateProperties = false };

    /// <exception cref="JsonException">Not JSON, or not JSON that can be kept; the message says which.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8)
    {
        Check(utf8, MaxDepth);

        try
        {
            return JsonNode.Parse(utf8, documentOptions: Once);
        }
        catch (JsonException twice)
        {
            // It is JSON, as was seen above: what is left to be wrong is a member.
            throw new JsonException("must have each member once", twice);
        }
    }

    /// <summary>Checks texts and nesting alone, for what is then read into a type that knows its members.</summary>
    /// <exception cref="JsonException">Not JSON, or not JSON that can be kept; the message says which.</exception>
    public static void Check(ReadOnlySpan<byte> utf8, int maxDepth)
    {
        var reader = new Utf8JsonReader(utf8);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= maxDepth)
                throw new JsonException($"must be nested at most {maxDepth} deep");

            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String && !IsUnicode(ref reader))
                throw new JsonException("must have texts of whole Unicode characters");
        }
    }

    private static bool IsUnicode(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped && Ascii.IsValid(reader.ValueSpan))
            return true;

        try
        {
            return reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
