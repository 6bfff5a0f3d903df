using System.Net.Sockets;
using System.Text;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Tests.Http.Fuzz;

namespace ServerlessCLM.Tests.Http;

/// <summary>What a client cannot be made to send: bodies that are announced and do not come, or come in part.</summary>
public sealed class BodyLimitTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Larger than any route takes.</summary>
    private const int TooLarge = (16 << 20) + 1;

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_before_it_comes()
    {
        await using var target = await FuzzTarget.StartAsync();
        foreach (var operation in await OperationsAsync(target))
        {
            var status = await SendAsync(target, operation, $"Content-Length: {TooLarge}", [], isCutShort: false);
            // What is not there, not allowed now or not signed is answered without a look at the body.
            Assert.True(status is 413 or 401 or 404 or 409 or 428, $"{operation.Id} answered {status}");
        }
    }

    [Fact]
    public async Task A_body_that_ends_too_early_ends_the_request_and_nothing_else()
    {
        await using var target = await FuzzTarget.StartAsync();
        foreach (var operation in await OperationsAsync(target))
        {
            foreach (var (head, body) in ((string, string)[])[("Content-Length: 100", "{\"a\":"), ("Transfer-Encoding: chunked", "5\r\n{\"a\":"), ("Transfer-Encoding: chunked", "zz\r\n")])
            {
                var status = await SendAsync(target, operation, head, Encoding.ASCII.GetBytes(body), isCutShort: true);
                // Nothing at all is an answer to who has hung up.
                Assert.True(status is 0 or (>= 400 and < 500), $"{operation.Id} answered {status} to {head}");
            }
        }

        Assert.Empty(target.TakeFailures());
        Assert.Equal(200, (await target.Product.SendAsync(HttpMethod.Get, "api/health")).Status);
    }

    private static async Task<IEnumerable<ApiOperation>> OperationsAsync(FuzzTarget target) =>
        ApiOperation.All((await target.Product.SendAsync(HttpMethod.Get, "api/openapi.json")).Body!).Where(operation => operation.MediaTypes.Count > 0);

    /// <returns>The status; 0 where the connection ended without an answer.</returns>
    private static async Task<int> SendAsync(FuzzTarget target, ApiOperation operation, string head, byte[] body, bool isCutShort)
    {
        var address = target.Client.BaseAddress!;
        var route = target.Fixture.Route(operation, new Mutation(new Rng(1)));
        using var deadline = new CancellationTokenSource(Deadline);
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port, deadline.Token);
        await using var stream = connection.GetStream();
        var lines = string.Join("\r\n",
            $"{operation.Method} /api/{string.Join('/', route)} HTTP/1.1", $"Host: {address.Authority}", $"x-functions-key: {Product.Key}", $"{Principals.Header}: ann",
            $"Content-Type: {operation.MediaTypes[0]}", head, "", "");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(lines), deadline.Token);
        await stream.WriteAsync(body, deadline.Token);
        if (isCutShort)
            connection.Client.Shutdown(SocketShutdown.Send);

        try
        {
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadLineAsync(deadline.Token) is { } answer ? int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
