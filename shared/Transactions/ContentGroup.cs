namespace ServerlessCLM.Transactions;

/// <summary>What people spend on: merchant categories gathered into sixteen groups. The order is part of the stored
/// state: append, never reorder.</summary>
public enum ContentGroup : byte
{
    Groceries, Dining, Fuel, Transport, Travel, Home, Housing, Utilities, Health, Fashion, Electronics,
    Entertainment, Education, Financial, Gambling, Other,
}
