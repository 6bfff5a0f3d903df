using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ServerlessCLM.Tests.Simulation;

/// <summary>The demo as a newcomer runs it: what it prints must work as printed.</summary>
public partial class DemoTests
{
    [Fact]
    public async Task The_lines_that_the_demo_prints_work_as_printed()
    {
        using var folder = new TemporaryFolder();
        var app = typeof(Functions.ServerlessClm).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [app, "--demo"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(app),
        };
        start.Environment["CLM_DATA"] = folder.Path;
        start.Environment["CLM_PORT"] = "0";
        using var process = Process.Start(start)!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync();
            var printed = new StringBuilder();
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                printed.AppendLine(line);
                if (line.Contains("stop with Ctrl+C", StringComparison.Ordinal))
                    break;
            }

            var said = printed.ToString();
            Assert.True(said.Contains("Ctrl+C", StringComparison.Ordinal), $"{said}\n{(process.HasExited ? await errors : "")}");
            Assert.Contains("salary_landed", said, StringComparison.Ordinal);
            foreach (var end in (string[])["offer-", "accepts winback-", "winback ends: goal reopened", "past-due-nudge: likely", "promises by the self-service link", "promise-keeper ends: goal promise_kept"])
                Assert.Contains(end, said, StringComparison.Ordinal);
            var lines = said.Split('\n').Where(line => line.TrimStart().StartsWith("curl ", StringComparison.Ordinal)).ToArray();
            Assert.True(lines.Length >= 5, said);
            using var client = new HttpClient();
            foreach (var line in lines)
            {
                var (status, body) = await SendAsync(client, line);
                if (line.Contains("/replay", StringComparison.Ordinal))
                    Assert.True(status == 200 && (bool)body["identical"]!, line);
                else if (line.Contains("/api/decisions/", StringComparison.Ordinal))
                    Assert.True(status == 200 && body["actions"]!.AsArray().Any(action => action!["change"] is JsonArray { Count: > 0 }), line);
                else if (line.EndsWith("/decisions", StringComparison.Ordinal))
                    Assert.True(status == 200 && body["decisionId"] is not null, line);
                else if (line.EndsWith("/journeys", StringComparison.Ordinal))
                    Assert.True(status == 200 && body["journeys"]!.AsArray().Any(journey => (string?)journey!["outcome"] == "goal"), line);
                else if (line.Contains("/api/journeys/", StringComparison.Ordinal))
                    Assert.True(status == 200 && (int)body["goals"]! > 0 && body["steps"]!.AsArray().Any(step => (int)step!["converted"]! > 0), line);
                else if (line.EndsWith("/outbox", StringComparison.Ordinal))
                    Assert.True(status == 200 && body["messages"]!.AsArray().Select(message => (string?)message!["journey"]).ToHashSet().IsSupersetOf(["winback", "promise-keeper"]), line);
                else if (!line.Contains(" -d ", StringComparison.Ordinal))
                    Assert.True(status == 200 && body["signals"]!.AsArray().Count > 0 && body["scores"]!.AsObject().Count > 0, line);
                else
                    Assert.Equal((202, line.Contains("a lot", StringComparison.Ordinal) ? 0 : 1), (status, (int)body["accepted"]!));
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task<(int Status, JsonNode Body)> SendAsync(HttpClient client, string line)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address().Match(line).Value);
        request.Headers.Add("x-functions-key", Key().Match(line).Groups["key"].Value);
        if (Data().Match(line) is { Success: true } data)
        {
            request.Method = HttpMethod.Post;
            request.Content = new StringContent(data.Groups["data"].Value, Encoding.UTF8, "application/json");
        }

        if (line.Contains(" -X POST ", StringComparison.Ordinal))
            request.Method = HttpMethod.Post;

        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    [GeneratedRegex("http://127[^ ]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Address();

    [GeneratedRegex("x-functions-key: (?<key>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();

    [GeneratedRegex("-d '(?<data>[^']+)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Data();
}
