using System.Text;
using ServerlessCLM.Customers;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Functions.Customers;

/// <summary>
/// The customer that a route names, by their id or by the pseudonym that logs have. A name that looks like a card number is known by its token, as
/// events are, so that a bank whose ids happen to look so still finds its customers.
/// </summary>
public sealed class CustomerReference(CardNumbers cards, CustomerPseudonyms pseudonyms)
{
    public bool TryResolve(string text, out CustomerId customer) =>
        pseudonyms.TryFind(text, out customer) || CustomerId.TryParse(Encoding.UTF8.GetString(cards.Tokenise(Encoding.UTF8.GetBytes(text)).Span), out customer);
}
