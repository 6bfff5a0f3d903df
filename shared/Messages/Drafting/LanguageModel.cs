using System.ClientModel;
using System.Globalization;
using System.Text.Json;
using OpenAI.Chat;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace ServerlessCLM.Messages.Drafting;

/// <summary>What a model answered.</summary>
/// <param name="Draft">The text; null where there is none.</param>
/// <param name="Failure">Why there is none.</param>
/// <param name="Tokens">In and out, as the endpoint counted them; null where it may have counted some and did not say.</param>
public sealed record ModelReply(Draft? Draft, string? Failure, int? Tokens);

/// <summary>Calls a chat model within a time, again where that may help, and not at all while it keeps failing.</summary>
public sealed class LanguageModel
{
    private const int MaxText = 20_000;

    private readonly ChatClient _client;
    private readonly DraftingOptions _options;
    private readonly ResiliencePipeline _pipeline;

    /// <param name="client">Of the endpoint. It must not retry by itself: waits go by <paramref name="time"/>.</param>
    /// <param name="options">Times and limits.</param>
    /// <param name="time">The clock of waits and of the breaker.</param>
    public LanguageModel(ChatClient client, DraftingOptions options, TimeProvider time)
    {
        (_client, _options) = (client, options);
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        if (options.Retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<ClientResultException>(MayPass).Handle<HttpRequestException>().Handle<TimeoutRejectedException>(),
                MaxRetryAttempts = options.Retries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(500),
            });
        }

        _pipeline = builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<ClientResultException>(MayPass).Handle<HttpRequestException>().Handle<TimeoutRejectedException>(),
                MinimumThroughput = 8,
                FailureRatio = 0.5,
                BreakDuration = options.BreakFor,
            })
            .AddTimeout(options.Timeout)
            .Build();
    }

    /// <summary>Name of the model, for the record.</summary>
    public string Name => _options.Model ?? "";

    /// <summary>Asks for a message. Whatever goes wrong at the endpoint is an answer, with the reason in it.</summary>
    public async Task<ModelReply> WriteAsync(IReadOnlyList<ChatMessage> prompt, CancellationToken cancellation)
    {
        var options = new ChatCompletionOptions
        {
            MaxOutputTokenCount = _options.MaxOutputTokens,
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("message", Prompt.Schema, jsonSchemaIsStrict: true),
        };
        try
        {
            var answer = await _pipeline.ExecuteAsync(
                async token => (await _client.CompleteChatAsync(prompt, options, token)).Value, cancellation);
            return Read(answer);
        }
        catch (TimeoutRejectedException)
        {
            return Failed(string.Create(CultureInfo.InvariantCulture, $"no answer within {_options.Timeout.TotalSeconds:0.#} seconds"), tokens: null);
        }
        catch (BrokenCircuitException)
        {
            return Failed("the endpoint keeps failing; it is left alone for a while");
        }
        catch (ClientResultException refused)
        {
            return Failed(string.Create(CultureInfo.InvariantCulture, $"the endpoint answered {refused.Status}"));
        }
        catch (Exception broken) when (broken is HttpRequestException or JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            // The client reads an answer of another shape with whatever exception comes first.
            return Failed($"the endpoint's answer cannot be read: {broken.GetType().Name}", tokens: null);
        }
    }

    private static bool MayPass(ClientResultException failure) => failure.Status is 0 or 408 or 409 or 429 or >= 500;

    private static ModelReply Failed(string reason, int? tokens = 0) => new(null, reason, tokens);

    private static ModelReply Read(ChatCompletion answer)
    {
        var tokens = answer.Usage?.TotalTokenCount ?? 0;
        if (answer.Refusal is { Length: > 0 })
            return Failed("the model refused to write", tokens);
        if (answer.FinishReason == ChatFinishReason.Length)
            return Failed("the answer was cut short", tokens);
        if (answer.FinishReason == ChatFinishReason.ContentFilter)
            return Failed("the endpoint's filter stopped the answer", tokens);

        var text = string.Concat(answer.Content.Select(part => part.Text));
        if (text.Length is 0 or > MaxText)
            return Failed(text.Length == 0 ? "the answer is empty" : "the answer is too long", tokens);

        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("body", out var body) || body.ValueKind != JsonValueKind.String)
                return Failed("the answer has no body", tokens);
            var subject = root.TryGetProperty("subject", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
            return new ModelReply(new Draft(body.GetString()!, string.IsNullOrWhiteSpace(subject) ? null : subject), null, tokens);
        }
        catch (JsonException)
        {
            return Failed("the answer is not the JSON asked for", tokens);
        }
    }
}
