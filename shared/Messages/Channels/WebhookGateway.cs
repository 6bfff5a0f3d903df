using System.Diagnostics;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;
using ServerlessCLM.Customers;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Messages.Channels;

public enum HandOver { Taken, Refused, Failed }

/// <summary>What came of an attempt to hand a message over.</summary>
/// <param name="Outcome">Taken; refused for good; or failed in a way that may pass.</param>
/// <param name="Reason">Why not.</param>
/// <param name="Reference">The gateway's own id of the message.</param>
public sealed record HandOverResult(HandOver Outcome, string? Reason, string? Reference = null);

/// <summary>
/// Hands messages to a gateway by one signed webhook (Standard Webhooks 1.0): within a time, again where that may help, and not at all while the
/// gateway keeps failing. Every attempt at a message has the same id, by which the gateway knows it again.
/// </summary>
public sealed class WebhookGateway
{
    private const int MaxAnswer = 4096;

    private readonly HttpClient _http;
    private readonly GatewayOptions _options;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<HandOverResult> _pipeline;

    public WebhookGateway(HttpClient http, GatewayOptions gateway, DispatchOptions options, TimeProvider time)
    {
        (_http, _options, _time) = (http, gateway, time);
        var failed = new PredicateBuilder<HandOverResult>().HandleResult(result => result.Outcome == HandOver.Failed).Handle<TimeoutRejectedException>();
        var builder = new ResiliencePipelineBuilder<HandOverResult> { TimeProvider = time };
        if (options.Retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<HandOverResult>
            {
                ShouldHandle = failed, MaxRetryAttempts = options.Retries, BackoffType = DelayBackoffType.Exponential, Delay = TimeSpan.FromMilliseconds(500), MaxDelay = TimeSpan.FromSeconds(5),
            });
        }

        _pipeline = builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HandOverResult>
            {
                ShouldHandle = failed, MinimumThroughput = 8, FailureRatio = 0.5, BreakDuration = options.BreakFor,
            })
            .AddTimeout(options.Timeout)
            .Build();
    }

    /// <param name="key">The message's idempotency key.</param>
    /// <param name="customer">Whose message it is.</param>
    /// <param name="delivery">The message.</param>
    /// <param name="cancellation">Stops the attempt.</param>
    public async Task<HandOverResult> SendAsync(string key, CustomerId customer, MessageDelivery delivery, CancellationToken cancellation)
    {
        var body = Body(customer, delivery);
        try
        {
            return await _pipeline.ExecuteAsync(async token => await PostAsync(delivery.Message.Gateway.Text(), key, body, token), cancellation);
        }
        catch (TimeoutRejectedException)
        {
            return new(HandOver.Failed, "the gateway did not answer in time");
        }
        catch (BrokenCircuitException)
        {
            return new(HandOver.Failed, "the gateway keeps failing; it is left alone for a while");
        }
    }

    private async Task<HandOverResult> PostAsync(string gateway, string key, byte[] body, CancellationToken cancellation)
    {
        using var span = ProductTraces.Start(ProductTraces.Webhook, ActivityKind.Client)?.SetTag(TraceTags.Gateway, gateway);
        var at = _time.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, _options.Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(WebhookSignature.IdHeader, key);
        request.Headers.Add(WebhookSignature.TimestampHeader, WebhookSignature.Seconds(at));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(_options.Secrets, key, at, body));
        if (ProductTraces.Current is { } trace)
            request.Headers.Add(ProductTraces.TraceParent, trace);
        var began = Stopwatch.GetTimestamp();
        var outcome = HandOver.Failed;
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            var status = (int)answer.StatusCode;
            span?.SetTag(TraceTags.Status, status);
            HandOverResult result = status switch
            {
                // 409: it has the message already.
                >= 200 and < 300 or 409 => new(HandOver.Taken, null, await ReferenceAsync(answer, cancellation)),
                408 or 425 or 429 or >= 500 => new(HandOver.Failed, $"the gateway answered {status}"),
                _ => new(HandOver.Refused, $"the gateway answered {status}"),
            };
            outcome = result.Outcome;
            return result;
        }
        catch (HttpRequestException unreachable)
        {
            span.Fail(unreachable);
            return new(HandOver.Failed, $"the gateway cannot be reached: {Rejection.Shorten((unreachable.InnerException as PrivateAddressException ?? unreachable).Message, 200)}");
        }
        finally
        {
            ProductMetrics.Called(gateway, Stopwatch.GetElapsedTime(began), outcome);
        }
    }

    /// <summary>The gateway's own id, where it tells one in a small JSON answer; what else it says is its own.</summary>
    private static async Task<string?> ReferenceAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[MaxAnswer];
        var length = await stream.ReadAtLeastAsync(buffer, MaxAnswer, throwOnEndOfStream: false, cancellation);
        try
        {
            using var json = JsonDocument.Parse(buffer.AsMemory(0, length));
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("reference", out var reference)
                && reference.ValueKind == JsonValueKind.String && reference.GetString() is { Length: > 0 and <= 200 } text ? text : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The same bytes for every attempt.</summary>
    private static byte[] Body(CustomerId customer, MessageDelivery delivery)
    {
        var message = delivery.Message;
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["type"] = "clm.message.v1",
            ["timestamp"] = Instant.Text(delivery.At),
            ["data"] = new JsonObject
            {
                ["messageId"] = message.MessageId, ["customerId"] = customer.Value, ["gateway"] = message.Gateway.Text(), ["purpose"] = message.Purpose,
                ["to"] = delivery.To, ["language"] = message.Language, ["subject"] = message.Subject, ["body"] = message.Body,
            },
        });
    }
}
