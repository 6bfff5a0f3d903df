namespace ServerlessCLM.Emulator;

/// <summary>Runs the function on a schedule.</summary>
/// <param name="schedule">Six-field NCRONTAB, seconds first, in UTC; or <c>%Setting%</c>, which names the setting that holds it.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    public string Schedule { get; } = schedule;

    /// <summary>
    /// Whether the schedule is kept over restarts, so that a missed occurrence is made up for. Schedules that come
    /// more often than once a minute are never kept.
    /// </summary>
    public bool UseMonitor { get; set; } = true;

    /// <summary>Whether the function also runs when the host starts.</summary>
    public bool RunOnStartup { get; set; }
}

/// <summary>What a timer function is told about its run.</summary>
public sealed class TimerInfo
{
    /// <summary>Null when the schedule is not kept.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>Whether this run makes up for an occurrence missed while the host was down.</summary>
    public bool IsPastDue { get; set; }
}

/// <summary>Where a kept schedule stands. All times are UTC.</summary>
public sealed class ScheduleStatus
{
    /// <summary>The last run; the default value before the first.</summary>
    public DateTime Last { get; set; }

    /// <summary>The next occurrence after <see cref="Last"/>.</summary>
    public DateTime Next { get; set; }

    /// <summary>When this was written.</summary>
    public DateTime LastUpdated { get; set; }
}
