namespace ServerlessCLM.Customers;

/// <summary>A time during which a flag was set that stops the clocks of debts.</summary>
/// <param name="Flag">One of <see cref="Pausing"/>.</param>
/// <param name="From">When it was set.</param>
/// <param name="Until">When it was taken back; null while it is set.</param>
public sealed record FlagPeriod(string Flag, DateTimeOffset From, DateTimeOffset? Until = null)
{
    /// <summary>Flags under which days past due are not counted, nothing bears interest and nothing is enforced: the law defers the debt.</summary>
    /// <remarks>UK SI 2020/1311 reg. 7 (Breathing Space); EBA/GL/2016/07 §18 (suspension by law stops the counting of days past due).</remarks>
    public static IReadOnlyList<string> Suspending { get; } = ["moratorium", "breathingSpace"];

    /// <summary>Flags under which the clocks of promises and plans stand still.</summary>
    public static IReadOnlyList<string> Pausing { get; } = [.. Suspending, "litigation", "hardship", "vulnerable", "deceased"];

    /// <summary>Periods kept at the most: the oldest that have ended give way.</summary>
    private const int Capacity = 40;

    /// <summary>The periods with what a profile says now.</summary>
    public static IReadOnlyList<FlagPeriod> Follow(IReadOnlyList<FlagPeriod> periods, Profile profile, DateTimeOffset at)
    {
        var followed = periods.Select(period => period.Until is null && !profile.Has(period.Flag) ? period with { Until = at > period.From ? at : period.From } : period).ToList();
        foreach (var flag in Pausing)
        {
            if (profile.Has(flag) && !followed.Exists(period => period.Flag == flag && period.Until is null))
                followed.Add(new FlagPeriod(flag, at));
        }

        while (followed.Count > Capacity && followed.FindIndex(period => period.Until is not null) is >= 0 and var ended)
            followed.RemoveAt(ended);
        return followed;
    }
}
