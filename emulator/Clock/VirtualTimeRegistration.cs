using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ServerlessCLM.Emulator;

/// <summary>Gives an app its clock: the machine's, or a virtual one.</summary>
public static class VirtualTimeRegistration
{
    /// <summary><c>virtual</c> for a clock that begins at the present time and then stands still, or the instant at which it begins.</summary>
    public const string ClockSetting = "CLM_CLOCK";

    /// <summary>The seed of virtual time, a whole number from 0; 1 when not set.</summary>
    public const string SeedSetting = "CLM_CLOCK_SEED";

    const string Argument = "--virtual-clock";

    /// <summary>Puts an app under virtual time that its owner moves, by <see cref="VirtualTime"/>.</summary>
    public static IServiceCollection AddVirtualTime(this IServiceCollection services, VirtualClock clock, VirtualTimeSettings settings) =>
        services.AddSingleton<TimeProvider>(clock).AddSingleton(settings).AddVirtualTime();

    /// <summary>Takes <c>--virtual-clock [start]</c> out of a process's arguments, leaving the setting that it stands for.</summary>
    internal static string[] WithoutArgument(string[] args)
    {
        var at = Array.IndexOf(args, Argument);
        if (at < 0)
            return args;
        var start = at + 1 < args.Length && !args[at + 1].StartsWith('-') ? args[at + 1] : null;
        return [.. args[..at], $"--{ClockSetting}={start ?? "virtual"}", .. args[(at + (start is null ? 1 : 2))..]];
    }

    /// <summary>Registers the clock that the settings ask for.</summary>
    /// <exception cref="FunctionsStartupException">A setting cannot be read.</exception>
    internal static void AddClock(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration[ClockSetting] is not { Length: > 0 } given)
        {
            services.TryAddSingleton(TimeProvider.System);
            return;
        }

        DateTimeOffset start = default;
        if (!given.Equals("virtual", StringComparison.OrdinalIgnoreCase) && !VirtualClockFile.TryParse(given, out start))
            throw new FunctionsStartupException($"{ClockSetting} is '{given}', needs 'virtual' or an instant like 2026-01-31T09:00:00Z.");
        var seed = configuration[SeedSetting] is { Length: > 0 } text ? text : "1";
        services.AddSingleton(new VirtualTimeSettings(ulong.TryParse(seed, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FunctionsStartupException($"{SeedSetting} is '{seed}', needs a whole number from 0.")));
        services.AddSingleton<VirtualClockFile>();
        services.AddSingleton<TimeProvider>(provider =>
        {
            var wanted = start == default ? TimeProvider.System.GetUtcNow() : start;
            // Never before where it stood: what is stored was written then.
            return new VirtualClock(provider.GetRequiredService<VirtualClockFile>().Kept is { } kept && kept > wanted ? kept : wanted);
        });
        services.AddVirtualTime().AddHostedService<VirtualTimeService>();
    }

    static IServiceCollection AddVirtualTime(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new VirtualTime(
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<VirtualTimeSettings>(),
            provider.GetServices<ITriggerListener>(),
            provider.GetRequiredService<ScheduleFile>(),
            provider));
        return services;
    }
}
