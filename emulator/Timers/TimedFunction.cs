using Microsoft.Extensions.Configuration;

namespace ServerlessCLM.Emulator;

/// <summary>A timer function with its schedule.</summary>
/// <param name="Function">The function.</param>
/// <param name="Trigger">Its attribute.</param>
/// <param name="Schedule">The attribute's schedule, read.</param>
/// <param name="Monitored">Whether the schedule is kept over restarts.</param>
internal sealed record TimedFunction(FunctionDescriptor Function, TimerTriggerAttribute Trigger, CronSchedule Schedule, bool Monitored)
{
    /// <summary>Held while the function runs.</summary>
    public SemaphoreSlim Running { get; } = new(1);

    /// <exception cref="FunctionsStartupException">The schedule cannot be read, or the parameter takes no timer.</exception>
    public static TimedFunction Of(FunctionDescriptor function, TimerTriggerAttribute trigger, IConfiguration configuration, DateTimeOffset now)
    {
        if (!function.TriggerParameter.ParameterType.IsAssignableFrom(typeof(TimerInfo)))
            throw new FunctionsStartupException($"Function '{function.Name}': parameter '{function.TriggerParameter.Name}' has a timer trigger and must be a TimerInfo.");

        var expression = trigger.Schedule;
        if (expression is ['%', .. var setting, '%'])
            expression = configuration[setting] ?? throw new FunctionsStartupException($"Function '{function.Name}': its schedule's setting '{setting}' is missing.");
        try
        {
            var schedule = CronSchedule.Parse(expression);
            return new(function, trigger, schedule, trigger.UseMonitor && ComesAtMostOnceAMinute(schedule, now));
        }
        catch (FormatException wrong)
        {
            throw new FunctionsStartupException($"Function '{function.Name}': the schedule '{expression}' cannot be read: {wrong.Message}.", wrong);
        }
    }

    /// <summary>Looks at the next few occurrences, as the real host does.</summary>
    static bool ComesAtMostOnceAMinute(CronSchedule schedule, DateTimeOffset from)
    {
        var at = schedule.Next(from);
        for (var looked = 0; looked < 5 && at is { } one; looked++)
        {
            at = schedule.Next(one);
            if (at - one < TimeSpan.FromMinutes(1))
                return false;
        }

        return true;
    }
}
