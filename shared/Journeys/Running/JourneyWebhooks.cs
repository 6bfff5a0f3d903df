using System.Diagnostics;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Messages.Channels;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Journeys;

/// <summary>An endpoint did not take a call, in a way that may pass.</summary>
public sealed class WebhookFailedException(string webhook, string reason) : Exception($"webhook {webhook} {reason}");

/// <summary>Calls endpoints of the bank's, signed as Standard Webhooks 1.0 say; every attempt at a call has the same id.</summary>
public sealed class JourneyWebhooks(JourneyOptions options, DispatchOptions dispatch, TimeProvider time) : IDisposable
{
    private readonly HttpClient _http = new(PublicAddresses.Handler(dispatch.AllowPrivateAddresses)) { Timeout = dispatch.Timeout };

    public void Dispose() => _http.Dispose();

    /// <returns>Whether it was taken; false where it will not be, however often it is tried.</returns>
    /// <exception cref="WebhookFailedException">It may be taken later.</exception>
    public async Task<bool> CallAsync(string webhook, string id, JourneyRun run, string node, JsonObject facts, CancellationToken cancellation)
    {
        if (!options.Webhooks.TryGetValue(webhook, out var target))
            throw new WebhookFailedException(webhook, $"is not in the settings; add Clm:Journeys:Webhooks:{webhook}");

        using var span = ProductTraces.Start(ProductTraces.Webhook, ActivityKind.Client)?.SetTag(TraceTags.Gateway, webhook);
        var at = time.GetUtcNow();
        var body = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["type"] = "clm.journey.call.v1",
            ["data"] = new JsonObject { ["customerId"] = run.Customer, ["journey"] = run.Journey, ["instance"] = run.Instance, ["node"] = node, ["facts"] = facts.DeepClone() },
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(WebhookSignature.IdHeader, id);
        request.Headers.Add(WebhookSignature.TimestampHeader, WebhookSignature.Seconds(at));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(target.Secrets, id, at, body));
        if (ProductTraces.Current is { } trace)
            request.Headers.Add(ProductTraces.TraceParent, trace);
        var began = Stopwatch.GetTimestamp();
        var outcome = HandOver.Failed;
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            var status = (int)answer.StatusCode;
            span?.SetTag(TraceTags.Status, status);
            outcome = status switch
            {
                >= 200 and < 300 or 409 => HandOver.Taken,
                408 or 425 or 429 or >= 500 => HandOver.Failed,
                _ => HandOver.Refused,
            };
            return outcome == HandOver.Failed ? throw new WebhookFailedException(webhook, $"answered {status}") : outcome == HandOver.Taken;
        }
        catch (HttpRequestException unreachable)
        {
            span.Fail(unreachable);
            throw new WebhookFailedException(webhook, $"cannot be reached: {Rejection.Shorten(unreachable.Message, 200)}");
        }
        catch (TaskCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new WebhookFailedException(webhook, $"did not answer in time: {Rejection.Shorten(late.Message, 200)}");
        }
        finally
        {
            ProductMetrics.Called(webhook, Stopwatch.GetElapsedTime(began), outcome);
        }
    }
}
