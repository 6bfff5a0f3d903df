using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCLM.Journeys;
using ServerlessCLM.Messages.Channels;

namespace ServerlessCLM.Tests.Messages;

/// <summary>What the product calls itself must not lead into the network it runs in.</summary>
public sealed class OutboundTests : IDisposable
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly TcpListener _inside = new(IPAddress.IPv6Any, 0) { Server = { DualMode = true } };

    public OutboundTests() => _inside.Start();

    private int Port => ((IPEndPoint)_inside.LocalEndpoint).Port;

    public void Dispose() => _inside.Dispose();

    /// <summary>By number, in whatever form it is written, and by a name: what counts is where the connection would go.</summary>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("localhost")]
    [InlineData("0.0.0.0")]
    [InlineData("169.254.169.254")]
    public async Task A_host_that_leads_inside_is_not_connected_to(string host)
    {
        using var client = new HttpClient(PublicAddresses.Handler(allowPrivate: false));
        var refused = await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync($"http://{host}:{Port}/"));
        Assert.Contains("not a public address", $"{refused.Message} {refused.InnerException?.Message}", StringComparison.Ordinal);
        Assert.False(_inside.Pending());
    }

    /// <summary>A public endpoint could send the product on to a private one.</summary>
    [Fact]
    public async Task A_redirect_is_an_answer_and_not_followed()
    {
        using var client = new HttpClient(PublicAddresses.Handler(allowPrivate: true));
        var asked = client.GetAsync($"http://127.0.0.1:{Port}/");
        using (var connection = await _inside.AcceptTcpClientAsync())
        {
            await using var stream = connection.GetStream();
            using var reader = new StreamReader(stream, leaveOpen: true);
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{Port}/again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        }

        Assert.Equal(HttpStatusCode.Found, (await asked).StatusCode);
        Assert.False(_inside.Pending());
    }

    [Fact]
    public async Task A_journeys_webhook_into_the_network_is_not_called_and_tells_no_secret()
    {
        var options = new JourneyOptions
        {
            Webhooks = new Dictionary<string, WebhookTarget> { ["crm"] = new(new Uri($"https://127.0.0.1:{Port}/calls"), [WebhookSignature.Secret(Secret)]) },
        };
        using var webhooks = new JourneyWebhooks(options, new DispatchOptions(), TimeProvider.System);
        var refused = await Assert.ThrowsAsync<WebhookFailedException>(() => webhooks.CallAsync("crm", "call-1", new JourneyRun("bank", "C-1", "j", 1, "d", "i", []), "node", new JsonObject(), CancellationToken.None));
        Assert.Contains("not a public address", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret["whsec_".Length..], refused.ToString(), StringComparison.Ordinal);
        Assert.False(_inside.Pending());
    }
}
