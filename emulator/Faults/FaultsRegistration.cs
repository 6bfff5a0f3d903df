using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>Puts faults into an app.</summary>
public static partial class FaultsRegistration
{
    /// <summary>Has the injector break what the app's boundaries do. Without it nothing is in between.</summary>
    public static IServiceCollection AddFaults(this IServiceCollection services, FaultInjector injector) => services
        .AddSingleton(injector)
        .AddSingleton<HubFaults>()
        .AddSingleton<InvocationFaults>()
        .AddSingleton<ITaskStoreFaults>(provider => new CommitFaults(
            injector, FaultPoint.DurableCommit, provider.GetRequiredService<DataFolder>().PathOf(Path.Combine("durable", "tasks.db"))));

    [LoggerMessage(2100, LogLevel.Warning, "{Fault}")]
    internal static partial void FaultInjected(this ILogger logger, InjectedFault fault);
}
