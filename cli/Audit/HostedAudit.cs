using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCLM.Cli.Audit;

/// <summary>Has a running host verify its record, or make its decisions again, a sixteenth of the customers at a time.</summary>
internal sealed class HostedAudit(Uri host, string? key)
{
    private const int Parts = 16;

    private const string Verification = "audit/verification", Replays = "audit/replay";

    public Task<JsonObject> VerifyAsync(string[] customers, ProgressLine progress, CancellationToken cancellation) =>
        OverAsync(Verification, customers, "entries", SumOfFindings, progress, cancellation);

    /// <summary>Makes decisions again: those named, those of customers, or all.</summary>
    public async Task<JsonObject> ReplayAsync(string[] decisions, string[] customers, ProgressLine progress, CancellationToken cancellation)
    {
        if (decisions.Length == 0)
            return await OverAsync(Replays, customers, "decisions", SumOfReplays, progress, cancellation);

        using var client = Client();
        var different = new JsonArray();
        foreach (var id in decisions)
        {
            var replay = await AskAsync(client, $"decisions/{Uri.EscapeDataString(id)}/replay", [], cancellation);
            if (!(bool)replay["identical"]!)
                different.Add((JsonNode)replay);
        }

        var total = new JsonObject { ["identical"] = different.Count == 0, ["customers"] = decisions.Length, ["decisions"] = decisions.Length, ["different"] = different };
        return customers.Length == 0 ? total : SumOfReplays(total, await OverAsync(Replays, customers, "decisions", SumOfReplays, progress, cancellation));
    }

    private HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = host, Timeout = TimeSpan.FromMinutes(10) };
        if (key is not null)
            client.DefaultRequestHeaders.Add("x-functions-key", key);
        return client;
    }

    private async Task<JsonObject> OverAsync(
        string route, string[] customers, string counted, Func<JsonObject, JsonObject, JsonObject> sum, ProgressLine progress, CancellationToken cancellation)
    {
        using var client = Client();
        if (customers.Length > 0)
            return await AskAsync(client, route, new JsonObject { ["customers"] = new JsonArray([.. customers.Select(customer => (JsonNode)customer)]) }, cancellation);

        JsonObject? total = null;
        for (var part = 0; part < Parts; part++)
        {
            var from = part * 256 / Parts;
            var answer = await AskAsync(client, route, new JsonObject
            {
                ["from"] = from.ToString("x2", CultureInfo.InvariantCulture),
                ["to"] = (from + (256 / Parts) - 1).ToString("x2", CultureInfo.InvariantCulture),
            }, cancellation);
            progress.Add((long)answer[counted]!, (part + 1.0) / Parts);
            total = total is null ? answer : sum(total, answer);
        }

        return total!;
    }

    private static JsonObject SumOfReplays(JsonObject total, JsonObject part)
    {
        foreach (var name in (string[])["customers", "decisions"])
            total[name] = (long)total[name]! + (long)part[name]!;
        foreach (var replay in part["different"]!.AsArray())
            total["different"]!.AsArray().Add(replay!.DeepClone());
        total["identical"] = total["different"]!.AsArray().Count == 0;
        return total;
    }

    private static JsonObject SumOfFindings(JsonObject total, JsonObject part)
    {
        foreach (var name in (string[])["customers", "erased", "entries", "unanchored"])
            total[name] = (long)total[name]! + (long)part[name]!;

        // What is wrong with anchors is told by every part.
        var known = total["findings"]!.AsArray();
        foreach (var finding in part["findings"]!.AsArray().Where(finding => !known.Any(told => JsonNode.DeepEquals(told, finding))).ToList())
            known.Add(finding!.DeepClone());
        total["intact"] = known.Count == 0;
        (total["anchors"], total["lastAnchorAt"]) = (part["anchors"]!.DeepClone(), part["lastAnchorAt"]?.DeepClone());
        return total;
    }

    private async Task<JsonObject> AskAsync(HttpClient client, string route, JsonObject body, CancellationToken cancellation)
    {
        try
        {
            using var response = await client.PostAsJsonAsync(new Uri($"api/{route}", UriKind.Relative), body, cancellation);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
                throw new UnusableArgumentException("the key is not accepted; name the function key with --key or CLM_FUNCTION_KEY");

            var text = await response.Content.ReadAsStringAsync(cancellation);
            return response.IsSuccessStatusCode
                ? JsonNode.Parse(text)!.AsObject()
                : throw new UnusableArgumentException($"the host answers {(int)response.StatusCode}: {text}");
        }
        catch (HttpRequestException unreachable)
        {
            throw new UnusableArgumentException($"{host} cannot be reached ({unreachable.Message}); start it with: dotnet run --project functions");
        }
        catch (Exception strange) when (strange is JsonException or InvalidOperationException)
        {
            throw new UnusableArgumentException($"{host} does not answer as ServerlessCLM does ({strange.Message})");
        }
    }
}
