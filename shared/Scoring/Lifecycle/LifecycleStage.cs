using ServerlessCLM.Features;

namespace ServerlessCLM.Scoring.Lifecycle;

/// <summary>Where a customer stands in the life of the relationship. Their numbers are stored.</summary>
public enum LifecycleStage
{
    /// <summary>Known, and nothing was ever paid.</summary>
    Prospect = 0,

    /// <summary>The first payment is fewer than 90 days old.</summary>
    Onboarding = 1,

    /// <summary>Pays by hand clearly more often than in the months before.</summary>
    Growing = 2,

    /// <summary>As in the months before.</summary>
    Established = 3,

    /// <summary>Pays by hand clearly less often than in the months before.</summary>
    Declining = 4,

    /// <summary>No payment by hand for 60 days.</summary>
    Dormant = 5,

    /// <summary>No payment by hand for 180 days.</summary>
    Lapsed = 6,

    /// <summary>Something is past due, whatever else holds.</summary>
    Arrears = 7,
}

/// <summary>Finds the stage. The first that holds of: arrears, prospect, lapsed, dormant, onboarding, declining, growing, established.</summary>
public static class LifecycleStages
{
    /// <summary>Days from the first payment on that a customer is new.</summary>
    public const int OnboardingDays = 90;

    /// <summary><c>activity_change</c> at or below which activity declines (a fall by 40%), and at or above which it grows (a rise by 28%).</summary>
    public const float Decline = -0.5f, Growth = 0.25f;

    public static IReadOnlyList<LifecycleStage> All { get; } = Enum.GetValues<LifecycleStage>();

    /// <param name="features">What payments have told.</param>
    /// <param name="daysPastDue">Of the debt that is longest past due; 0 without one.</param>
    /// <param name="asOf">Unix milliseconds; an instant before the newest payment is taken for that payment's day.</param>
    public static LifecycleStage Of(FeatureState features, int daysPastDue, long asOf)
    {
        if (daysPastDue > 0)
            return LifecycleStage.Arrears;

        ref var life = ref features.Life;
        if (life.FirstDay == 0)
            return LifecycleStage.Prospect;

        var day = Math.Max(Days.Of(asOf), Days.Of(Math.Max(features.NewestDayStart, Days.Milliseconds)));
        // Who has never paid by hand is silent since the first payment.
        var silent = day - (life.LastActive == 0 ? life.FirstDay : life.LastActive);
        var thresholds = SignalThresholds.Default;
        if (silent >= thresholds.LongDormantDays)
            return LifecycleStage.Lapsed;
        if (silent >= thresholds.DormantDays)
            return LifecycleStage.Dormant;
        if (day - life.FirstDay < OnboardingDays)
            return LifecycleStage.Onboarding;

        Span<float> scores = stackalloc float[ScoreCatalogue.Count];
        ScoreSet.Fill(features, Days.Start(day), scores);
        return scores[ScoreCatalogue.ActivityChange] switch
        {
            <= Decline => LifecycleStage.Declining,
            >= Growth => LifecycleStage.Growing,
            _ => LifecycleStage.Established,
        };
    }
}
