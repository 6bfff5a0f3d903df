using ServerlessCLM.Decisions.Authorizations;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Simulation;

/// <summary>A card payment as it asked to be let through, and what the bank learns of it later.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="Channel">How the card was presented.</param>
/// <param name="Authenticated">Whether the cardholder had proven who they are.</param>
/// <param name="Fraud">Whether somebody else paid.</param>
public sealed record SimulatedAuthorization(PaymentRecord Payment, AuthorizationChannel Channel, bool Authenticated, bool Fraud);
