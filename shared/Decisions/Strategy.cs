using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ServerlessCLM.Decisions;

public enum ActionKind { Offer, Service, CreditLine, Intervention, None }

public enum LifecycleStage { Acquire, Activate, CrossSell, Retain, Reactivate, PreDelinquency, Collections }

public enum ExplorationMethod { None, Thompson }

/// <summary>Weights of the parts of a value.</summary>
/// <param name="Revenue">Of margin and lifetime.</param>
/// <param name="Risk">Of the expected loss.</param>
/// <param name="Experience">Of what the action is to the customer.</param>
public sealed record Objectives(double Revenue, double Risk, double Experience);

/// <summary>How propensities that are little known are tried out.</summary>
/// <param name="Method">Thompson sampling, or not at all.</param>
/// <param name="Share">Share of decisions that explore, 0 to 1.</param>
public sealed record Exploration(ExplorationMethod Method, double Share);

/// <summary>What actions share and use up.</summary>
/// <param name="Id">Named by an action's <see cref="StrategyAction.Uses"/>.</param>
/// <param name="Unit">A currency or what is counted.</param>
/// <param name="Limit">How much there is in a period.</param>
/// <param name="Per">ISO 8601 duration.</param>
public sealed record Budget(string Id, string Unit, decimal Limit, string Per);

/// <summary>Beta distribution of a propensity before anything is known.</summary>
public sealed record BetaPrior(double Alpha, double Beta);

/// <param name="Prior">Holds while no model says more.</param>
/// <param name="Model">Id of a propensity model; its score is the action's propensity.</param>
public sealed record PropensitySource(BetaPrior Prior, string? Model = null);

/// <summary>Amounts, as expressions, of an action that is accepted; absent parts are 0.</summary>
public sealed record ActionValue(string? Margin = null, string? ExpectedLoss = null, string? Lifetime = null, string? Experience = null);

/// <summary>Something that can be done for a customer.</summary>
public sealed record StrategyAction(string Id, ActionKind Kind)
{
    public LifecycleStage? Stage { get; init; }

    /// <summary>What a contact about it is for; null for what follows from stage and kind.</summary>
    public string? Purpose { get; init; }

    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>Whether the customer may have it at all; null for always.</summary>
    public string? Eligibility { get; init; }

    /// <summary>Whether it makes sense now.</summary>
    public string? Applicability { get; init; }

    /// <summary>Whether it is good for the customer.</summary>
    public string? Suitability { get; init; }

    public PropensitySource? Propensity { get; init; }

    public ActionValue? Value { get; init; }

    /// <summary>Of one contact, by channel.</summary>
    public IReadOnlyDictionary<string, decimal> Cost { get; init; } = new Dictionary<string, decimal>();

    /// <summary>Factor of the moment, as an expression; 1 where absent.</summary>
    public string? Context { get; init; }

    /// <summary>Factor set by the business.</summary>
    public double Lever { get; init; } = 1;

    /// <summary>Of budgets by id, when it is chosen.</summary>
    public IReadOnlyDictionary<string, decimal> Uses { get; init; } = new Dictionary<string, decimal>();

    /// <summary>ISO 8601 duration for which a decision holds.</summary>
    public string? Valid { get; init; }

    /// <summary>Id of the journey that it starts.</summary>
    public string? Journey { get; init; }
}

/// <summary>A strategy: what may be offered to whom, what it is worth, and how one action is chosen.</summary>
public sealed record Strategy(string Id, int Version, Objectives Objectives, IReadOnlyList<StrategyAction> Actions)
{
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    public DateTimeOffset? Effective { get; init; }

    public string? Jurisdiction { get; init; }

    public Exploration Exploration { get; init; } = new(ExplorationMethod.None, 0);

    /// <summary>Share of customers who get nothing, 0 to below 1.</summary>
    public double Holdout { get; init; }

    public IReadOnlyList<Budget> Budgets { get; init; } = [];

    /// <summary>By reflection, because generated code would give absent members the default of their type instead of the one written above.</summary>
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Reads a document that the schema has accepted.</summary>
    /// <exception cref="JsonException">It has not.</exception>
    public static Strategy Read(JsonObject document) => document.Deserialize<Strategy>(Options)!;
}
