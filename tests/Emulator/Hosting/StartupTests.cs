using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator.Hosting;

public sealed class StartupTests : IDisposable
{
    readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(typeof(Twice), "Function 'ONE' is defined twice")]
    [InlineData(typeof(BadName), "Function 'no name'")]
    [InlineData(typeof(Hidden), "must be public")]
    [InlineData(typeof(NoTrigger), "Function 'Idle' (ServerlessCLM.Tests.Emulator.Hosting.StartupTests+NoTrigger.Run): has 0 trigger parameters")]
    [InlineData(typeof(Unclaimed), "Function 'Strange': nothing here runs functions with [StrangeTrigger] on 'value'")]
    [InlineData(typeof(BadCron), "Function 'Tick': the schedule '0 61 * * * *' cannot be read: field 'minute' is '61': 61 is not from 0 to 59.")]
    [InlineData(typeof(MissingSetting), "Function 'Tick': its schedule's setting 'Absent' is missing.")]
    [InlineData(typeof(BadRoute), "Function 'Routed': the route 'a/{' cannot be read")]
    [InlineData(typeof(NotInRoute), "Function 'Routed': parameter 'id' is neither in the route")]
    [InlineData(typeof(SameRoute), "is already that of 'First'")]
    [InlineData(typeof(BadParameter), "Function 'Routed': parameter 'id' is in the route, but a Version cannot be read from text")]
    [InlineData(typeof(BadRetry), "Function 'Tick': minimumInterval 00:01:00 is above maximumInterval 00:00:01")]
    [InlineData(typeof(WrongTriggerType), "Function 'Tick': parameter 'now' has a timer trigger and must be a TimerInfo")]
    public void A_wrong_function_keeps_the_app_from_starting(Type functions, string reason)
    {
        var wrong = Assert.Throws<FunctionsStartupException>(() => RunningHost.Build([functions], folder.Path));
        Assert.Contains(reason, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', wrong.Message);
    }

    [Fact]
    public void The_hosts_own_routes_are_not_for_functions()
    {
        var wrong = Assert.Throws<FunctionsStartupException>(() => RunningHost.Build(
            [typeof(Reserved)], folder.Path, builder => builder.Services.AddSingleton(new HostConfiguration { Http = new() { RoutePrefix = "" } })));
        Assert.Equal("Function 'Reserved': the route '/Admin/things' begins with 'admin', which is the host's own.", wrong.Message);
    }

    [Fact]
    public void A_failed_start_gives_the_data_folder_back()
    {
        Assert.Throws<FunctionsStartupException>(() => RunningHost.Build([typeof(BadCron)], folder.Path));
        using var host = RunningHost.Build([], folder.Path);
        Assert.NotNull(host.Services.GetRequiredService<FunctionCatalogue>());
    }

    [Fact]
    public void A_data_folder_belongs_to_one_host()
    {
        using (RunningHost.Build([], folder.Path))
        {
            var wrong = Assert.Throws<FunctionsStartupException>(() => RunningHost.Build([], folder.Path));
            Assert.Equal($"The data folder {folder.Path} is in use by another process; stop that one, or name another folder in CLM_DATA.", wrong.Message);
        }

        RunningHost.Build([], folder.Path).Dispose();
    }

    [Fact]
    public void A_folder_that_may_not_be_written_is_named()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such permissions.");
            return;
        }

        if (Environment.IsPrivilegedProcess)
            Assert.Skip("root may write everywhere; run as somebody else.");
        File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            var refused = Assert.Throws<FunctionsStartupException>(() => RunningHost.Build([], folder.Path));
            Assert.StartsWith($"The data folder {folder.Path} cannot be used", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task A_port_in_use_is_said_in_one_line()
    {
        await using var running = await RunningHost.StartAsync([]);
        var port = running.Client.BaseAddress!.Port;
        var wrong = Assert.Throws<FunctionsStartupException>(() => RunningHost.Build([], folder.Path, builder => builder.Configuration["CLM_PORT"] = $"{port}"));
        Assert.StartsWith($"Port {port} on 127.0.0.1 cannot be listened on", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CLM_PORT", "70000", "CLM_PORT is '70000'")]
    [InlineData("CLM_PORT", "http", "CLM_PORT is 'http'")]
    [InlineData("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "100MB", "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT is '100MB'")]
    [InlineData("CLM_DATA", "/dev/null/x", "The data folder /dev/null/x cannot be used")]
    public void An_unusable_setting_is_named(string setting, string value, string reason)
    {
        var wrong = Assert.Throws<FunctionsStartupException>(() => RunningHost.Build([], folder.Path, builder => builder.Configuration[setting] = value));
        Assert.StartsWith(reason, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_generated_once_and_only_the_owner_may_read_them()
    {
        void WithoutKeys(FunctionsApplicationBuilder builder)
        {
            builder.Configuration[EmulatorOptions.FunctionKeySetting] = "";
            builder.Configuration[EmulatorOptions.MasterKeySetting] = "";
        }

        string key;
        await using (var first = await RunningHost.StartAsync([typeof(Fine)], WithoutKeys, folder.Path))
            key = first.Services.GetRequiredService<HostKeys>().FunctionKey;
        await using var second = await RunningHost.StartAsync([typeof(Fine)], WithoutKeys, folder.Path);

        Assert.Equal(40, key.Length);
        Assert.Equal(key, second.Services.GetRequiredService<HostKeys>().FunctionKey);
        Assert.Equal((200, "fine"), await second.SendAsync(HttpMethod.Get, "/api/fine", key));
        Assert.Equal(401, (await second.SendAsync(HttpMethod.Get, "/api/fine", RunningHost.FunctionKey)).Status);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Path, "keys.json")));
    }

    [Theory]
    [InlineData("keys.json", "{ \"functionKey\": 5 }")]
    [InlineData("keys.json", "{ \"functionKeys\": { \"crm\": 5 } }")]
    [InlineData("timers.json", "[]")]
    public void A_damaged_file_is_named(string file, string content)
    {
        File.WriteAllText(Path.Combine(folder.Path, file), content, Encoding.UTF8);
        var wrong = Assert.Throws<FunctionsStartupException>(() => RunningHost.Build([], folder.Path));
        Assert.StartsWith(Path.Combine(folder.Path, file) + " cannot be read at $", wrong.Message, StringComparison.Ordinal);
    }

    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class StrangeTriggerAttribute : TriggerBindingAttribute;

    public static class Fine
    {
        [Function("Fine")]
        public static string Run([HttpTrigger("get")] HttpRequest request) => "fine";
    }

    public static class Reserved
    {
        [Function("Reserved")]
        public static void Run([HttpTrigger("get", Route = "Admin/things")] HttpRequest request) => _ = request;
    }

    public static class Twice
    {
        [Function("One")]
        public static void First([HttpTrigger] HttpRequest request) => _ = request;

        [Function("ONE")]
        public static void Second([HttpTrigger] HttpRequest request) => _ = request;
    }

    public static class BadName
    {
        [Function("no name")]
        public static void Run([HttpTrigger] HttpRequest request) => _ = request;
    }

    public static class Hidden
    {
        [Function("Hidden")]
        internal static void Run([HttpTrigger] HttpRequest request) => _ = request;
    }

    public static class NoTrigger
    {
        [Function("Idle")]
        public static void Run(FunctionContext context) => _ = context;
    }

    public static class Unclaimed
    {
        [Function("Strange")]
        public static void Run([StrangeTrigger] string value) => _ = value;
    }

    public static class BadCron
    {
        [Function("Tick")]
        public static void Run([TimerTrigger("0 61 * * * *")] TimerInfo timer) => _ = timer;
    }

    public static class MissingSetting
    {
        [Function("Tick")]
        public static void Run([TimerTrigger("%Absent%")] TimerInfo timer) => _ = timer;
    }

    public static class BadRoute
    {
        [Function("Routed")]
        public static void Run([HttpTrigger("get", Route = "a/{")] HttpRequest request) => _ = request;
    }

    public static class NotInRoute
    {
        [Function("Routed")]
        public static void Run([HttpTrigger("get", Route = "a")] HttpRequest request, string id) => _ = id;
    }

    public static class SameRoute
    {
        [Function("First")]
        public static void First([HttpTrigger("get", Route = "a/{id}")] HttpRequest request) => _ = request;

        [Function("Second")]
        public static void Second([HttpTrigger("post", "get", Route = "A/{name}")] HttpRequest request) => _ = request;
    }

    public static class BadParameter
    {
        [Function("Routed")]
        public static void Run([HttpTrigger("get", Route = "a/{id}")] HttpRequest request, Version id) => _ = id;
    }

    public static class BadRetry
    {
        [Function("Tick"), ExponentialBackoffRetry(3, "00:01:00", "00:00:01")]
        public static void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer) => _ = timer;
    }

    public static class WrongTriggerType
    {
        [Function("Tick")]
        public static void Run([TimerTrigger("0 0 * * * *")] DateTime now) => _ = now;
    }
}
