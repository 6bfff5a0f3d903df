using ServerlessCLM.Transactions;

namespace ServerlessCLM.Decisions.Authorizations;

/// <summary>A verdict with its ISO 8583 response code (field 39) and the codes of its reasons.</summary>
public readonly record struct AuthorizationVerdict(AuthorizationDecision Decision, string Code, IReadOnlyList<string> Reasons, double Fraud);

/// <summary>Approve, decline or step up: hard limits first, in a fixed order, then fraud. Pure.</summary>
public static class AuthorizationRules
{
    /// <summary>Reasons given at the most.</summary>
    public const int MaxReasons = 4;

    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["blocked"] = "the card is blocked",
        ["category"] = "the card is not for this kind of merchant",
        ["currency"] = "the payment's currency cannot be brought to the customer's",
        ["funds"] = "not enough money or credit",
        ["amount_limit"] = "more than one payment may be",
        ["day_limit"] = "more than may be spent in a day",
        ["cash_limit"] = "more cash than may be drawn in a day",
        ["hour_count"] = "too many payments within an hour",
        ["day_count"] = "too many payments within a day",
    };

    /// <summary>A reason in words.</summary>
    public static string WordsOf(AuthorizationPolicy policy, string reason) =>
        Words.GetValueOrDefault(reason) ?? policy.Fraud.Terms.FirstOrDefault(term => term.Reason == reason)?.Words ?? FraudModel.WordsOf(reason) ?? reason;

    /// <param name="policy">Limits and scorecard.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="payment">Its payment; null where it cannot be brought to the customer's currency.</param>
    /// <param name="inputs">From <see cref="AuthorizationInputs.Fill"/>.</param>
    /// <param name="flags">Flags of the profile that are set.</param>
    /// <param name="available">What is left in ten-thousandths of the customer's currency; null where nobody knows.</param>
    /// <param name="model">Of fraud; without one the scorecard is alone. Where both speak, the higher probability decides and gives the reasons.</param>
    public static AuthorizationVerdict Decide(
        AuthorizationPolicy policy, AuthorizationRequest request, Payment? payment, float[] inputs, IReadOnlyCollection<string> flags, long? available,
        FraudModel? model = null)
    {
        if (flags.Any(policy.BlockingFlags.Contains))
            return Decline("62", "blocked");

        if (request.Payment.Mcc is { } mcc && policy.BlockedCategories.Contains(mcc))
            return Decline("57", "category");

        if (payment is not { } asked)
            return Decline("57", "currency");

        var amount = -asked.Amount;
        if (amount > available)
            return Decline("51", "funds");

        if (OverLimit(policy.Limits, request, amount, inputs) is { } over)
            return over;

        var (scorecard, learned) = (policy.Fraud.Probability(inputs), model?.Probability(inputs) ?? 0);
        var fraud = Math.Round(Math.Max(scorecard, learned), 6);
        if (fraud < policy.Fraud.StepUp)
            return new AuthorizationVerdict(AuthorizationDecision.Approve, "00", [], fraud);

        string[] reasons = learned > scorecard ? [.. model!.Reasons(inputs).Take(MaxReasons)]
            : [.. policy.Fraud.Reasons(inputs).Take(MaxReasons).Select(term => term.Reason)];
        if (fraud >= policy.Fraud.Decline)
            return new AuthorizationVerdict(AuthorizationDecision.Decline, "59", reasons, fraud);

        // Who has proven who they are is not asked again.
        return request.Authenticated
            ? new AuthorizationVerdict(AuthorizationDecision.Approve, "00", [], fraud)
            : new AuthorizationVerdict(AuthorizationDecision.StepUp, policy.Fraud.StepUpCode, reasons, fraud);
    }

    private static AuthorizationVerdict? OverLimit(AuthorizationLimits limits, AuthorizationRequest request, long amount, float[] inputs)
    {
        var units = amount / (decimal)Payment.MoneyScale;
        if (units > limits.Transaction)
            return Decline("61", "amount_limit");

        if (units + Of(inputs, AuthorizationInput.ApprovedAmount24h) > limits.Day)
            return Decline("61", "day_limit");

        if (request.Channel == AuthorizationChannel.Atm && units + Of(inputs, AuthorizationInput.Cash24h) > limits.CashDay)
            return Decline("61", "cash_limit");

        if (Of(inputs, AuthorizationInput.Attempts1h) >= limits.Hour)
            return Decline("65", "hour_count");

        return Of(inputs, AuthorizationInput.Attempts24h) >= limits.CountDay ? Decline("65", "day_count") : null;
    }

    private static decimal Of(float[] inputs, AuthorizationInput input) => (decimal)inputs[AuthorizationInputs.PlaceOf(input)];

    private static AuthorizationVerdict Decline(string code, string reason) => new(AuthorizationDecision.Decline, code, [reason], 0);
}
