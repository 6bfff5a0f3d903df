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

    /// <summary>What this listener leaves to <see cref="VirtualTime"/> where there is one, instead of running it on its own.</summary>
    IEnumerable<IScheduledWork> Scheduled => [];
}

/// <summary>Work that comes in steps, at times of the injected clock: the tries of a timer's runs, the batches of a partition.</summary>
internal interface IScheduledWork
{
    /// <summary>The function.</summary>
    string Function { get; }

    /// <summary>What tells this work from all others, the same in every run.</summary>
    string Place { get; }

    /// <summary>When the next step is due; null when that depends on something that has not happened yet.</summary>
    DateTimeOffset? Due();

    /// <summary>Completes when <see cref="Due"/> may have changed since this was asked for.</summary>
    Task Changed { get; }

    /// <summary>Takes the step that is due. A failed function is no failure of the step.</summary>
    Task StepAsync(CancellationToken cancellation);
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
