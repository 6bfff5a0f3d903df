using System.Collections.Frozen;
using ServerlessCLM.Features;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Decisions.Authorizations;

/// <summary>What an authorization knows beyond the stream's features; amounts in units of the customer's currency. The name in a policy is the member in snake case.</summary>
public enum AuthorizationInput
{
    /// <summary>The amount asked for.</summary>
    Amount,

    /// <summary>The amount over <c>purchase_mean_90d</c>.</summary>
    AmountVsMean,

    /// <summary>1 where the card was not there: online or keyed in.</summary>
    CardAbsent,

    /// <summary>1 for the magnetic stripe.</summary>
    Swiped,

    /// <summary>1 where the cardholder has proven who they are.</summary>
    Authenticated,

    /// <summary>1 where the merchant is among neither the latest authorizations nor the merchants known.</summary>
    NewMerchant,

    /// <summary>1 where the merchant is not among the latest authorizations.</summary>
    UnusualMerchant,

    /// <summary>1 where the customer has never paid in the country.</summary>
    NewCountry,

    /// <summary>Requests of the last hour and day, this one left out.</summary>
    Attempts1h, Attempts24h,

    /// <summary>Requests declined within an hour.</summary>
    Declines1h,

    /// <summary>Approved within a day: number, amount, and cash drawn.</summary>
    Approved24h, ApprovedAmount24h, Cash24h,

    /// <summary>Requests with the card absent within a day.</summary>
    CardAbsent24h,

    /// <summary>Merchants not seen before, within a day.</summary>
    NewMerchants24h,

    /// <summary>Other countries within a day.</summary>
    OtherCountries24h,
}

/// <summary>The vector that a policy's scorecard reads: the stream's features, then <see cref="AuthorizationInput"/>. NaN is missing.</summary>
public static class AuthorizationInputs
{
    public const int Count = FeatureCatalogue.Count + (int)AuthorizationInput.OtherCountries24h + 1;

    private const long Hour = 3_600_000, Day = 24 * Hour;

    private static readonly FrozenDictionary<string, int> Places = Enum.GetValues<AuthorizationInput>()
        .ToFrozenDictionary(input => FeatureCatalogue.SnakeCase(input.ToString()), PlaceOf, StringComparer.Ordinal);

    /// <summary>Names of all inputs and features.</summary>
    public static IEnumerable<string> Names => [.. Places.Keys, .. FeatureCatalogue.All.Select(feature => feature.Name)];

    public static int PlaceOf(AuthorizationInput input) => FeatureCatalogue.Count + (int)input;

    /// <summary>Place of an input or feature by name; −1 where none has it.</summary>
    public static int IndexOf(string name) => Places.GetValueOrDefault(name, FeatureCatalogue.IndexOf(name));

    /// <param name="state">The customer's features as the stream left them.</param>
    /// <param name="history">Earlier authorizations.</param>
    /// <param name="request">This one.</param>
    /// <param name="payment">Its payment in the customer's currency.</param>
    /// <param name="inputs">At least <see cref="Count"/> places.</param>
    public static void Fill(FeatureState state, AuthorizationHistory history, AuthorizationRequest request, in Payment payment, Span<float> inputs)
    {
        state.Fill(payment.Time, inputs);
        var own = inputs[FeatureCatalogue.Count..];
        own.Clear();
        var amount = -payment.Amount / (double)Payment.MoneyScale;
        Set(own, AuthorizationInput.Amount, amount);
        Set(own, AuthorizationInput.AmountVsMean, amount / inputs[(int)Feature.PurchaseMean90d]);
        Set(own, AuthorizationInput.CardAbsent, IsAbsent(request.Channel) ? 1 : 0);
        Set(own, AuthorizationInput.Swiped, request.Channel == AuthorizationChannel.Swipe ? 1 : 0);
        Set(own, AuthorizationInput.Authenticated, request.Authenticated ? 1 : 0);
        var usual = payment.Merchant == 0;
        var countries = new HashSet<string>(StringComparer.Ordinal);
        foreach (var known in history.Latest)
        {
            usual |= known.Merchant == payment.Merchant;
            var age = payment.Time - known.At;
            if (age > Day)
                continue;

            own[(int)AuthorizationInput.Attempts24h]++;
            own[(int)AuthorizationInput.Attempts1h] += age <= Hour ? 1 : 0;
            own[(int)AuthorizationInput.Declines1h] += age <= Hour && known.Decision == AuthorizationDecision.Decline ? 1 : 0;
            own[(int)AuthorizationInput.CardAbsent24h] += IsAbsent(known.Channel) ? 1 : 0;
            own[(int)AuthorizationInput.NewMerchants24h] += known.NewMerchant ? 1 : 0;
            if (known.Country is { } country && country != request.Payment.Country)
                countries.Add(country);

            if (known.Decision != AuthorizationDecision.Approve)
                continue;

            own[(int)AuthorizationInput.Approved24h]++;
            var spent = known.Amount / (float)Payment.MoneyScale;
            own[(int)AuthorizationInput.ApprovedAmount24h] += spent;
            own[(int)AuthorizationInput.Cash24h] += known.Channel == AuthorizationChannel.Atm ? spent : 0;
        }

        Set(own, AuthorizationInput.OtherCountries24h, countries.Count);
        Set(own, AuthorizationInput.UnusualMerchant, usual ? 0 : 1);
        Set(own, AuthorizationInput.NewMerchant, usual || state.KnowsMerchant(payment.Merchant) ? 0 : 1);
        Set(own, AuthorizationInput.NewCountry, payment.Country == 0 || state.KnowsCountry(payment.Country) ? 0 : 1);
    }

    private static bool IsAbsent(AuthorizationChannel channel) => channel is AuthorizationChannel.Online or AuthorizationChannel.Manual;

    private static void Set(Span<float> own, AuthorizationInput input, double value) => own[(int)input] = (float)value;
}
