using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ServerlessCLM.Decisions.Authorizations;

/// <summary>Limits and scorecard of card authorizations, as a document.</summary>
/// <param name="Id">Names the policy.</param>
/// <param name="Version">Whole number from 1.</param>
/// <param name="Limits">What is let through at all, in units of the customer's currency.</param>
/// <param name="BlockedCategories">Merchant categories (ISO 18245) that the card is not for.</param>
/// <param name="BlockingFlags">Flags of the profile under which nothing is let through.</param>
/// <param name="Fraud">The scorecard, and what follows from its probability.</param>
public sealed record AuthorizationPolicy(
    string Id, int Version, AuthorizationLimits Limits, IReadOnlyList<string> BlockedCategories, IReadOnlyList<string> BlockingFlags, FraudScorecard Fraud)
{
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    public DateTimeOffset? Effective { get; init; }

    /// <summary>The policy that comes with the product.</summary>
    public static AuthorizationPolicy Default { get; } = ReadDefault();

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id} {Version}");

    /// <exception cref="JsonException">The document is not a policy; <see cref="AuthorizationPolicyKind"/> says what is wrong with it.</exception>
    public static AuthorizationPolicy Read(JsonObject document) =>
        document.Deserialize(AuthorizationPolicyJson.Default.AuthorizationPolicy) ?? throw new JsonException("$: must be an object");

    private static AuthorizationPolicy ReadDefault()
    {
        using var stream = typeof(AuthorizationPolicy).Assembly.GetManifestResourceStream("authorization.policy.json")
            ?? throw new InvalidOperationException("authorization.policy.json is not part of the build");
        return Read(JsonNode.Parse(stream)!.AsObject());
    }
}

/// <summary>Limits of one customer.</summary>
/// <param name="Transaction">Largest amount of one payment.</param>
/// <param name="Day">Approved within 24 hours.</param>
/// <param name="CashDay">Cash within 24 hours.</param>
/// <param name="CountDay">Requests within 24 hours.</param>
/// <param name="Hour">Requests within an hour.</param>
public sealed record AuthorizationLimits(decimal Transaction, decimal Day, decimal CashDay, int CountDay, int Hour);

/// <summary>
/// Fraud as a scorecard: the log odds are the intercept and the points of every term whose input lies above its bound; a missing input gives none.
/// </summary>
/// <param name="Intercept">Log odds of a payment without any points.</param>
/// <param name="StepUp">From this probability on the cardholder has to prove who they are.</param>
/// <param name="StepUpCode">Response code that asks for it: 1A (Visa), 65 (Mastercard).</param>
/// <param name="Decline">From this probability on it is declined even so.</param>
/// <param name="Terms">What counts.</param>
public sealed record FraudScorecard(double Intercept, double StepUp, string StepUpCode, double Decline, IReadOnlyList<FraudTerm> Terms)
{
    private readonly int[] _places = [.. Terms.Select(term => AuthorizationInputs.IndexOf(term.Input) is >= 0 and var place
        ? place
        : throw new InvalidDataException($"fraud.terms: '{term.Input}' is neither an input of authorizations nor a feature"))];

    /// <summary>Probability of fraud, 0 to 1.</summary>
    public double Probability(ReadOnlySpan<float> inputs)
    {
        var odds = Intercept;
        for (var i = 0; i < _places.Length; i++)
        {
            if (inputs[_places[i]] > Terms[i].Above)
                odds += Terms[i].Points;
        }

        return 1 / (1 + Math.Exp(-odds));
    }

    /// <summary>What made it suspicious, the weightiest first.</summary>
    public IEnumerable<FraudTerm> Reasons(float[] inputs) => Terms
        .Where((term, i) => term.Points > 0 && inputs[_places[i]] > term.Above)
        .OrderByDescending(term => term.Points);
}

/// <summary>Points for an input above a bound.</summary>
/// <param name="Input">An authorization's input or a feature.</param>
/// <param name="Above">The bound.</param>
/// <param name="Points">Log odds added.</param>
/// <param name="Reason">Code of the reason.</param>
/// <param name="Words">The reason in words.</param>
public sealed record FraudTerm(string Input, double Above, double Points, string Reason, string Words);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(AuthorizationPolicy))]
internal sealed partial class AuthorizationPolicyJson : JsonSerializerContext;
