using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Models;

/// <summary>How model documents are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, NumberHandling = JsonNumberHandling.Strict, Converters = [typeof(InstantConverter), typeof(DirectionConverter)])]
[JsonSerializable(typeof(ModelDocument))]
public sealed partial class ModelsJson : JsonSerializerContext;

internal sealed class DirectionConverter() : JsonStringEnumConverter<Direction>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>Reading and writing.</summary>
public static class ModelDocuments
{
    /// <summary>Bytes that a document may have.</summary>
    public const int MaxSize = 16 << 20;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON Schema of a document. It says what a document looks like; reading says in addition what contradicts itself.</summary>
    public static DocumentSchema Schema { get; } = DocumentSchema.OfKind("model");

    /// <summary>Reads a document strictly: nothing unknown, nothing missing, nothing twice.</summary>
    /// <exception cref="ModelFormatException">Where and why it cannot be used.</exception>
    public static ModelDocument Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxSize)
            throw new ModelFormatException("$", $"has {utf8.Length} bytes; {MaxSize} are the most");

        try
        {
            StrictJson.Check(utf8, StrictJson.MaxDepth);
            RefuseNewer(utf8);
            return Checked(JsonSerializer.Deserialize(utf8, ModelsJson.Default.ModelDocument) ?? throw new ModelFormatException("$", "must be a model document"));
        }
        catch (JsonException unusable)
        {
            throw new ModelFormatException(unusable.Path ?? "$", Reason(unusable), unusable);
        }
    }

    /// <summary>The document as compact JSON, a line for each member; the same document gives the same bytes.</summary>
    public static byte[] Write(ModelDocument document)
    {
        var whole = JsonSerializer.SerializeToElement(Checked(document), ModelsJson.Default.ModelDocument);
        var output = new ArrayBufferWriter<byte>(64 * 1024);
        output.Write("{\n"u8);
        var first = true;
        foreach (var member in whole.EnumerateObject())
        {
            output.Write(first ? "  "u8 : ",\n  "u8);
            first = false;
            using (var name = new Utf8JsonWriter(output, Compact))
                name.WriteStringValue(member.Name);
            output.Write(": "u8);
            using var value = new Utf8JsonWriter(output, Compact);
            member.Value.WriteTo(value);
        }

        output.Write("\n}\n"u8);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The document itself, if nothing in it contradicts the rest.</summary>
    /// <exception cref="ModelFormatException">Where and why it cannot be used.</exception>
    public static ModelDocument Checked(ModelDocument document)
    {
        Check(IsName(document.Id), "id", "must be 1 to 64 lower-case letters, digits and underscores, a letter first");
        Check(document.Version >= 1, "version", "must be a whole number from 1");
        Check(ModelKinds.All.Contains(document.Kind), "kind", $"must be one of {string.Join(", ", ModelKinds.All)}");
        Check(document.HorizonDays is null or (>= 1 and <= 3660), "horizonDays", "must be 1 to 3660");
        Check(document.Training.Rows >= 0, "training.rows", "must not be below 0");
        Check(document.Training.Positives is null || (document.Training.Positives >= 0 && document.Training.Positives <= document.Training.Rows),
            "training.positives", "must be from 0 to the number of rows");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var place = 0; place < document.Features.Count; place++)
            Check(names.Add(document.Features[place].Name), $"features[{place}].name", $"'{document.Features[place].Name}' is there twice");

        if (document.Calibration?.Check() is var (path, reason))
            throw new ModelFormatException($"$.calibration.{path}", reason);

        if (document.Alert is { } alert)
        {
            Check(IsName(alert.Signal), "alert.signal", "must be 1 to 64 lower-case letters, digits and underscores, a letter first");
            Check(double.IsFinite(alert.Cut), "alert.cut", "must be a number");
            Check(alert.Release <= alert.Cut, "alert.release", "must not be above the cut");
        }

        if (document.Reference is { } reference)
        {
            CheckBins(reference.Score, "reference.score");
            for (var place = 0; place < reference.Features.Count; place++)
                CheckBins(reference.Features[place], $"reference.features[{place}]");
        }

        if (document.Curves?.Check() is var (curve, wrong))
            throw new ModelFormatException($"$.curves.{curve}", wrong);

        Check(document.Model.ValueKind == JsonValueKind.Object, "model", "must be an object");
        return document;
    }

    private static void CheckBins(Bins bins, string path)
    {
        Check(bins.Shares.Count == bins.Edges.Count + 2, $"{path}.shares", $"must have {bins.Edges.Count + 2} numbers, two more than edges");
        for (var place = 1; place < bins.Edges.Count; place++)
            Check(bins.Edges[place] > bins.Edges[place - 1], $"{path}.edges[{place}]", "must be above the one before it");
        Check(Math.Abs(bins.Shares.Sum() - 1) < 1e-6 && bins.Shares.All(share => share >= 0), $"{path}.shares", "must be from 0 on and add up to 1");
    }

    /// <summary>Whether a text can be the id of a model or the name of a signal.</summary>
    public static bool IsName(string name) =>
        name.Length is >= 1 and <= 64 && char.IsAsciiLetterLower(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    private static void Check(bool good, string path, string reason)
    {
        if (!good)
            throw new ModelFormatException($"$.{path}", reason);
    }

    /// <summary>A newer document has members that this code does not know; that is said before any of them is complained about.</summary>
    private static void RefuseNewer(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new ModelFormatException("$", "must be a JSON object");

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isFormat = reader.ValueTextEquals("format"u8);
            reader.Read();
            if (isFormat && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var format) && format != ModelDocument.CurrentFormat)
                throw new ModelFormatException("$.format", $"is {format}; this version of the product reads {ModelDocument.CurrentFormat}");
            reader.Skip();
        }
    }

    /// <summary>The reason without the serializer's names of types, place and bytes.</summary>
    private static string Reason(JsonException unusable)
    {
        var text = new StringBuilder(unusable.Message);
        var end = unusable.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        if (end >= 0)
            text.Length = end;
        return text.Replace("ServerlessCLM.Models.", "").Replace('\n', ' ').ToString();
    }
}
