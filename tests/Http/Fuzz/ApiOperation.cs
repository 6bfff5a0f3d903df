using System.Text.Json.Nodes;

namespace ServerlessCLM.Tests.Http.Fuzz;

/// <summary>An operation of the OpenAPI document.</summary>
/// <param name="Id">The function's name.</param>
/// <param name="Path">Its route with parameters in braces, without the prefix.</param>
/// <param name="Query">Names of its query parameters.</param>
/// <param name="Headers">Names of its header parameters.</param>
/// <param name="MediaTypes">What it takes; empty without a body.</param>
/// <param name="Sample">A body after the schema of the first media type; null without a body.</param>
internal sealed record ApiOperation(
    string Id, HttpMethod Method, string Path, IReadOnlyList<string> Query, IReadOnlyList<string> Headers, IReadOnlyList<string> MediaTypes, JsonNode? Sample)
{
    public static IReadOnlyList<ApiOperation> All(JsonNode document)
    {
        var sampler = new SchemaSample(document);
        return
        [
            .. from path in document["paths"]!.AsObject()
               from operation in path.Value!.AsObject()
               where operation.Key != "parameters"
               let parameters = operation.Value!["parameters"]?.AsArray() ?? []
               let content = operation.Value["requestBody"]?["content"]?.AsObject() ?? []
               select new ApiOperation((string)operation.Value["operationId"]!, new HttpMethod(operation.Key.ToUpperInvariant()), path.Key,
                   Names(parameters, "query"), Names(parameters, "header"), [.. content.Select(type => type.Key)],
                   content.FirstOrDefault().Value is { } body ? sampler.Of(body["schema"]!) : null),
        ];
    }

    private static List<string> Names(JsonArray parameters, string place) =>
        [.. parameters.Where(parameter => (string?)parameter!["in"] == place).Select(parameter => (string)parameter!["name"]!)];
}

/// <summary>Makes a value that a JSON Schema takes, with every member it names.</summary>
internal sealed class SchemaSample(JsonNode document)
{
    public JsonNode? Of(JsonNode schema, int depth = 0)
    {
        if ((string?)schema["$ref"] is { } reference)
            return Of(reference.TrimStart('#', '/').Split('/').Aggregate(document, (node, name) => node[name]!), depth);
        if ((schema["example"] ?? schema["const"] ?? schema["enum"]?[0] ?? schema["default"]) is { } given)
            return given.DeepClone();
        if ((schema["oneOf"]?[0] ?? schema["allOf"]?[0]) is { } first)
            return Of(first, depth);

        return (schema["type"] is JsonArray types ? (string?)types[0] : (string?)schema["type"]) switch
        {
            "string" => Text(schema),
            "integer" => (int?)schema["minimum"] ?? 1,
            "number" => 12.5m,
            "boolean" => true,
            "array" => depth > 8 ? [] : new JsonArray(Of(schema["items"] ?? new JsonObject(), depth + 1)),
            _ => depth > 8 ? [] : new JsonObject(from member in schema["properties"]?.AsObject() ?? []
                                                select KeyValuePair.Create(member.Key, Of(member.Value!, depth + 1))),
        };
    }

    private static string Text(JsonNode schema) => ((string?)schema["format"], (string?)schema["pattern"]) switch
    {
        ("date", _) => "2026-11-27",
        ("date-time", _) => "2026-11-20T11:00:00Z",
        (_, "^[A-Z]{3}$") => "EUR",
        (_, "^[A-Z]{2}$") => "DE",
        (_, "^[0-9]{4}$") => "5411",
        (_, { } pattern) when pattern.StartsWith("^[0-9]", StringComparison.Ordinal) => "25.00",
        (_, { } pattern) when pattern.StartsWith("^P", StringComparison.Ordinal) => "P7D",
        _ => "x-1",
    };
}
