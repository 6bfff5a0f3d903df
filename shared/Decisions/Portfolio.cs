namespace ServerlessCLM.Decisions;

/// <summary>What may be done for each customer of a portfolio, what it is worth and what it takes from shared budgets. Filled once, then solved.</summary>
/// <param name="limits">How much there is of each budget; not negative.</param>
public sealed class Portfolio(IReadOnlyList<double> limits)
{
    private readonly List<int> _customers = [0], _uses = [0], _budgets = [];
    private readonly List<double> _values = [], _amounts = [];

    public IReadOnlyList<double> Limits { get; } = limits;

    public int Customers => _customers.Count - 1;

    public int Options => _values.Count;

    /// <summary>Adds an option of the customer that is being added.</summary>
    /// <param name="value">Expected value before budgets; options that are worth nothing may be left out.</param>
    /// <param name="uses">Places of budgets and amounts, none negative.</param>
    public void Add(double value, params ReadOnlySpan<(int Budget, double Amount)> uses)
    {
        _values.Add(value);
        foreach (var (budget, amount) in uses)
        {
            if (budget < 0 || budget >= Limits.Count || !(amount >= 0))
                throw new ArgumentOutOfRangeException(nameof(uses), (budget, amount), "must be a budget's place and an amount that is not negative");
            _budgets.Add(budget);
            _amounts.Add(amount);
        }

        _uses.Add(_budgets.Count);
    }

    /// <summary>Ends the customer; the next option is the next one's.</summary>
    public void EndCustomer() => _customers.Add(_values.Count);

    internal ReadOnlySpan<double> Values => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_values);

    /// <summary>First option of a customer, and the first of the next.</summary>
    internal (int First, int End) OptionsOf(int customer) => (_customers[customer], _customers[customer + 1]);

    internal bool UsesNothing(int option) => _uses[option] == _uses[option + 1];

    /// <summary>Value left when budgets are paid for at prices.</summary>
    internal double Reduced(int option, ReadOnlySpan<double> prices)
    {
        var left = _values[option];
        for (var use = _uses[option]; use < _uses[option + 1]; use++)
            left -= prices[_budgets[use]] * _amounts[use];
        return left;
    }

    /// <summary>Adds what an option uses, times a sign, to sums by budget.</summary>
    internal void Spend(int option, double sign, Span<double> spent)
    {
        for (var use = _uses[option]; use < _uses[option + 1]; use++)
            spent[_budgets[use]] += sign * _amounts[use];
    }

    internal bool Fits(int option, ReadOnlySpan<double> spent)
    {
        for (var use = _uses[option]; use < _uses[option + 1]; use++)
        {
            // Sums of amounts round; a billionth of a budget is no overrun.
            if (spent[_budgets[use]] + _amounts[use] > Limits[_budgets[use]] * (1 + 1e-9))
                return false;
        }

        return true;
    }
}
