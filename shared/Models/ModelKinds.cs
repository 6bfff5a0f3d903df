namespace ServerlessCLM.Models;

/// <summary>What a model's document may hold.</summary>
public static class ModelKinds
{
    /// <summary>Gradient-boosted trees; the raw score is their margin.</summary>
    public const string Trees = "trees";

    /// <summary>Gradient-boosted trees over features and period: the hazard of each period of a discrete time.</summary>
    public const string Hazard = "hazard";

    /// <summary>A logistic model over standardised features.</summary>
    public const string Linear = "linear";

    /// <summary>A logistic model over features and the hour of a contact.</summary>
    public const string Response = "response";

    /// <summary>Two logistic models, of those treated and those not; the score is the difference of their probabilities.</summary>
    public const string Uplift = "uplift";

    /// <summary>BG/NBD with gamma-gamma: buy till you die.</summary>
    public const string BuyTillYouDie = "btyd";

    /// <summary>Gradient-boosted trees over what an authorization knows of a card payment; it scores payments and not customers.</summary>
    public const string Fraud = "fraud";

    public static readonly IReadOnlyList<string> All = [Trees, Hazard, Linear, Response, Uplift, BuyTillYouDie, Fraud];
}
