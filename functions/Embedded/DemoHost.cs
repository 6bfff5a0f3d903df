using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ServerlessCLM.Functions;

/// <summary>The running product as its callers see it: address, key and routes.</summary>
internal sealed class DemoHost(IServer server, EmulatorOptions options) : IDisposable
{
    private readonly HttpClient _http = new();

    public string Address => server.Features.Get<IServerAddressesFeature>()!.Addresses.Single().TrimEnd('/');

    public string KeyHeader => $"-H \"x-functions-key: {FunctionKey()}\"";

    /// <summary>Sends a request as somebody of the bank.</summary>
    /// <exception cref="InvalidDataException">It was refused.</exception>
    public async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, $"{Address}/api/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("x-functions-key", FunctionKey());
        request.Headers.Add("x-ms-client-principal-name", DemoDecisions.Author);
        using var answer = await _http.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidDataException($"the demo's own request was refused: {method} {path}: {(int)answer.StatusCode} {text}");

        return text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The key that requests need: the one set, or the one that the host made at its first start.</summary>
    private string FunctionKey()
    {
        if (options.FunctionKey is { } set)
            return set;

        using var keys = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(options.DataDirectory, "keys.json")));
        return keys.RootElement.GetProperty("functionKey").GetString()!;
    }
}
