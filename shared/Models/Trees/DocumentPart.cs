using System.Text.Json;

namespace ServerlessCLM.Models;

/// <summary>A value of a model document with the path to it, so that whatever is wrong can be named.</summary>
internal readonly record struct DocumentPart(JsonElement Element, string Path)
{
    public DocumentPart Member(string name)
    {
        if (Element.ValueKind != JsonValueKind.Object)
            throw new ModelFormatException(Path, "must be an object");
        return Element.TryGetProperty(name, out var value)
            ? new DocumentPart(value, $"{Path}.{name}")
            : throw new ModelFormatException($"{Path}.{name}", "is missing");
    }

    public bool Has(string name) => Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(name, out _);

    public void RequireOnly(params ReadOnlySpan<string> names)
    {
        if (Element.ValueKind != JsonValueKind.Object)
            throw new ModelFormatException(Path, "must be an object");

        foreach (var member in Element.EnumerateObject())
        {
            if (!names.Contains(member.Name))
                throw new ModelFormatException($"{Path}.{member.Name}", $"is no member here; there are {string.Join(", ", names.ToArray())}");
        }
    }

    public IEnumerable<DocumentPart> Items()
    {
        if (Element.ValueKind != JsonValueKind.Array)
            throw new ModelFormatException(Path, "must be an array");

        var path = Path;
        return Element.EnumerateArray().Select((item, place) => new DocumentPart(item, $"{path}[{place}]"));
    }

    public string Text() => Element.ValueKind == JsonValueKind.String
        ? Element.GetString()!
        : throw new ModelFormatException(Path, "must be a text");

    public int Int32() => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out var value)
        ? value
        : throw new ModelFormatException(Path, "must be a whole number");

    public float Single() => Element.ValueKind == JsonValueKind.Number && Element.TryGetSingle(out var value) && float.IsFinite(value)
        ? value
        : throw new ModelFormatException(Path, "must be a finite number");

    public double Double() => Element.ValueKind == JsonValueKind.Number && Element.TryGetDouble(out var value) && double.IsFinite(value)
        ? value
        : throw new ModelFormatException(Path, "must be a finite number");
}
