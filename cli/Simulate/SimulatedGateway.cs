using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Emulator;
using ServerlessCLM.Messages.Channels;

namespace ServerlessCLM.Cli.Simulate;

/// <summary>A provider of messages over HTTP for any number of runs: each has a mailbox of its own.</summary>
internal sealed class SimulatedGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<int, Mailbox> _mailboxes = new();
    private int _opened;

    private SimulatedGateway(WebApplication app) => _app = app;

    public static async Task<SimulatedGateway> StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var gateway = new SimulatedGateway(app);
        app.MapPost("/{mailbox:int}", gateway.TakeAsync);
        await app.StartAsync(cancellation);
        return gateway;
    }

    /// <summary>Opens the mailbox of a run.</summary>
    /// <param name="seed">Of what goes wrong with it.</param>
    /// <param name="fails">Whether anything does.</param>
    public Mailbox Open(ulong seed, Func<bool> fails)
    {
        var number = Interlocked.Increment(ref _opened);
        return _mailboxes[number] = new Mailbox($"{_app.Urls.First()}/{number}", seed, fails);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context, int mailbox)
    {
        var body = await JsonNode.ParseAsync(context.Request.Body);
        var key = context.Request.Headers[WebhookSignature.IdHeader].ToString();
        switch (_mailboxes[mailbox].Take(key, body!["data"]!.AsObject()))
        {
            case GatewayAnswer.Lost:
                context.Abort();
                break;
            case GatewayAnswer.Taken:
                await context.Response.WriteAsync($$"""{"reference":"{{key}}"}""");
                break;
            case var failure:
                context.Response.StatusCode = (int)failure;
                break;
        }
    }
}

/// <summary>How a hand-over is answered; a failure has its HTTP status.</summary>
internal enum GatewayAnswer
{
    Taken = 200,

    /// <summary>The message was taken, and the connection breaks before the answer.</summary>
    Lost = 0,
    Busy = 429,
    Broken = 503,
}

/// <summary>A message as handed over.</summary>
/// <param name="Key">Under which it was.</param>
/// <param name="MessageId">The product's id of it.</param>
/// <param name="Customer">To whom.</param>
/// <param name="Body">Its text.</param>
internal readonly record struct Letter(string Key, string MessageId, string Customer, string Body);

/// <summary>What a run has handed over. What goes wrong with it follows from the seed, the key and the attempt.</summary>
internal sealed class Mailbox(string address, ulong seed, Func<bool> fails)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _attempts = new(StringComparer.Ordinal);
    private readonly List<Letter> _letters = [];

    public string Address => address;

    /// <summary>What was taken, in its order; what was handed over again is here again.</summary>
    public IReadOnlyList<Letter> Letters
    {
        get
        {
            lock (_gate)
                return [.. _letters];
        }
    }

    public GatewayAnswer Take(string key, JsonObject message)
    {
        lock (_gate)
        {
            var attempt = _attempts[key] = _attempts.GetValueOrDefault(key) + 1;
            var answer = fails() ? AnswerOf(SeededHash.Share(SeededHash.Of(seed, key, attempt))) : GatewayAnswer.Taken;
            if (answer is GatewayAnswer.Taken or GatewayAnswer.Lost)
                _letters.Add(new Letter(key, (string)message["messageId"]!, (string)message["customerId"]!, (string)message["body"]!));
            return answer;
        }
    }

    private static GatewayAnswer AnswerOf(double share) => share switch
    {
        < 0.08 => GatewayAnswer.Lost,
        < 0.16 => GatewayAnswer.Broken,
        < 0.24 => GatewayAnswer.Busy,
        _ => GatewayAnswer.Taken,
    };
}
