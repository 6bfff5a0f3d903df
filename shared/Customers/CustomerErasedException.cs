namespace ServerlessCLM.Customers;

/// <summary>The customer was erased: nothing may be written about them under this id again.</summary>
public sealed class CustomerErasedException(CustomerId customer, DateTimeOffset erased)
    : Exception($"the customer was erased on {erased:yyyy-MM-dd}; take a new customer id")
{
    public CustomerId Customer { get; } = customer;

    public DateTimeOffset Erased { get; } = erased;
}
