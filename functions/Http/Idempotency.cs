using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Functions.Decisions;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Functions.Http;

/// <summary>The header <c>Idempotency-Key</c>: a repeated request gets the first answer, another request under the key is 422.</summary>
internal static class Idempotency
{
    private const string Header = "Idempotency-Key";

    public static async Task<IResult> OnceAsync<T>(
        Requests requests, string scope, HttpRequest request, ReadOnlyMemory<byte> body, int status, JsonTypeInfo<T> type,
        Func<Task<T>> answer, CancellationToken cancellation)
    {
        var key = request.Headers[Header].ToString();
        if (key.Length == 0)
            return Results.Json(await answer(), type, statusCode: status);

        if (key.Length > Requests.MaxKeyLength)
            return Problems.Invalid(Header, $"must be at most {Requests.MaxKeyLength} characters");

        try
        {
            if (await requests.FindAsync(scope, key, body, cancellation) is { } known)
                return Results.Text(known.Body, "application/json", statusCode: known.Status);
        }
        catch (RequestMismatchException mismatch)
        {
            return Problems.Invalid(Header, mismatch.Message, StatusCodes.Status422UnprocessableEntity);
        }

        var text = JsonSerializer.Serialize(await answer(), type);
        await requests.RememberAsync(scope, key, body, new Answer(status, text), cancellation);
        return Results.Text(text, "application/json", statusCode: status);
    }
}

/// <summary>How answers over HTTP are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(IntakeResult))]
[JsonSerializable(typeof(Consent))]
[JsonSerializable(typeof(AuthorizationAnswer))]
[JsonSerializable(typeof(DecisionAnswer))]
internal sealed partial class HttpJson : JsonSerializerContext;
