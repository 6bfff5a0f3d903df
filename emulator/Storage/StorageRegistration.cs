using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ServerlessCLM.Emulator;

/// <summary>Puts the emulator's storage into a service collection.</summary>
public static class StorageRegistration
{
    /// <summary>
    /// Adds <see cref="EmulatorStorage"/> and its <see cref="TableServiceClient"/> and <see cref="BlobServiceClient"/>: the account
    /// of <see cref="EmulatorOptions.Storage"/> if set, otherwise the data directory. The container disposes of it, which flushes it.
    /// </summary>
    public static IServiceCollection AddEmulatorStorage(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => provider.GetRequiredService<EmulatorOptions>() is { Storage: { } connectionString }
            ? new EmulatorStorage(connectionString)
            : new EmulatorStorage(
                provider.GetRequiredService<EmulatorOptions>().DataDirectory,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<EmulatorOptions>().Unsynced,
                provider.GetService<FaultInjector>()));
        services.AddSingleton(provider => provider.GetRequiredService<EmulatorStorage>().Tables);
        services.AddSingleton(provider => provider.GetRequiredService<EmulatorStorage>().Blobs);
        return services;
    }
}
