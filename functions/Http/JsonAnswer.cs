using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ServerlessCLM.Functions.Http;

/// <summary>Answers that people read as often as machines do: indented, with nothing escaped that JSON does not ask for.</summary>
internal static class JsonAnswer
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    public static IResult Of(JsonObject value, int status = StatusCodes.Status200OK) => Results.Text(value.ToJsonString(Readable), "application/json", statusCode: status);
}
