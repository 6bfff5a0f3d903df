using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator.Hosting;

/// <summary>A started host of some function classes on a free port, with its own data folder.</summary>
sealed class RunningHost : IAsyncDisposable
{
    public const string FunctionKey = "a-function-key";
    public const string MasterKey = "the-master-key";

    readonly IHost host;
    readonly TestFolder? own;

    RunningHost(IHost host, TestFolder? own)
    {
        this.host = host;
        this.own = own;
        Client = new() { BaseAddress = host.GetBaseAddress() };
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => host.Services;

    public static async Task<RunningHost> StartAsync(Type[] classes, Action<FunctionsApplicationBuilder>? configure = null, string? data = null, params string[] args)
    {
        var folder = data is null ? new TestFolder() : null;
        var started = Build(classes, data ?? folder!.Path, configure, args);
        await started.StartAsync();
        return new(started, folder);
    }

    public static IHost Build(Type[] classes, string data, Action<FunctionsApplicationBuilder>? configure = null, params string[] args)
    {
        var builder = FunctionsApplication.CreateBuilder(
            [$"--CLM_DATA={data}", "--CLM_PORT=0", $"--CLM_FUNCTION_KEY={FunctionKey}", $"--CLM_MASTER_KEY={MasterKey}", .. args], classes);
        builder.ConfigureFunctionsWebApplication();
        builder.Logging.ClearProviders();
        configure?.Invoke(builder);
        return builder.Build();
    }

    public async Task<(int Status, string Body)> SendAsync(HttpMethod method, string path, string? key = FunctionKey, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
            request.Headers.Add("x-functions-key", key);
        if (json is not null)
            request.Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var response = await Client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Sends what must be answered by a problem document of that status.</summary>
    public async Task<JsonElement> ProblemAsync(int status, HttpMethod method, string path, string? key = FunctionKey, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
            request.Headers.Add("x-functions-key", key);
        if (json is not null)
            request.Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var response = await Client.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        return problem;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await host.StopAsync();
        host.Dispose();
        own?.Dispose();
    }
}

/// <summary>A folder that is deleted in the end.</summary>
sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("clm-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
