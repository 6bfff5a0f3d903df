using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCLM.Cli.Audit;

/// <summary>Has a running host verify its record, a sixteenth of the customers at a time.</summary>
internal sealed class HostedAudit(Uri host, string? key)
{
    private const int Parts = 16;

    public async Task<JsonObject> VerifyAsync(string[] customers, ProgressLine progress, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = host, Timeout = TimeSpan.FromMinutes(10) };
        if (key is not null)
            client.DefaultRequestHeaders.Add("x-functions-key", key);

        if (customers.Length > 0)
            return await AskAsync(client, new JsonObject { ["customers"] = new JsonArray([.. customers.Select(customer => (JsonNode)customer)]) }, cancellation);

        JsonObject? total = null;
        for (var part = 0; part < Parts; part++)
        {
            var from = part * 256 / Parts;
            var answer = await AskAsync(client, new JsonObject
            {
                ["from"] = from.ToString("x2", CultureInfo.InvariantCulture),
                ["to"] = (from + (256 / Parts) - 1).ToString("x2", CultureInfo.InvariantCulture),
            }, cancellation);
            progress.Add((long)answer["entries"]!, (part + 1.0) / Parts);
            total = total is null ? answer : Sum(total, answer);
        }

        return total!;
    }

    private static JsonObject Sum(JsonObject total, JsonObject part)
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

    private async Task<JsonObject> AskAsync(HttpClient client, JsonObject body, CancellationToken cancellation)
    {
        try
        {
            using var response = await client.PostAsJsonAsync(new Uri("api/audit/verification", UriKind.Relative), body, cancellation);
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
