using System.Globalization;
using Azure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Functions.Http;

/// <summary>Answers 503 with <c>Retry-After</c> where storage or the hubs are away or busy: nothing is wrong with the request, and it may come again.</summary>
internal sealed class ServicesAway(ILogger<ServicesAway> logger) : IFunctionsWorkerMiddleware
{
    /// <summary>Seconds, where the service has not said how long.</summary>
    private const int Patience = 5;

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception failure) when (context.GetHttpContext() is { Response.HasStarted: false } && CodeOf(failure) is not null)
        {
            var http = context.GetHttpContext()!;
            logger.ServiceAway(context.FunctionDefinition.Name, CodeOf(failure)!);
            http.Response.Clear();
            http.Response.Headers.RetryAfter = RetryAfter(failure).ToString(CultureInfo.InvariantCulture);
            await Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, title: "A service is away or busy",
                detail: "storage or the event hubs did not answer; send the request again after the time in Retry-After, with the same Idempotency-Key").ExecuteAsync(http);
        }
    }

    /// <summary>What the service said; null where the failure is another's, or would come again.</summary>
    private static string? CodeOf(Exception failure) => failure switch
    {
        RequestFailedException { Status: 0 or 408 or 429 or >= 500 } storage => storage.ErrorCode ?? (storage.Status == 0 ? "no answer" : storage.Status.ToString(CultureInfo.InvariantCulture)),
        EventHubsException { IsTransient: true } hub => hub.Reason.ToString(),
        _ => null,
    };

    private static int RetryAfter(Exception failure) =>
        failure is RequestFailedException storage && storage.GetRawResponse() is { } response && response.Headers.TryGetValue("Retry-After", out var said)
        && int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : Patience;
}
