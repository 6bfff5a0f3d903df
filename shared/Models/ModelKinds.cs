namespace ServerlessCLM.Models;

/// <summary>What a model's document may hold.</summary>
public static class ModelKinds
{
    /// <summary>Gradient-boosted trees; the raw score is their margin.</summary>
    public const string Trees = "trees";

    /// <summary>Gradient-boosted trees over features and period: the hazard of each period of a discrete time.</summary>
    public const string Hazard = "hazard";

    /// <summary>A generalised linear model over standardised features.</summary>
    public const string Linear = "linear";

    /// <summary>Two models, of those treated and those not; the score is the difference.</summary>
    public const string Uplift = "uplift";

    /// <summary>BG/NBD with gamma-gamma: buy till you die.</summary>
    public const string BuyTillYouDie = "btyd";

    /// <summary>Beta distributions of response rates by cell.</summary>
    public const string BetaPrior = "beta-prior";

    public static readonly IReadOnlyList<string> All = [Trees, Hazard, Linear, Uplift, BuyTillYouDie, BetaPrior];
}
