using Azure.Core;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Functions;

/// <summary>What the product stands on in Azure: storage, event hubs and the key vault, all by managed identity.</summary>
/// <remarks>
/// Settings: <c>CustomerStorage__0__tableServiceUri</c>, <c>CustomerStorage__1__tableServiceUri</c>, … the accounts that customers spread
/// over, in a fixed order; <c>CustomerStorage__0__blobServiceUri</c>; <c>EventHubs__fullyQualifiedNamespace</c>; <c>KeyVault__uri</c> with the
/// secrets <c>clm-master-key-1</c>, <c>clm-master-key-2</c>, … (32 bytes in base64) up to <c>KeyVault__masterKeyVersion</c>; <c>AZURE_CLIENT_ID</c>
/// names a user-assigned identity.
/// </remarks>
internal static class Runtime
{
    public static void Add(FunctionsApplicationBuilder builder, string[] args)
    {
        _ = args;
        var settings = builder.Configuration;
        TokenCredential credential = new DefaultAzureCredential();
        builder.Services.AddSingleton<IReadOnlyList<TableServiceClient>>(
            [.. Accounts(settings, "tableServiceUri").Select(uri => new TableServiceClient(uri, credential))]);
        builder.Services.AddSingleton(new BlobServiceClient(Accounts(settings, "blobServiceUri")[0], credential));
        var hubs = Required(settings, "EventHubs:fullyQualifiedNamespace");
        builder.Services.AddSingleton(new EventStreams(
            Stream(hubs, EventStreams.TransactionsHub, credential),
            Stream(hubs, EventStreams.EventsHub, credential),
            Stream(hubs, EventStreams.SignalsHub, credential)));
        builder.Services.AddSingleton(_ => Keys(settings, credential));
    }

    private static EventStream Stream(string hubs, string name, TokenCredential credential) =>
        new(new EventHubProducerClient(hubs, name, credential));

    private static MasterKeys Keys(IConfiguration settings, TokenCredential credential)
    {
        var vault = new SecretClient(new Uri(Required(settings, "KeyVault:uri")), credential);
        var current = settings.GetValue("KeyVault:masterKeyVersion", 1);
        var versions = new Dictionary<int, byte[]>();
        for (var version = 1; version <= current; version++)
        {
            KeyVaultSecret secret = vault.GetSecret($"clm-master-key-{version}");
            versions[version] = Convert.FromBase64String(secret.Value);
        }

        return new MasterKeys(versions, current);
    }

    private static List<Uri> Accounts(IConfiguration settings, string service)
    {
        var accounts = settings.GetSection("CustomerStorage").GetChildren()
            .OrderBy(account => int.TryParse(account.Key, out var place) ? place : int.MaxValue)
            .Select(account => new Uri(Required(settings, $"CustomerStorage:{account.Key}:{service}")))
            .ToList();
        return accounts.Count > 0
            ? accounts
            : throw new InvalidOperationException($"the setting CustomerStorage__0__{service} is missing: the URI of a storage account's service");
    }

    private static string Required(IConfiguration settings, string name) =>
        settings[name] is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"the setting {name.Replace(":", "__", StringComparison.Ordinal)} is missing");
}
