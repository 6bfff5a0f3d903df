using System.ClientModel;
using System.ClientModel.Primitives;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using OpenAI.Chat;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Functions.Telemetry;
using ServerlessCLM.Messages.Drafting;
using ServerlessCLM.Models;

namespace ServerlessCLM.Functions;

/// <summary>What the product stands on in one process: the emulator's storage and event hubs, and a master key in a file.</summary>
internal static class Runtime
{
    /// <summary>On one's own machine a key may do everything, unless <c>Clm:Identity:KeyRoles</c> says less.</summary>
    public const Roles DefaultKeyRoles = Roles.All;

    /// <summary>Nothing stands in front of the emulator, and whoever has its key may say who they are.</summary>
    public static bool OwnsPrincipalHeader(IConfiguration settings)
    {
        _ = settings;
        return true;
    }

    public static void Add(FunctionsApplicationBuilder builder, string[] args)
    {
        TelemetryExport.AddLogs(builder);
        builder.Services.AddEmulatorStorage();
        builder.Services.AddEmulatorEventHubs();
        builder.Services.AddSingleton(new HomePage("/api/console/"));
        builder.Services.AddSingleton<IReadOnlyList<TableServiceClient>>(services => [services.GetRequiredService<TableServiceClient>()]);
        builder.Services.AddSingleton(services => new EventStreams(
            Stream(services, EventStreams.TransactionsHub),
            Stream(services, EventStreams.EventsHub),
            Stream(services, EventStreams.SignalsHub),
            Stream(services, EventStreams.AlertsHub)));
        builder.Services.AddSingleton<ITreeTrainer>(BuiltInTrainer.Instance);
        builder.Services.AddSingleton(services => MasterKey(services.GetRequiredService<EmulatorOptions>().DataDirectory));
        var drafting = builder.Configuration.GetSection("Clm:Drafting");
        if (drafting["Endpoint"] is { Length: > 0 } endpoint && drafting["Model"] is { Length: > 0 } model)
        {
            builder.Services.AddSingleton(services => new LanguageModel(
                Chat(endpoint, model, drafting["Key"] ?? ""), services.GetRequiredService<DraftingOptions>(), services.GetRequiredService<TimeProvider>()));
        }

        if (args.Contains("--demo"))
            builder.Services.AddDemo(DemoMark.Of(EmulatorOptions.From(builder.Configuration).DataDirectory));
    }

    /// <summary>Any endpoint that speaks OpenAI's protocol. It does not retry by itself: <see cref="LanguageModel"/> does, by the product's clock.</summary>
    private static ChatClient Chat(string endpoint, string model, string key) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
            ? new ChatClient(model, new ApiKeyCredential(key.Length == 0 ? "none" : key), new OpenAIClientOptions
            {
                Endpoint = address,
                RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
                NetworkTimeout = Timeout.InfiniteTimeSpan,
            })
            : throw new InvalidOperationException("the setting Clm:Drafting:Endpoint must be an address like https://…/v1");

    private static EventStream Stream(IServiceProvider services, string hub) =>
        new(new EventHubProducerClient(services.GetRequiredService<EventHubsNamespace>(), hub), services.GetRequiredService<ProductOptions>().Tenant);

    /// <summary>Reads the master key, or makes one at the first start.</summary>
    /// <exception cref="InvalidDataException">The file does not hold a key; without the right one no customer can be read.</exception>
    private static MasterKeys MasterKey(string directory)
    {
        var file = Path.Combine(directory, "master.key");
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(directory);
            var made = file + ".new";
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(made, options))
            {
                stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKeys.KeySize))));
                stream.Flush(flushToDisk: true);
            }

            File.Move(made, file);
        }

        var key = new byte[MasterKeys.KeySize];
        return Convert.TryFromBase64String(File.ReadAllText(file).Trim(), key, out var length) && length == key.Length
            ? new MasterKeys(new Dictionary<int, byte[]> { [1] = key }, 1)
            : throw new InvalidDataException($"{file} does not hold a {MasterKeys.KeySize}-byte key in base64; restore it, or customers cannot be read");
    }
}
