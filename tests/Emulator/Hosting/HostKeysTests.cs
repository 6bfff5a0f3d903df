using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator.Hosting;

public sealed class HostKeysTests : IAsyncLifetime
{
    const string First = "the-first-function-key", Master = "the-first-master-key";
    readonly TestFolder folder = new();
    RunningHost host = null!;

    string KeysFile => Path.Combine(folder.Path, "keys.json");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(KeysFile, $$"""{ "masterKey": "{{Master}}", "functionKey": "{{First}}" }""");
        host = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_key_is_rotated_without_a_moment_in_which_none_holds()
    {
        var (status, body) = await host.SendAsync(HttpMethod.Post, "/admin/host/functionkeys/crm", Master);
        var next = JsonDocument.Parse(body).RootElement.GetProperty("value").GetString()!;
        Assert.Equal((201, 40), (status, next.Length));
        Assert.Equal("200 200", await OpenAsync(First, next));

        await host.SendAsync(HttpMethod.Post, "/admin/host/functionkeys/default", Master);
        Assert.Equal("401 200", await OpenAsync(First, next));
        Assert.Equal(204, (await host.SendAsync(HttpMethod.Delete, "/admin/host/functionkeys/CRM", Master)).Status);
        Assert.Equal("401", await OpenAsync(next));
        await host.ProblemAsync(404, HttpMethod.Delete, "/admin/host/functionkeys/crm", Master);
    }

    [Fact]
    public async Task Keys_outlive_a_restart_and_a_function_key_never_opens_the_host()
    {
        await host.SendAsync(HttpMethod.Put, "/admin/host/functionkeys/crm", Master, """{"value":"a-chosen-key"}""");
        await host.DisposeAsync();
        host = await StartAsync();
        Assert.Equal("200 200", await OpenAsync("a-chosen-key", First));
        await host.ProblemAsync(401, HttpMethod.Get, "/admin/host/functionkeys", "a-chosen-key");
        var listed = JsonDocument.Parse((await host.SendAsync(HttpMethod.Get, "/admin/host/functionkeys", Master)).Body).RootElement.GetProperty("keys");
        Assert.Equal(["crm a-chosen-key", $"default {First}"], listed.EnumerateArray().Select(key => $"{key.GetProperty("name")} {key.GetProperty("value")}"));
    }

    [Fact]
    public async Task A_changed_file_holds_at_the_next_request_and_a_broken_one_changes_nothing()
    {
        await File.WriteAllTextAsync(KeysFile, $$"""{ "masterKey": "{{Master}}", "functionKey": "another-key", "functionKeys": { "crm": "the-crm-key" } }""");
        Assert.Equal("401 200 200", await OpenAsync(First, "another-key", "the-crm-key"));
        await File.WriteAllTextAsync(KeysFile, "{ broken");
        Assert.Equal("200 401", await OpenAsync("the-crm-key", ""));
        await File.WriteAllTextAsync(KeysFile, $$"""{ "masterKey": "{{Master}}", "functionKey": "another-key", "functionKeys": { "empty": "" } }""");
        Assert.Equal("200 401", await OpenAsync("the-crm-key", null));
        File.Delete(KeysFile);
        Assert.Equal("200 401", await OpenAsync("the-crm-key", First));
    }

    [Fact]
    public async Task The_master_key_is_replaced()
    {
        var (status, body) = await host.SendAsync(HttpMethod.Post, "/admin/host/systemkeys/_master", Master);
        Assert.Equal(200, status);
        await host.ProblemAsync(401, HttpMethod.Get, "/admin/host/status", Master);
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, "/admin/host/status", JsonDocument.Parse(body).RootElement.GetProperty("value").GetString())).Status);
    }

    [Theory]
    [InlineData(400, "PUT", "functionkeys/crm", """{"value":"short"}""", "the value of the key 'crm' needs 7 to 200 visible ASCII characters.")]
    [InlineData(400, "PUT", "functionkeys/crm", "{}", "value: it is missing; POST generates one.")]
    [InlineData(400, "PUT", "functionkeys/crm", "{", "$: send {\"value\": \"...\"}.")]
    [InlineData(400, "POST", "functionkeys/_x", null, "'_x' is no name for a key: up to 100 letters, digits, '-', '_' and '.', the first a letter or digit.")]
    [InlineData(409, "DELETE", "functionkeys/default", null, "the key 'default' can be replaced, not removed.")]
    [InlineData(404, "GET", "functionkeys/none", null, "There is no function key 'none'.")]
    public async Task What_cannot_be_done_says_why(int status, string method, string path, string? json, string reason) =>
        Assert.Equal(reason, (await host.ProblemAsync(status, HttpMethod.Parse(method), $"/admin/host/{path}", Master, json)).GetProperty("detail").GetString());

    [Fact]
    public async Task A_key_that_a_setting_holds_is_changed_there()
    {
        await using var fixedKeys = await RunningHost.StartAsync([typeof(Functions)]);
        foreach (var path in new[] { "functionkeys/default", "systemkeys/_master" })
            Assert.Contains("the setting CLM_", (await fixedKeys.ProblemAsync(409, HttpMethod.Post, $"/admin/host/{path}", RunningHost.MasterKey)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(201, (await fixedKeys.SendAsync(HttpMethod.Post, "/admin/host/functionkeys/crm", RunningHost.MasterKey)).Status);
    }

    [Fact]
    public void A_file_without_one_of_the_keys_keeps_the_other()
    {
        using var other = new TestFolder();
        var path = Path.Combine(other.Path, "keys.json");
        File.WriteAllText(path, """{ "functionKey": "the-callers-key" }""");
        using (RunningHost.Build([], other.Path))
        {
        }

        var kept = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
        Assert.Equal("the-callers-key", kept.GetProperty("functionKey").GetString());
        Assert.Equal(40, kept.GetProperty("masterKey").GetString()!.Length);
    }

    /// <summary>The status that each key gets.</summary>
    async Task<string> OpenAsync(params string?[] keys)
    {
        var answers = new List<int>();
        foreach (var key in keys)
            answers.Add((await host.SendAsync(HttpMethod.Get, "/api/keyed", key)).Status);
        return string.Join(' ', answers);
    }

    Task<RunningHost> StartAsync() => RunningHost.StartAsync([typeof(Functions)], builder =>
    {
        builder.Configuration[EmulatorOptions.FunctionKeySetting] = "";
        builder.Configuration[EmulatorOptions.MasterKeySetting] = "";
    }, folder.Path);

    public static class Functions
    {
        [Function("Keyed")]
        public static string Keyed([HttpTrigger("get")] HttpRequest request) => "open";
    }
}
