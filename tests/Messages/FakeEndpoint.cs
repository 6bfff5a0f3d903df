using System.ClientModel;
using System.ClientModel.Primitives;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenAI;
using OpenAI.Chat;

namespace ServerlessCLM.Tests.Messages;

/// <summary>A server that speaks OpenAI's chat protocol and answers what a test tells it, one answer a call, the last one for ever.</summary>
internal sealed class FakeEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _answers = new();

    private FakeEndpoint(WebApplication app) => _app = app;

    /// <summary>What was asked, oldest first.</summary>
    public ConcurrentQueue<JsonNode> Asked { get; } = new();

    public static async Task<FakeEndpoint> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var endpoint = new FakeEndpoint(app);
        app.MapPost("/v1/chat/completions", endpoint.AnswerAsync);
        await app.StartAsync();
        return endpoint;
    }

    public ChatClient Client(string model = "fake-1") => new(model, new ApiKeyCredential("key"), new OpenAIClientOptions
    {
        Endpoint = new Uri($"{_app.Urls.First()}/v1"), RetryPolicy = new ClientRetryPolicy(maxRetries: 0), NetworkTimeout = Timeout.InfiniteTimeSpan,
    });

    public FakeEndpoint Says(string? subject, string body) => Content(new JsonObject { ["subject"] = subject, ["body"] = body }.ToJsonString());

    /// <summary>Answers with a text as the message's content.</summary>
    public FakeEndpoint Content(string content, string finish = "stop", string? refusal = null) => Raw(200, Completion(content, finish, refusal));

    public FakeEndpoint Raw(int status, string json) => Does(context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    });

    /// <summary>Never answers; the call ends when the caller goes.</summary>
    public FakeEndpoint Hangs(TaskCompletionSource asked) => Does(async context =>
    {
        asked.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
    });

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private FakeEndpoint Does(Func<HttpContext, Task> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Asked.Enqueue((await JsonNode.ParseAsync(context.Request.Body))!);
        if (!(_answers.Count > 1 ? _answers.TryDequeue(out var answer) : _answers.TryPeek(out answer)))
            throw new InvalidOperationException("the test has told no answer");
        try
        {
            await answer(context);
        }
        catch (OperationCanceledException)
        {
            // The caller has gone, as a test of a slow endpoint wants it.
        }
    }

    private static string Completion(string content, string finish, string? refusal) => JsonSerializer.Serialize(new
    {
        id = "c-1",
        @object = "chat.completion",
        created = 1_790_000_000,
        model = "fake-1",
        choices = new[] { new { index = 0, finish_reason = finish, message = new { role = "assistant", content, refusal } } },
        usage = new { prompt_tokens = 300, completion_tokens = 100, total_tokens = 400 },
    });
}
