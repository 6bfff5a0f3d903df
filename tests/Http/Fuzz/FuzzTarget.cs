using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Messages.Channels;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Tests.Http.Fuzz;

/// <summary>The product that is fuzzed, and what it logs as failed.</summary>
internal sealed class FuzzTarget : IAsyncDisposable
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>What no answer and no log line may hold.</summary>
    public static IReadOnlyList<string> Secrets { get; } = [Product.Key, "the-master-key", Secret["whsec_".Length..]];

    private readonly Failures _failures;

    private FuzzTarget(Product product, Failures failures) => (Product, Fixture, _failures) = (product, new FuzzFixture(product), failures);

    public Product Product { get; }

    public FuzzFixture Fixture { get; }

    public HttpClient Client => Product.Client;

    public static async Task<FuzzTarget> StartAsync()
    {
        var failures = new Failures();
        var product = await Product.StartAsync(services => services.AddLogging(logging => logging.AddProvider(failures)), null,
            "--CLM_UNSYNCED=true", $"--Clm:SelfService:WebhookSecrets={Secret}", $"--Clm:Gateways:email:ReceiptSecrets:0={Secret}", "--Clm:Journeys:Catalogue=card-first-purchase",
            // The clock stands still, and so would the buckets.
            "--Clm:Limits:Reads:Burst=1000000", "--Clm:Limits:Writes:Burst=1000000", "--Clm:Limits:Open:Burst=1000000");
        var target = new FuzzTarget(product, failures);
        await target.Fixture.FillAsync();
        return target;
    }

    /// <summary>Exceptions that no function expected; taken out.</summary>
    public IReadOnlyList<string> TakeFailures() => _failures.Take();

    /// <summary>As the operation's callers come: with a role of the table and a name, or with a signature.</summary>
    public void Sign(ApiOperation operation, HttpRequestMessage request, byte[] body, Mutation pick)
    {
        request.Headers.Add(Principals.Header, pick.Pick<string>(["ann", "bob"]));
        request.Headers.Add(Principals.ClaimsHeader, AccessTableTests.Claims(OneOf(AccessTable.Allowed(operation.Id))));
        if (operation.Id is not ("TakeReceipt" or "ReceivePayment"))
            return;

        var (id, now) = ($"w-{Digest64.Of(Encoding.Latin1.GetString(body)):x}", Product.Clock.GetUtcNow());
        request.Headers.Add(WebhookSignature.IdHeader, id);
        request.Headers.Add(WebhookSignature.TimestampHeader, WebhookSignature.Seconds(now));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign([WebhookSignature.Secret(Secret)], id, now, body));
    }

    /// <summary>What was taken is worked off, and every timer comes by.</summary>
    public async Task WorkOffAsync(CancellationToken cancellation)
    {
        foreach (var hub in (string[])[EventStreams.TransactionsHub, EventStreams.EventsHub])
            await Product.DrainAsync(hub).WaitAsync(cancellation);
        var listener = Product.Get<IEnumerable<ITriggerListener>>().Single(each => each.TriggerType == typeof(TimerTriggerAttribute));
        foreach (var (function, _) in Product.Get<FunctionCatalogue>().TriggeredBy<TimerTriggerAttribute>())
            await listener.FireAsync(function, null, cancellation);
    }

    public ValueTask DisposeAsync() => Product.DisposeAsync();

    private static Roles OneOf(Roles roles) => Enum.GetValues<Roles>().FirstOrDefault(role => int.IsPow2((int)role) && roles.HasFlag(role));

    private sealed class Failures : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _seen = new();

        public IReadOnlyList<string> Take()
        {
            var taken = new List<string>();
            while (_seen.TryDequeue(out var failure))
                taken.Add(failure);
            return taken;
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = formatter(state, exception);
            if (exception is not null || Secrets.Any(secret => line.Contains(secret, StringComparison.Ordinal)))
                _seen.Enqueue($"{line}: {exception?.ToString() ?? "holds a secret"}");
        }

        public void Dispose()
        {
        }
    }
}
