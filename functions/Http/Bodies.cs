using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace ServerlessCLM.Functions.Http;

/// <summary>Reads request bodies with a limit.</summary>
internal static class Bodies
{
    /// <summary>Bytes of a request of events at the most.</summary>
    public const int MaxSize = 16 << 20;

    /// <summary>The whole body, or the problem with it.</summary>
    public static async Task<(ReadOnlyMemory<byte> Body, IResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellation, int limit = MaxSize)
    {
        if (request.ContentLength > limit)
            return (default, TooLarge(limit));

        var buffer = new MemoryStream((int)(request.ContentLength ?? 4096));
        var chunk = new byte[81920];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellation)) > 0)
        {
            if (buffer.Length + read > limit)
                return (default, TooLarge(limit));

            await buffer.WriteAsync(chunk.AsMemory(0, read), cancellation);
        }

        return (buffer.GetBuffer().AsMemory(0, (int)buffer.Length), null);
    }

    /// <summary>The body as what a route is asked with, or the problem with it.</summary>
    public static async Task<(T? Asked, IResult? Problem)> ReadAsync<T>(
        HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellation, int limit = 256 * 1024) where T : class
    {
        var (body, problem) = await ReadAsync(request, cancellation, limit);
        if (problem is not null)
            return (null, problem);

        try
        {
            return JsonSerializer.Deserialize(body.Span, type) is { } asked ? (asked, null) : (null, Problems.Invalid("$", "must be a JSON object"));
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            return (null, Problems.Invalid((error as JsonException)?.Path ?? "$", "is not what this is asked with; see /api/openapi.json"));
        }
    }

    /// <summary>The body as a JSON object that can be kept, or the problem with it.</summary>
    public static async Task<(JsonObject? Body, IResult? Problem)> ReadObjectAsync(HttpRequest request, CancellationToken cancellation, int limit = 256 * 1024)
    {
        var (body, problem) = await ReadAsync(request, cancellation, limit);
        if (problem is not null)
            return (null, problem);

        try
        {
            return StrictJson.Parse(body.Span) is JsonObject members
                ? (members, null)
                : (null, Problems.Invalid("$", "must be a JSON object"));
        }
        catch (JsonException error)
        {
            return (null, NotJson(error));
        }
    }

    /// <summary>Where JSON ceased to be JSON, in words.</summary>
    public static IResult NotJson(JsonException error) => Problems.Invalid("$", error.LineNumber is { } line
        ? string.Create(CultureInfo.InvariantCulture, $"is not JSON at line {line + 1}, byte {error.BytePositionInLine + 1}")
        : error.Message);

    private static IResult TooLarge(int limit) => Problems.Invalid("$",
        string.Create(CultureInfo.InvariantCulture, $"the request is larger than {limit} bytes; send it in parts"), StatusCodes.Status413PayloadTooLarge);
}
