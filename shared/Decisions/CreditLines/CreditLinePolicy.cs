using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ServerlessCLM.Decisions.CreditLines;

/// <summary>How credit lines are set, as a document. Rates are shares a year.</summary>
/// <param name="Id">Names the policy.</param>
/// <param name="Version">Whole number from 1.</param>
/// <param name="Economics">What a line earns and costs.</param>
/// <param name="AbilityToPay">What must be left to the customer.</param>
/// <param name="Steps">Candidate lines as multiples of the line now.</param>
/// <param name="Rounding">Lines are multiples of this.</param>
/// <param name="Least">Smallest line.</param>
/// <param name="Most">Largest line.</param>
/// <param name="LeastGain">Gain a year below which the line stays.</param>
/// <param name="DaysBetween">Days between two changes.</param>
/// <param name="LeastAge">Below this age in years no line is raised without somebody's look; Reg Z §1026.51(b) has 21.</param>
/// <param name="Frozen">Flags of the profile under which nothing changes, such as a moratorium.</param>
/// <param name="NoIncrease">Flags under which the line is not raised.</param>
/// <param name="Difficulty">What tells of financial difficulty ahead; one is enough.</param>
public sealed record CreditLinePolicy(
    string Id, int Version, LineEconomics Economics, AbilityToPay AbilityToPay, IReadOnlyList<double> Steps, decimal Rounding, decimal Least, decimal Most,
    double LeastGain, int DaysBetween, int LeastAge, IReadOnlyList<string> Frozen, IReadOnlyList<string> NoIncrease, IReadOnlyList<DifficultyMark> Difficulty)
{
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    public DateTimeOffset? Effective { get; init; }

    /// <summary>The policy that comes with the product.</summary>
    public static CreditLinePolicy Default { get; } = ReadDefault();

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id} {Version}");

    /// <exception cref="JsonException">The document is not a policy; <see cref="CreditLinePolicyKind"/> says what is wrong with it.</exception>
    public static CreditLinePolicy Read(JsonObject document) =>
        document.Deserialize(CreditLinePolicyJson.Default.CreditLinePolicy) ?? throw new JsonException("$: must be an object");

    private static CreditLinePolicy ReadDefault()
    {
        using var stream = typeof(CreditLinePolicy).Assembly.GetManifestResourceStream("credit-line.policy.json")
            ?? throw new InvalidOperationException("credit-line.policy.json is not part of the build");
        return Read(JsonNode.Parse(stream)!.AsObject());
    }
}

/// <summary>A feature above a bound that tells of difficulty ahead.</summary>
public sealed record DifficultyMark(string Feature, double Above);

/// <summary>What is taken for income that must be left over.</summary>
/// <param name="MinimumShare">Share of the balance that the least payment repays a month, beside the interest.</param>
/// <param name="MinimumAmount">Least payment a month at the least.</param>
/// <param name="Reserve">Share of the income that obligations and the least payment must leave.</param>
public sealed record AbilityToPay(double MinimumShare, decimal MinimumAmount, double Reserve);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(CreditLinePolicy))]
internal sealed partial class CreditLinePolicyJson : JsonSerializerContext;
