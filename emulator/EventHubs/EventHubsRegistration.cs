using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>Puts the hubs into an app.</summary>
public static class EventHubsRegistration
{
    /// <summary>The partitions of a hub that is created, 1 to 32; 4 when not set.</summary>
    public const string PartitionsSetting = "CLM_PARTITIONS";

    /// <summary>After how many days events go; never when not set.</summary>
    public const string RetentionSetting = "CLM_RETENTION_DAYS";

    /// <summary>Registers the <see cref="EventHubsNamespace"/> in the folder <c>hubs</c> of the data directory.</summary>
    public static IServiceCollection AddEmulatorEventHubs(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new EventHubsNamespace(
            Path.Combine(provider.GetRequiredService<EmulatorOptions>().DataDirectory, "hubs"),
            provider.GetRequiredService<TimeProvider>(),
            OptionsFrom(provider.GetRequiredService<IConfiguration>()) with
            {
                Syncs = !provider.GetRequiredService<EmulatorOptions>().Unsynced,
                Faults = provider.GetService<HubFaults>(),
            },
            provider.GetService<ILogger<EventHubsNamespace>>()));
        return services;
    }

    /// <summary>Registers what runs functions with an <see cref="EventHubTriggerAttribute"/>.</summary>
    internal static IServiceCollection AddEventHubsTriggers(this IServiceCollection services) =>
        services.AddEmulatorEventHubs().AddTriggerListener<EventHubsTriggerListener>();

    /// <exception cref="FunctionsStartupException">A setting cannot be read.</exception>
    internal static EventHubsOptions OptionsFrom(IConfiguration configuration)
    {
        var options = new EventHubsOptions();
        return options with
        {
            PartitionCount = Whole(configuration, PartitionsSetting, most: 32) ?? options.PartitionCount,
            Retention = Whole(configuration, RetentionSetting, most: 36_500) is { } days ? TimeSpan.FromDays(days) : null,
        };
    }

    static int? Whole(IConfiguration configuration, string setting, int most)
    {
        if (configuration[setting] is not { Length: > 0 } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw new FunctionsStartupException($"{setting} is '{text}', needs a whole number from 1 to {most}.");
    }
}
