using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ServerlessCLM.Emulator;

/// <summary>Answers HTTP requests with functions: ASP.NET Core routes them, the key is checked, the parameters are read, the result is written.</summary>
internal sealed class HttpFunctions : ITriggerListener, IDisposable
{
    readonly FunctionInvoker invoker;
    readonly HostKeys keys;
    readonly ILogger<HttpFunctions> log;
    readonly List<HttpFunction> functions = [];
    readonly ConcurrencyLimiter? limiter;

    /// <exception cref="FunctionsStartupException">A route cannot be read or is another function's, or a parameter has no source.</exception>
    public HttpFunctions(
        FunctionCatalogue catalogue,
        HostConfiguration host,
        FunctionInvoker invoker,
        HostKeys keys,
        IOptions<JsonOptions> json,
        ILogger<HttpFunctions> log)
    {
        this.invoker = invoker;
        this.keys = keys;
        this.log = log;
        limiter = Limiter(host.Http);
        var taken = new Dictionary<string, HttpFunction>(StringComparer.OrdinalIgnoreCase);
        foreach (var (function, trigger) in catalogue.TriggeredBy<HttpTriggerAttribute>())
        {
            var answering = HttpFunction.Of(function, trigger, host.Http.RoutePrefix, json.Value.SerializerOptions);
            foreach (var place in answering.Places)
            {
                if (!taken.TryAdd(place, answering))
                    throw new FunctionsStartupException($"Function '{function.Name}': its route '{answering.Pattern.RawText}' is already that of '{taken[place].Function.Name}'.");
            }

            functions.Add(answering);
        }
    }

    public Type TriggerType => typeof(HttpTriggerAttribute);

    /// <summary>The functions with their routes, by name.</summary>
    public IReadOnlyList<HttpFunction> Functions => functions;

    public Task FireAsync(FunctionDescriptor function, string? input, CancellationToken cancellation) =>
        throw new NotSupportedException($"'{function.Name}' answers HTTP: call its route.");

    public void Dispose() => limiter?.Dispose();

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var function in functions)
        {
            var endpoint = function.Methods.Count == 0
                ? routes.Map(function.Pattern, http => AnswerAsync(function, http))
                : routes.MapMethods(function.Pattern.RawText!, function.Methods, http => AnswerAsync(function, http));
            endpoint.WithDisplayName(function.Function.Name).WithMetadata(function.Function);
        }
    }

    async Task AnswerAsync(HttpFunction function, HttpContext http)
    {
        if (!await HttpProblem.AuthorizeAsync(http, keys, function.Trigger.AuthLevel))
            return;
        if (limiter is null)
        {
            await RunAsync(function, http);
            return;
        }

        using var place = await TakePlaceAsync(limiter, http);
        if (place is { IsAcquired: true })
            await RunAsync(function, http);
    }

    async Task RunAsync(HttpFunction function, HttpContext http)
    {
        var id = invoker.NewInvocationId();
        try
        {
            if (await function.ReadAsync(http) is not { } values)
                return;
            var context = new InvocationContext(function.Function, id, http.Request, values, 0, http.RequestServices, http.RequestAborted);
            context.Items[HttpContextExtensions.Key] = http;
            await invoker.RunAsync(context);
            await WriteAsync(http, context.Result);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            log.CallerLeft(function.Function.Name, id);
        }
        catch (BadHttpRequestException wrong) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            await HttpProblem.WriteAsync(http, wrong.StatusCode, "The request cannot be read.", wrong.Message, id);
        }
        catch (Exception failure)
        {
            log.HttpFailed(failure, function.Function.Name, id);
            if (http.Response.HasStarted)
            {
                // Part of the answer is out: the only honest end is a broken connection.
                http.Abort();
                return;
            }

            http.Response.Clear();
            await HttpProblem.WriteAsync(http, 500, "The function failed.", $"'{function.Function.Name}' failed; the host's log has the reason under the invocation id.", id);
        }
    }

    /// <summary>Waits for a place among the requests that are answered; not acquired when there are too many, null when the caller left.</summary>
    static async Task<RateLimitLease?> TakePlaceAsync(ConcurrencyLimiter places, HttpContext http)
    {
        RateLimitLease lease;
        try
        {
            lease = await places.AcquireAsync(permitCount: 1, http.RequestAborted);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return null;
        }

        if (!lease.IsAcquired)
            await HttpProblem.WriteAsync(http, 429, "There are too many requests.", "As many as host.json allows (extensions.http.maxOutstandingRequests) are being answered; send it again later.");
        return lease;
    }

    static ConcurrencyLimiter? Limiter(HttpSettings settings)
    {
        var most = settings.MaxOutstandingRequests ?? int.MaxValue;
        var atOnce = Math.Min(settings.MaxConcurrentRequests ?? most, most);
        return atOnce == int.MaxValue
            ? null
            : new(new() { PermitLimit = atOnce, QueueLimit = most - atOnce, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
    }

    static Task WriteAsync(HttpContext http, object? result)
    {
        switch (result)
        {
            case IResult answer:
                return answer.ExecuteAsync(http);
            case string text:
                return Results.Text(text).ExecuteAsync(http);
            case null:
                if (!http.Response.HasStarted && http.Response.StatusCode == StatusCodes.Status200OK)
                    http.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            default:
                return Results.Json(result).ExecuteAsync(http);
        }
    }
}

/// <summary>The HTTP side of a run.</summary>
public static class HttpContextExtensions
{
    internal const string Key = "HttpRequestContext";

    /// <summary>The request that started the run; null when none did.</summary>
    public static HttpContext? GetHttpContext(this FunctionContext context) =>
        context.Items.TryGetValue(Key, out var http) ? (HttpContext)http : null;
}
