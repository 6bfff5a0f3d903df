using System.ClientModel.Primitives;
using Azure;
using Azure.AI.OpenAI;
using Azure.Core;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Customers;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Messages.Drafting;
using ServerlessCLM.Models;

namespace ServerlessCLM.Functions;

/// <summary>What the product stands on in Azure: storage, event hubs and the key vault, all by managed identity.</summary>
/// <remarks>
/// docs/azure.md has the settings. Each place where Azure takes an identity and an address takes a connection string or a key for local
/// development: <c>CustomerStorage__0__connectionString</c>, <c>EventHubs</c>, <c>MasterKeys__1</c>.
/// </remarks>
internal static class Runtime
{
    /// <summary>A function key is another system's.</summary>
    public const Roles DefaultKeyRoles = Roles.Service;

    /// <summary>The platform sets it where App Service authentication stands in front of the host, and takes away what callers sent of its headers.</summary>
    public static bool OwnsPrincipalHeader(IConfiguration settings) => settings.GetValue("WEBSITE_AUTH_ENABLED", defaultValue: false);

    public static void Add(FunctionsApplicationBuilder builder, string[] args)
    {
        _ = args;
        IConfiguration settings = builder.Configuration;
        TokenCredential credential = new DefaultAzureCredential();
        var accounts = Accounts(settings);
        builder.Services.AddSingleton<IReadOnlyList<TableServiceClient>>([.. accounts.Select(account => Tables(account, credential))]);
        builder.Services.AddSingleton(Blobs(accounts[0], credential));
        builder.Services.AddSingleton(services =>
        {
            var tenant = services.GetRequiredService<ProductOptions>().Tenant;
            return new EventStreams(
                Stream(settings, EventStreams.TransactionsHub, credential, tenant),
                Stream(settings, EventStreams.EventsHub, credential, tenant),
                Stream(settings, EventStreams.SignalsHub, credential, tenant),
                Stream(settings, EventStreams.AlertsHub, credential, tenant));
        });
        builder.Services.AddSingleton(_ => Keys(settings, credential));
        builder.Services.AddSingleton(Trainer(settings));
        var drafting = settings.GetSection("Clm:Drafting");
        if (drafting["Endpoint"] is { Length: > 0 } && drafting["Model"] is { Length: > 0 } deployment)
        {
            var endpoint = Address(drafting, "Endpoint");
            // It does not retry by itself: LanguageModel does, by the product's clock.
            var client = new AzureOpenAIClient(endpoint, credential, new AzureOpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });
            builder.Services.AddSingleton(services => new LanguageModel(
                client.GetChatClient(deployment), services.GetRequiredService<DraftingOptions>(), services.GetRequiredService<TimeProvider>()));
        }
    }

    /// <summary>Who trains challengers: the built-in trainer, or ML.NET's FastTree or LightGBM.</summary>
    private static ITreeTrainer Trainer(IConfiguration settings) => settings["Models:Trainer"] switch
    {
        null or "" or "builtIn" => BuiltInTrainer.Instance,
        "fastTree" => new MlNetTrainer(MlNetLearner.FastTree),
        "lightGbm" => new MlNetTrainer(MlNetLearner.LightGbm),
        var other => throw new InvalidOperationException($"the setting Models__Trainer '{other}' must be builtIn, fastTree or lightGbm"),
    };

    /// <summary>The accounts that customers spread over. Their order decides where a customer is, so they are numbered without a gap.</summary>
    private static List<IConfigurationSection> Accounts(IConfiguration settings)
    {
        var storage = settings.GetSection("CustomerStorage");
        var given = storage.GetChildren().Count();
        var accounts = Enumerable.Range(0, Math.Max(1, given)).Select(place => storage.GetSection($"{place}")).ToList();
        return accounts.Find(account => !account.Exists()) is { } missing
            ? throw Missing(missing, "tableServiceUri", "accounts are numbered from 0 without a gap")
            : accounts;
    }

    private static TableServiceClient Tables(IConfigurationSection account, TokenCredential credential) =>
        account["connectionString"] is { Length: > 0 } connection
            ? new TableServiceClient(connection)
            : new TableServiceClient(Address(account, "tableServiceUri"), credential);

    private static BlobServiceClient Blobs(IConfigurationSection account, TokenCredential credential) =>
        account["connectionString"] is { Length: > 0 } connection
            ? new BlobServiceClient(connection)
            : new BlobServiceClient(Address(account, "blobServiceUri"), credential);

    private static EventStream Stream(IConfiguration settings, string hub, TokenCredential credential, string tenant) =>
        new(settings["EventHubs"] is { Length: > 0 } connection
            ? new EventHubProducerClient(connection, hub)
            : new EventHubProducerClient(Required(settings.GetSection("EventHubs"), "fullyQualifiedNamespace"), hub, credential), tenant);

    private static MasterKeys Keys(IConfiguration settings, TokenCredential credential)
    {
        var local = settings.GetSection("MasterKeys").GetChildren().Where(key => key.Value is { Length: > 0 }).ToDictionary(
            key => int.TryParse(key.Key, out var version) ? version : throw new InvalidOperationException($"{Name(key)} must end in a version like 1"),
            key => Key(key.Value!, Name(key)));
        if (local.Count > 0)
            return new MasterKeys(local, local.Keys.Max());

        var section = settings.GetSection("KeyVault");
        var vault = new SecretClient(Address(section, "uri"), credential);
        var current = section.GetValue("masterKeyVersion", 1);
        var keys = Enumerable.Range(1, current).ToDictionary(version => version, version => Secret(vault, version));
        // The next version is read as soon as it exists, so that during a rotation every instance opens what another sealed with it.
        try
        {
            keys[current + 1] = Secret(vault, current + 1);
        }
        catch (RequestFailedException absent) when (absent.Status == 404)
        {
            // No rotation is under way.
        }

        return new MasterKeys(keys, current);
    }

    private static byte[] Secret(SecretClient vault, int version)
    {
        KeyVaultSecret secret = vault.GetSecret($"clm-master-key-{version}");
        return Key(secret.Value, $"the secret {secret.Name}");
    }

    private static byte[] Key(string text, string name)
    {
        var key = new byte[MasterKeys.KeySize];
        return Convert.TryFromBase64String(text, key, out var length) && length == key.Length
            ? key
            : throw new InvalidOperationException($"{name} must be {MasterKeys.KeySize} bytes in base64");
    }

    private static Uri Address(IConfigurationSection section, string name) =>
        Uri.TryCreate(Required(section, name), UriKind.Absolute, out var address)
            ? address
            : throw new InvalidOperationException($"the setting {Name(section.GetSection(name))} must be an address like https://…");

    private static string Required(IConfigurationSection section, string name) =>
        section[name] is { Length: > 0 } value ? value : throw Missing(section, name, "see docs/azure.md");

    private static InvalidOperationException Missing(IConfigurationSection section, string name, string hint) =>
        new($"the setting {Name(section.GetSection(name))} is missing; {hint}");

    private static string Name(IConfigurationSection section) => section.Path.Replace(":", "__", StringComparison.Ordinal);
}
