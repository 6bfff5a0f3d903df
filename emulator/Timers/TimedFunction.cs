using Microsoft.Extensions.Configuration;

namespace ServerlessCLM.Emulator;

/// <summary>A timer function with its schedule, and where it stands in it.</summary>
/// <param name="function">The function.</param>
/// <param name="trigger">Its attribute.</param>
/// <param name="schedule">The attribute's schedule, read.</param>
/// <param name="monitored">Whether the schedule is kept over restarts.</param>
internal sealed class TimedFunction(FunctionDescriptor function, TimerTriggerAttribute trigger, CronSchedule schedule, bool monitored)
{
    public FunctionDescriptor Function => function;

    public TimerTriggerAttribute Trigger => trigger;

    public CronSchedule Schedule => schedule;

    public bool Monitored => monitored;

    /// <summary>Held while the function runs, its retries and the waits between them included.</summary>
    public SemaphoreSlim Running { get; } = new(1);

    /// <summary>When it runs next, or tries again; null when its schedule has no further occurrence.</summary>
    public DateTimeOffset? Next { get; set; }

    /// <summary>Whether the next run makes up for an occurrence missed while the host was down.</summary>
    public bool PastDue { get; set; }

    /// <summary>The time of the run under way.</summary>
    public DateTimeOffset Fired { get; set; }

    /// <summary>How often the run under way has failed.</summary>
    public int Failures { get; set; }

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
