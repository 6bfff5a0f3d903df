using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Tests.Emulator.Hosting;

namespace ServerlessCLM.Tests.Faults;

/// <summary>The process is asked to end, as a service manager does: it takes nothing new, and finishes what it has begun.</summary>
public class DrainTests
{
    private const int Events = 40;

    [Fact(Timeout = 120_000)]
    public async Task Asked_to_end_the_host_answers_what_it_has_begun_and_remembers_every_batch()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no SIGTERM.");
        using var folder = new TestFolder();
        await using (var host = new KilledHost(folder.Path))
        {
            await host.StartAsync();
            for (var batch = 0; batch < 5; batch++)
                Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(host.Client, new ByteArrayContent(Batch(batch)))).StatusCode);

            // Half of a request's body is there when the signal comes.
            using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) };
            using var client = new HttpClient(handler) { BaseAddress = host.Client.BaseAddress };
            client.DefaultRequestHeaders.Add("x-functions-key", KilledHost.Key);
            var slow = new SlowContent(Batch(5));
            var answer = PostAsync(client, slow, expectContinue: true);
            await slow.HalfSent.Task;
            var ended = host.TerminateAsync();
            await RefusedAsync(host.Client.BaseAddress!);
            slow.Proceed.SetResult();

            Assert.Equal(HttpStatusCode.Accepted, (await answer).StatusCode);
            Assert.Equal(0, await ended);
        }

        await CheckAsync(folder.Path);
    }

    /// <summary>What is delivered after the next start has not been counted before it.</summary>
    private static async Task CheckAsync(string data)
    {
        using var scored = new ScoredBatches();
        using var host = Functions.ServerlessClm.Create(
            [$"--CLM_DATA={data}", "--CLM_PORT=0", "--Logging:LogLevel:Default=Warning", "--Logging:LogLevel:ServerlessCLM.Functions.Transactions=Debug"],
            services => services.AddLogging(logging => logging.ClearProviders().AddProvider(scored)));
        var hubs = host.Services.GetRequiredService<EventHubsNamespace>();
        Assert.Equal(6 * Events, hubs.GetLag(EventStreams.TransactionsHub, "a-new-reader"));
        var left = hubs.GetLag(EventStreams.TransactionsHub);
        await host.StartAsync();
        await hubs.WaitUntilDrainedAsync(EventStreams.TransactionsHub).WaitAsync(TimeSpan.FromMinutes(1));
        await host.StopAsync();
        Assert.Equal((left, 0), (scored.Counted, scored.Again));
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, HttpContent content, bool expectContinue = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/transactions") { Content = content };
        request.Headers.ExpectContinue = expectContinue;
        content.Headers.ContentType = new("application/json");
        return await client.SendAsync(request);
    }

    private static byte[] Batch(int batch) => Encoding.UTF8.GetBytes(
        $"[{string.Join(',', Enumerable.Range(0, Events).Select(i => Encoding.UTF8.GetString(Product.Payment($"C-{i % 9}", $"{batch}-{i}", TimeProvider.System.GetUtcNow().AddMinutes(-i)))))}]");

    /// <summary>Returns once nobody listens any more.</summary>
    private static async Task RefusedAsync(Uri address)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            while (true)
            {
                using var connection = new TcpClient();
                await connection.ConnectAsync(address.Host, address.Port, patience.Token);
            }
        }
        catch (SocketException)
        {
            // The host has stopped accepting: refused, or reset while it closed.
        }
    }

    /// <summary>A body whose second half waits.</summary>
    private sealed class SlowContent(byte[] body) : HttpContent
    {
        public TaskCompletionSource HalfSent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Proceed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(body.AsMemory(0, body.Length / 2));
            await stream.FlushAsync();
            HalfSent.SetResult();
            await Proceed.Task;
            await stream.WriteAsync(body.AsMemory(body.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length;
            return true;
        }
    }

    /// <summary>Adds up what the scoring function says of its batches.</summary>
    private sealed class ScoredBatches : ILoggerProvider, ILogger
    {
        private long _counted;
        private int _again;

        public long Counted => Interlocked.Read(ref _counted);

        public int Again => Volatile.Read(ref _again);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id != 1001 || state is not IReadOnlyList<KeyValuePair<string, object?>> values)
                return;
            Interlocked.Add(ref _counted, (int)values.First(value => value.Key == "Counted").Value!);
            Interlocked.Add(ref _again, (int)values.First(value => value.Key == "Again").Value!);
        }

        public void Dispose()
        {
        }
    }
}
