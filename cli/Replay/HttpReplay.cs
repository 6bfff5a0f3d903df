using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Polly;
using Polly.Retry;

namespace ServerlessCLM.Cli.Replay;

/// <summary>Posts the events to a running host. A request that fails is sent again: the events' ids keep that from counting twice.</summary>
internal sealed class HttpReplay(Uri host, string? key, int batch)
{
    private const int Lanes = 4;

    private static readonly ResiliencePipeline<HttpResponseMessage> Retry = new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = 8,
            Delay = TimeSpan.FromMilliseconds(200),
            BackoffType = DelayBackoffType.Exponential,
            MaxDelay = TimeSpan.FromSeconds(10),
            ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                .Handle<HttpRequestException>()
                .Handle<TaskCanceledException>(late => late.InnerException is TimeoutException)
                .HandleResult(response => response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError),
        })
        .Build();

    public async Task RunAsync(ReplayPlan plan, ReplaySummary summary, ProgressLine progress, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = host };
        if (key is not null)
            client.DefaultRequestHeaders.Add("x-functions-key", key);

        await ReachAsync(client, cancellation);
        long sent = 0;
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async lane =>
        {
            foreach (var chunk in plan.Chunks(lane, Lanes, batch))
            {
                var (accepted, rejected) = await SendAsync(client, chunk, cancellation);
                summary.Outcome("accepted", accepted);
                summary.Outcome("rejected", rejected);
                progress.Add(chunk.Count, (double)Interlocked.Add(ref sent, chunk.Count) / plan.Events);
            }
        }));
    }

    private static async Task ReachAsync(HttpClient client, CancellationToken cancellation)
    {
        try
        {
            using var health = await client.GetAsync(new Uri("api/health", UriKind.Relative), cancellation);
            if (!health.IsSuccessStatusCode)
                throw new UnusableArgumentException($"{client.BaseAddress} answers /api/health with {(int)health.StatusCode}");
        }
        catch (HttpRequestException unreachable)
        {
            throw new UnusableArgumentException($"{client.BaseAddress} cannot be reached ({unreachable.Message}); start it with: dotnet run --project functions");
        }
    }

    private static async Task<(int Accepted, int Rejected)> SendAsync(HttpClient client, List<ReadOnlyMemory<byte>> events, CancellationToken cancellation)
    {
        try
        {
            return await PostAsync(client, events, cancellation);
        }
        catch (Exception gone) when (gone is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
        {
            throw new UnusableArgumentException($"{client.BaseAddress} no longer answers ({gone.Message}); replay again, the ids keep events from counting twice");
        }
        catch (JsonException strange)
        {
            throw new UnusableArgumentException($"{client.BaseAddress} does not answer as ServerlessCLM does ({strange.Message})");
        }
    }

    private static async Task<(int Accepted, int Rejected)> PostAsync(HttpClient client, List<ReadOnlyMemory<byte>> events, CancellationToken cancellation)
    {
        var body = new MemoryStream();
        body.WriteByte((byte)'[');
        for (var i = 0; i < events.Count; i++)
        {
            if (i > 0)
                body.WriteByte((byte)',');
            await body.WriteAsync(events[i], cancellation);
        }

        body.WriteByte((byte)']');
        var bytes = body.ToArray();
        using var response = await Retry.ExecuteAsync(async token =>
        {
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents-batch+json");
            return await client.PostAsync(new Uri("api/transactions", UriKind.Relative), content, token);
        }, cancellation);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
            throw new UnusableArgumentException("the key is not accepted; name the function key with --key or CLM_FUNCTION_KEY");

        if (!response.IsSuccessStatusCode)
            throw new UnusableArgumentException($"the host answers {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellation)}");

        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellation));
        return (answer.RootElement.GetProperty("accepted").GetInt32(), answer.RootElement.GetProperty("rejected").GetInt32());
    }
}
