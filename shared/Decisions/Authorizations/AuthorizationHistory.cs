using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessCLM.Decisions.Authorizations;

public enum AuthorizationDecision { Approve, Decline, StepUp }

/// <summary>One authorization as remembered.</summary>
/// <param name="Id">Derived from customer and key.</param>
/// <param name="Body">Digest of the request: the same key with another request is a mistake.</param>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Amount">In ten-thousandths of the customer's currency, positive.</param>
/// <param name="Merchant">Digest of the merchant, 0 without one.</param>
/// <param name="Country">Where.</param>
/// <param name="Channel">How the card was presented.</param>
/// <param name="NewMerchant">Whether the merchant had not been seen before.</param>
/// <param name="Decision">What was decided.</param>
/// <param name="Code">The ISO 8583 response code.</param>
/// <param name="Reasons">Codes of the reasons, the deciding one first.</param>
/// <param name="Fraud">Probability of fraud: the scorecard's, or the model's where that is higher.</param>
/// <param name="Policy">Id and version of the policy.</param>
/// <param name="Model">Id and version of the fraud model; null where there was none.</param>
public sealed record Authorization(
    string Id, string Body, long At, long Amount, ulong Merchant, string? Country, AuthorizationChannel Channel, bool NewMerchant,
    AuthorizationDecision Decision, string Code, IReadOnlyList<string> Reasons, double Fraud, string Policy, string? Model = null);

/// <summary>
/// A customer's latest authorizations, newest first: what velocity is measured on, and what answers a repeated request. One row, changed with the
/// customer's commit, so that two authorizations at the same time see one another.
/// </summary>
public sealed record AuthorizationHistory(IReadOnlyList<Authorization> Latest)
{
    /// <summary>Authorizations kept. More within a day are not told apart from this many, which every count limit is below.</summary>
    public const int Capacity = 48;

    public static readonly AuthorizationHistory Empty = new([]);

    public AuthorizationHistory With(Authorization authorization) => new([authorization, .. Latest.Take(Capacity - 1)]);

    public Authorization? Find(string id) => Latest.FirstOrDefault(known => known.Id == id);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AuthorizationHistory))]
public sealed partial class AuthorizationsJson : JsonSerializerContext;
