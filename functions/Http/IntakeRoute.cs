using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Customers;
using ServerlessCLM.Scoring;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Functions.Http;

/// <summary>What the routes that take events have in common.</summary>
internal static class IntakeRoute
{
    public static async Task<IResult> TakeAsync(
        Requests requests, string scope, HttpRequest request, Func<ReadOnlyMemory<byte>, Task<IntakeResult>> take, CancellationToken cancellation)
    {
        var (body, problem) = await Bodies.ReadAsync(request, cancellation);
        if (problem is not null)
            return problem;

        try
        {
            return await Idempotency.OnceAsync(requests, scope, request, body, StatusCodes.Status202Accepted,
                HttpJson.Default.IntakeResult, () => take(body), cancellation);
        }
        catch (JsonException error)
        {
            return Bodies.NotJson(error);
        }
        catch (TooManyEventsException error)
        {
            return Problems.Invalid("$", error.Message, StatusCodes.Status413PayloadTooLarge);
        }
        catch (SourceFormatException error)
        {
            return Problems.Invalid("$", error.Message);
        }
    }
}
