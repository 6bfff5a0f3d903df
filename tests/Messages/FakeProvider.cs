using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Messages.Channels;

namespace ServerlessCLM.Tests.Messages;

/// <summary>A provider of messages over real HTTP: knows signatures and keys, and answers what a test tells it, then 202.</summary>
internal sealed class FakeProvider : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _answers = new();

    private FakeProvider(WebApplication app) => _app = app;

    /// <summary>Keys of all calls, in their order.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>The <c>traceparent</c> and <c>baggage</c> of all calls.</summary>
    public ConcurrentQueue<(string? Trace, string? Baggage)> Traces { get; } = new();

    /// <summary>What reached the provider and was not refused, once for each key.</summary>
    public ConcurrentDictionary<string, JsonNode> Messages { get; } = new();

    public string Address => $"{_app.Urls.First()}/send";

    public static async Task<FakeProvider> StartAsync(Func<DateTimeOffset> now)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var provider = new FakeProvider(app);
        app.MapPost("/send", context => provider.TakeAsync(context, now()));
        await app.StartAsync();
        return provider;
    }

    public FakeProvider Answers(int status) => Does(context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    /// <summary>Takes the message and never says so.</summary>
    public FakeProvider Hangs(TaskCompletionSource asked) => Does(async context =>
    {
        asked.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
    });

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private FakeProvider Does(Func<HttpContext, Task> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    private async Task TakeAsync(HttpContext context, DateTimeOffset now)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        var key = context.Request.Headers[WebhookSignature.IdHeader].ToString();
        Calls.Enqueue(key);
        Traces.Enqueue((context.Request.Headers["traceparent"], context.Request.Headers["baggage"]));
        if (WebhookSignature.Fault([WebhookSignature.Secret(Secret)], key, context.Request.Headers[WebhookSignature.TimestampHeader].ToString(),
            context.Request.Headers[WebhookSignature.SignatureHeader].ToString(), Encoding.UTF8.GetBytes(body), now) is not null)
        {
            context.Response.StatusCode = 401;
            return;
        }

        if (_answers.TryDequeue(out var answer))
        {
            try
            {
                await answer(context);
            }
            catch (OperationCanceledException)
            {
                // The caller has gone, as a test of a slow provider wants it; the message was taken.
                Messages.TryAdd(key, JsonNode.Parse(body)!);
            }

            if (context.Response.StatusCode != 200)
                return;
        }

        if (!Messages.TryAdd(key, JsonNode.Parse(body)!))
            context.Response.StatusCode = 409;
        else
            await context.Response.WriteAsync("""{"reference":"p-1"}""");
    }
}
