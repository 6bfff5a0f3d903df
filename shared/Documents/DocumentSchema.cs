using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;
using ServerlessCLM.Conditions;

namespace ServerlessCLM.Documents;

/// <summary>
/// The JSON Schema (2020-12) of a kind of document. What is served is what is enforced: the keywords below are all that a schema may use.
/// </summary>
/// <remarks>
/// Where a <c>pattern</c> or <c>format</c> fails, the reason is the schema's <c>description</c>, which therefore completes "must be …".
/// An instant is of the years 1900 to 2199 and a duration at most a century, so that nobody who adds the one to the other leaves the calendar.
/// Of the alternatives of a <c>oneOf</c> that one counts whose first required member is there.
/// </remarks>
public sealed class DocumentSchema
{
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "$schema", "$id", "$defs", "$ref", "title", "description", "type", "properties", "required", "additionalProperties", "propertyNames", "items",
        "minItems", "maxItems", "minProperties", "enum", "const", "pattern", "format", "minLength", "maxLength", "minimum", "maximum",
        "exclusiveMinimum", "exclusiveMaximum", "oneOf",
    };

    private const int MaxDays = 36_600;

    private readonly Dictionary<string, Regex> _patterns = new(StringComparer.Ordinal);

    private DocumentSchema(JsonObject json)
    {
        Json = json;
        Prepare(json);
    }

    public JsonObject Json { get; }

    /// <summary>The schema of a kind of document, the resource <c>NAME.schema.json</c>.</summary>
    public static DocumentSchema OfKind(string name)
    {
        using var stream = typeof(DocumentSchema).Assembly.GetManifestResourceStream($"{name}.schema.json")
            ?? throw new InvalidOperationException($"There is no {name}.schema.json among the resources.");
        return Read(stream);
    }

    /// <exception cref="InvalidOperationException">The schema uses a keyword that would not be enforced.</exception>
    public static DocumentSchema Read(Stream utf8) => new(JsonNode.Parse(utf8)!.AsObject());

    /// <summary>Finds every place where the document is not as the schema says.</summary>
    public void Check(JsonNode? document, Findings findings) => Check(Json, document, JsonPath.Root, findings);

    private void Prepare(JsonNode? node)
    {
        if (node is JsonArray branches)
        {
            foreach (var branch in branches)
                Prepare(branch);
            return;
        }

        if (node is not JsonObject schema)
            return;

        foreach (var (keyword, value) in schema)
        {
            if (!Keywords.Contains(keyword))
                throw new InvalidOperationException($"The schema has the keyword {keyword} at {schema.GetPath()}, which is not enforced.");

            if (keyword == "pattern")
                _patterns.TryAdd((string)value!, new Regex((string)value!, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
            else if (keyword is "properties" or "$defs")
            {
                foreach (var (_, member) in value!.AsObject())
                    Prepare(member);
            }
            else if (keyword is "items" or "additionalProperties" or "propertyNames" or "oneOf")
                Prepare(value);
        }
    }

    private void Check(JsonObject schema, JsonNode? value, string path, Findings findings)
    {
        if (schema["$ref"] is { } reference)
            schema = Resolve((string)reference!);

        if (schema["oneOf"] is JsonArray branches)
        {
            if (BranchFor(branches, value) is { } branch)
                Check(branch, value, path, findings);
            else
                findings.Error(path, $"must have one of {string.Join(", ", branches.Select(one => (string?)Resolved(one!)["required"]?[0]))}");
            return;
        }

        if (schema["type"] is { } type && !IsOfType(type, value))
        {
            findings.Error(path, schema["description"] is { } description && schema.ContainsKey("pattern") ? $"must be {description}" : $"must be {Article(type)}");
            return;
        }

        if (schema["enum"] is JsonArray allowed && !allowed.Any(one => JsonNode.DeepEquals(one, value)))
        {
            var names = allowed.Where(one => one?.GetValueKind() == JsonValueKind.String).Select(one => (string)one!).ToList();
            var hint = value?.GetValueKind() == JsonValueKind.String ? NearestName.Hint((string)value!, names) : "";
            findings.Error(path, $"must be one of {string.Join(", ", allowed.Select(one => one?.ToString() ?? "null"))}{hint}");
        }

        if (schema["const"] is { } constant && !JsonNode.DeepEquals(constant, value))
            findings.Error(path, $"must be {constant}");

        switch (value)
        {
            case JsonObject members:
                CheckMembers(schema, members, path, findings);
                break;
            case JsonArray items:
                CheckItems(schema, items, path, findings);
                break;
            case JsonValue text when text.GetValueKind() == JsonValueKind.String:
                CheckText(schema, (string)text!, path, findings);
                break;
            case JsonValue number when number.GetValueKind() == JsonValueKind.Number:
                CheckNumber(schema, double.Parse(number.ToJsonString(), CultureInfo.InvariantCulture), path, findings);
                break;
        }
    }

    private JsonObject Resolved(JsonNode schema) => schema["$ref"] is { } reference ? Resolve((string)reference!) : schema.AsObject();

    private JsonObject Resolve(string reference) => Json["$defs"]?[reference["#/$defs/".Length..]]?.AsObject()
        ?? throw new InvalidOperationException($"The schema has no {reference}.");

    private JsonObject? BranchFor(JsonArray branches, JsonNode? value)
    {
        foreach (var branch in branches)
        {
            var schema = Resolved(branch!);
            if (schema["required"] is JsonArray required ? value is JsonObject members && members.ContainsKey((string)required[0]!) : IsOfType(schema["type"]!, value))
                return schema;
        }

        return null;
    }

    private void CheckMembers(JsonObject schema, JsonObject members, string path, Findings findings)
    {
        foreach (var name in schema["required"]?.AsArray() ?? [])
        {
            if (!members.ContainsKey((string)name!))
                findings.Error(JsonPath.Member(path, (string)name!), "is required");
        }

        if (schema["minProperties"] is { } least && members.Count < (int)least)
            findings.Error(path, $"must have {least} members at least");

        var known = schema["properties"]?.AsObject();
        foreach (var (name, member) in members)
        {
            var at = JsonPath.Member(path, name);
            if (known?[name] is JsonObject declared)
                Check(declared, member, at, findings);
            else if (schema["additionalProperties"] is JsonObject others)
            {
                if (schema["propertyNames"] is JsonObject naming)
                    Check(naming, name, at, findings);
                Check(others, member, at, findings);
            }
            else if (schema["additionalProperties"]?.GetValueKind() == JsonValueKind.False)
                findings.Error(at, $"is not a member{NearestName.Hint(name, known?.Select(one => one.Key) ?? [])}");
        }
    }

    private void CheckItems(JsonObject schema, JsonArray items, string path, Findings findings)
    {
        if (schema["minItems"] is { } least && items.Count < (int)least)
            findings.Error(path, $"must have {least} items at least");
        if (schema["maxItems"] is { } most && items.Count > (int)most)
            findings.Error(path, $"must have {most} items at the most");
        if (schema["items"] is not JsonObject item)
            return;

        for (var place = 0; place < items.Count; place++)
            Check(item, items[place], JsonPath.Item(path, place), findings);
    }

    private void CheckText(JsonObject schema, string text, string path, Findings findings)
    {
        if ((schema["minLength"] is { } least && text.Length < (int)least) || (schema["maxLength"] is { } most && text.Length > (int)most))
            findings.Error(path, $"must have {schema["minLength"] ?? 0} to {schema["maxLength"] ?? "any number of"} characters");
        else if ((schema["pattern"] is { } pattern && !_patterns[(string)pattern!].IsMatch(text))
            || (schema["format"] is { } format && !IsOfFormat((string)format!, text)))
            findings.Error(path, $"must be {schema["description"] ?? schema["format"] ?? schema["pattern"]}");
    }

    private static bool IsOfFormat(string format, string text) => format switch
    {
        "date-time" => Instant.TryParse(text, out var at) && text.Contains('T', StringComparison.Ordinal) && at.Year is >= 1900 and < 2200,
        "duration" => IsDuration(text),
        "uri-reference" => Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _),
        _ => throw new InvalidOperationException($"The format {format} is not enforced."),
    };

    private static bool IsDuration(string text)
    {
        try
        {
            return PeriodPattern.NormalizingIso.Parse(text).TryGetValue(Period.Zero, out var period)
                && Math.Abs((period.Years * 366.0) + (period.Months * 31.0) + period.Days + (period.Hours / 24.0)) <= MaxDays;
        }
        catch (OverflowException)
        {
            // Units that add up to more than can be counted.
            return false;
        }
    }

    private static void CheckNumber(JsonObject schema, double number, string path, Findings findings)
    {
        if (schema["minimum"] is { } minimum && number < (double)minimum)
            findings.Error(path, $"must be {minimum} at least");
        if (schema["maximum"] is { } maximum && number > (double)maximum)
            findings.Error(path, $"must be {maximum} at the most");
        if (schema["exclusiveMinimum"] is { } above && number <= (double)above)
            findings.Error(path, $"must be above {above}");
        if (schema["exclusiveMaximum"] is { } below && number >= (double)below)
            findings.Error(path, $"must be below {below}");
    }

    private static bool IsOfType(JsonNode type, JsonNode? value) =>
        type is JsonArray types ? types.Any(one => IsOfType(one!, value)) : (string)type! switch
        {
            "object" => value is JsonObject,
            "array" => value is JsonArray,
            "string" => value?.GetValueKind() == JsonValueKind.String,
            "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            "null" => value is null,
            "number" => value?.GetValueKind() == JsonValueKind.Number,
            "integer" => value?.GetValueKind() == JsonValueKind.Number && IsWhole(value),
            var other => throw new InvalidOperationException($"The schema has the type {other}, which JSON has not."),
        };

    /// <summary>In digits: 1.0 and 1e9 are whole too, but no reader of documents takes them.</summary>
    private static bool IsWhole(JsonNode number) => int.TryParse(number.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static string Article(JsonNode type) => type is JsonArray types ? string.Join(" or ", types.Select(one => Article(one!))) : (string)type! switch
    {
        "object" => "an object",
        "array" => "a list",
        "string" => "a text",
        "boolean" => "true or false",
        "integer" => "a whole number",
        "number" => "a number",
        var other => other,
    };
}
