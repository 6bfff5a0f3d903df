using System.Diagnostics.CodeAnalysis;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Decisions;

/// <summary>
/// Ids of decisions: derived from customer and cause, so that the same cause is the same decision, and carrying the customer's id enciphered, so
/// that a decision is found by its id alone while the id tells nobody else whose it is.
/// </summary>
public sealed class DecisionIds(MasterKeys keys)
{
    private readonly HiddenCustomers _hidden = new(keys.Derive("decision-ids"), keys.Derive("decision-id-customers"));

    public string Of(CustomerId customer, string cause) => _hidden.Of(customer, cause);

    /// <summary>The customer that an id is about; false where it is no decision's id.</summary>
    public bool TryFind([NotNullWhen(true)] string? id, out CustomerId customer) => _hidden.TryFind(id, out customer);

    /// <summary>What the draws of a decision follow from.</summary>
    public static ulong SeedOf(string id) => Digest64.Of(id);
}
