using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace ServerlessCLM.Emulator;

/// <summary>
/// Runs the functions of one kind of trigger, and thereby claims them: a function whose trigger no listener claims
/// keeps the app from starting. A listener checks its functions in its constructor, which runs when the app is
/// built, and says what is wrong in a <see cref="FunctionsStartupException"/>.
/// </summary>
internal interface ITriggerListener
{
    /// <summary>The attribute type whose functions this listener runs.</summary>
    Type TriggerType { get; }

    /// <summary>Runs a function by hand, to its end.</summary>
    /// <param name="function">One of this listener's functions.</param>
    /// <param name="input">What the caller sent as input; null when nothing.</param>
    /// <param name="cancellation">Cancelled when the host stops.</param>
    Task FireAsync(FunctionDescriptor function, string? input, CancellationToken cancellation);
}

internal static class TriggerListenerRegistration
{
    /// <summary>Adds a listener that is started and stopped with the host.</summary>
    public static IServiceCollection AddTriggerListener<TListener>(this IServiceCollection services)
        where TListener : class, ITriggerListener, IHostedService
    {
        services.TryAddSingleton<TListener>();
        services.AddSingleton<ITriggerListener>(provider => provider.GetRequiredService<TListener>());
        services.AddHostedService(provider => provider.GetRequiredService<TListener>());
        return services;
    }
}
