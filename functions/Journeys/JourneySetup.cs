using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Documents;
using ServerlessCLM.Journeys;
using ServerlessCLM.Messages.Channels;

namespace ServerlessCLM.Functions.Journeys;

/// <summary>What journeys need.</summary>
internal static class JourneySetup
{
    /// <param name="services">The product's.</param>
    /// <param name="settings"><c>Clm:Journeys</c>.</param>
    public static void AddJourneys(this IServiceCollection services, IConfigurationSection settings)
    {
        services.AddSingleton(Options(settings));
        services.AddSingleton<LiveJourneys>();
        services.AddSingleton<JourneyNamesReader>();
        services.AddSingleton<DocumentKind>(provider => new JourneyKind(
            JourneyVocabulary.Default, provider.GetRequiredService<JourneyNamesReader>().ReadAsync, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<JourneyTotals>();
        services.AddSingleton<JourneyIntake>();
        services.AddSingleton<JourneySchedules>();
        services.AddSingleton<JourneyWebhooks>();
        services.AddSingleton<JourneyExecution>();
        services.AddSingleton<JourneyMigration>();
        services.AddSingleton<JourneyDryRuns>();
        services.AddSingleton<PersonTasks>();
    }

    private static JourneyOptions Options(IConfigurationSection settings) => new()
    {
        Catalogue = (settings["Catalogue"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        Webhooks = settings.GetSection("Webhooks").GetChildren().ToDictionary(webhook => webhook.Key, webhook => new WebhookTarget(
            Uri.TryCreate(webhook["Endpoint"], UriKind.Absolute, out var endpoint) ? endpoint
                : throw new InvalidOperationException($"Clm:Journeys:Webhooks:{webhook.Key}:Endpoint must be an address like https://…"),
            [.. (webhook["Secrets"] ?? throw new InvalidOperationException($"Clm:Journeys:Webhooks:{webhook.Key}:Secrets must have one secret at least, like whsec_…"))
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(WebhookSignature.Secret)])),
    };
}
