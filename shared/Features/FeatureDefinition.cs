namespace ServerlessCLM.Features;

/// <summary>Which way a feature points for credit risk when everything else stays the same; a model may be held to it.</summary>
public enum Risk
{
    /// <summary>No direction is claimed.</summary>
    Open,

    /// <summary>More of it, more risk.</summary>
    Rises,

    /// <summary>More of it, less risk.</summary>
    Falls,
}

/// <summary>What a feature is measured in.</summary>
public enum FeatureUnit { Days, Count, Money, MoneyPerDay, Ratio, Share, DayOfMonth }

/// <summary>One feature: what it is called, what it means and how it may be spoken of.</summary>
/// <param name="Feature">Its place in a vector.</param>
/// <param name="Name">Snake case, the window as suffix.</param>
/// <param name="Unit">Money is in units of the customer's currency.</param>
/// <param name="WindowDays">Whole UTC days, the day of the vector and those before it; null where there is no window.</param>
/// <param name="Risk">Direction for credit risk.</param>
/// <param name="Family">Features of one family tell one story; reasons are grouped by it.</param>
/// <param name="Definition">The exact rule, which the naive recomputation in the tests follows.</param>
/// <param name="Phrase">What a customer is told when this feature is a reason: a noun phrase in plain words.</param>
public sealed record FeatureDefinition(
    Feature Feature, string Name, FeatureUnit Unit, int? WindowDays, Risk Risk, string Family, string Definition, string Phrase);
