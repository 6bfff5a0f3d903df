namespace ServerlessCLM.Decisions;

/// <summary>A choice for every customer that keeps every budget, and how far it may be from the best there is.</summary>
/// <param name="Prices">What one more unit of each budget is worth; decisions one by one pay them.</param>
/// <param name="Chosen">Option of each customer; −1 for nothing.</param>
/// <param name="Value">Sum of the chosen options' values.</param>
/// <param name="Bound">No choice that keeps the budgets is worth more.</param>
public sealed record PortfolioPlan(IReadOnlyList<double> Prices, IReadOnlyList<int> Chosen, double Value, double Bound)
{
    /// <summary>Share of the bound that is not reached: 0 is proven best.</summary>
    public double Gap => Bound <= 0 ? 0 : Math.Max(0, (Bound - Value) / Bound);
}

/// <summary>
/// Shares budgets out over a portfolio by Lagrangian relaxation: each budget gets a price, each customer then the best option at those
/// prices, and prices move until demand meets the budgets.
/// </summary>
/// <remarks>
/// <code>
/// bound(λ) = Σᵢ max(0, maxⱼ (vᵢⱼ − Σᵦ λᵦ uᵢⱼᵦ)) + Σᵦ λᵦ Lᵦ,   λ ≥ 0
/// </code>
/// is convex and never below the best value. One budget is found by bisection on demand, several by subgradient steps of Polyak's length
/// towards the best plan known, in units of each budget's limit (Held, Wolfe and Crowder, 1974). Plans are made from prices greedily, those
/// customers first who lose most without a budget, and then improved option by option.
/// </remarks>
public static class ShadowPrices
{
    private const int Bisections = 60, PlanEvery = 10, Patience = 8;

    /// <param name="portfolio">What may be done.</param>
    /// <param name="steps">Subgradient steps at the most.</param>
    /// <param name="tolerance">A gap that is small enough to stop at.</param>
    public static PortfolioPlan Solve(Portfolio portfolio, int steps = 400, double tolerance = 1e-6)
    {
        var search = new Search(portfolio);
        search.Look();
        search.Plan();
        if (search.GapSoFar > tolerance && portfolio.Limits.Count == 1)
            search.Bisect();
        else if (search.GapSoFar > tolerance)
            search.Descend(steps, tolerance);
        return search.Result();
    }

    private sealed class Search(Portfolio portfolio)
    {
        private readonly double[] _prices = new double[portfolio.Limits.Count], _best = new double[portfolio.Limits.Count], _demand = new double[portfolio.Limits.Count];
        private readonly double[] _regrets = new double[portfolio.Customers];
        private readonly int[] _order = new int[portfolio.Customers], _plan = new int[portfolio.Customers];
        private int[] _chosen = [.. Enumerable.Repeat(-1, portfolio.Customers)];
        private double _value, _bound = double.PositiveInfinity, _current;

        public double GapSoFar => _bound <= 0 ? 0 : (_bound - _value) / _bound;

        public PortfolioPlan Result() => new(_best, _chosen, _value, Math.Max(_bound, _value));

        /// <summary>Bound and demand at the present prices.</summary>
        public void Look()
        {
            Array.Clear(_demand);
            _current = 0;
            for (var budget = 0; budget < _prices.Length; budget++)
                _current += _prices[budget] * portfolio.Limits[budget];

            for (var customer = 0; customer < portfolio.Customers; customer++)
            {
                var (first, end) = portfolio.OptionsOf(customer);
                var (option, most) = (-1, 0.0);
                for (var at = first; at < end; at++)
                {
                    var reduced = portfolio.Reduced(at, _prices);
                    if (reduced > most)
                        (option, most) = (at, reduced);
                }

                if (option < 0)
                    continue;
                _current += most;
                portfolio.Spend(option, 1, _demand);
            }

            if (_current < _bound)
            {
                _bound = _current;
                _prices.CopyTo(_best, 0);
            }
        }

        /// <summary>The lowest price at which the one budget is not overrun.</summary>
        public void Bisect()
        {
            var (low, high) = (0.0, 1.0);
            while (DemandAt(high) > portfolio.Limits[0] && high < 1e18)
                high *= 4;
            for (var step = 0; step < Bisections && high > low; step++)
            {
                var middle = (low + high) / 2;
                if (DemandAt(middle) > portfolio.Limits[0])
                    low = middle;
                else
                    high = middle;
            }

            DemandAt(high);
            Plan();
            _best.CopyTo(_prices, 0);
            Plan();
        }

        public void Descend(int steps, double tolerance)
        {
            var (pace, stale, least) = (1.0, 0, _bound);
            for (var step = 1; step <= steps && GapSoFar > tolerance && pace > 1e-5; step++)
            {
                var length = 0.0;
                for (var budget = 0; budget < _prices.Length; budget++)
                {
                    var relative = Slope(budget);
                    length += relative * relative;
                }

                if (length == 0)
                    break;

                var stride = pace * Math.Max(_current - _value, 1e-9 * Math.Abs(_current)) / length;
                for (var budget = 0; budget < _prices.Length; budget++)
                    _prices[budget] = Math.Max(0, _prices[budget] + (stride * Slope(budget) / Scale(budget)));

                Look();
                if (step % PlanEvery == 0)
                    Plan();

                stale = _bound < least - (1e-7 * Math.Abs(least)) ? 0 : stale + 1;
                least = Math.Min(least, _bound);
                if (stale < Patience)
                    continue;

                (pace, stale) = (pace / 2, 0);
                _best.CopyTo(_prices, 0);
                Look();
                Plan();
            }

            _best.CopyTo(_prices, 0);
            Plan();
        }

        private double DemandAt(double price)
        {
            _prices[0] = price;
            Look();
            return _demand[0];
        }

        private double Scale(int budget) => Math.Max(portfolio.Limits[budget], 1);

        /// <summary>Demand beyond the limit, in limits; nothing where the price is 0 already and demand is below.</summary>
        private double Slope(int budget)
        {
            var over = (_demand[budget] - portfolio.Limits[budget]) / Scale(budget);
            return _prices[budget] == 0 && over < 0 ? 0 : over;
        }

        /// <summary>Makes a plan from the present prices, and keeps it if it is the best so far.</summary>
        public void Plan()
        {
            for (var customer = 0; customer < _order.Length; customer++)
            {
                var (first, end) = portfolio.OptionsOf(customer);
                var (most, free) = (0.0, 0.0);
                for (var option = first; option < end; option++)
                {
                    var reduced = portfolio.Reduced(option, _prices);
                    most = Math.Max(most, reduced);
                    if (portfolio.UsesNothing(option))
                        free = Math.Max(free, reduced);
                }

                (_order[customer], _regrets[customer]) = (customer, free - most);
            }

            Array.Sort(_regrets, _order);
            Array.Fill(_plan, -1);
            var spent = new double[_prices.Length];
            foreach (var customer in _order)
                Take(customer, spent, _prices);

            // What is left is spent where it is worth most, prices or not.
            var none = new double[_prices.Length];
            for (var pass = 0; pass < 3; pass++)
            {
                var before = Value();
                foreach (var customer in _order)
                {
                    if (_plan[customer] >= 0)
                        portfolio.Spend(_plan[customer], -1, spent);
                    Take(customer, spent, none);
                }

                if (Value() <= before)
                    break;
            }

            if (Value() is var value && value > _value)
                (_value, _chosen) = (value, [.. _plan]);
        }

        /// <summary>Gives a customer the best option at prices that still fits.</summary>
        private void Take(int customer, double[] spent, double[] prices)
        {
            var (first, end) = portfolio.OptionsOf(customer);
            var (taken, most) = (-1, 0.0);
            for (var option = first; option < end; option++)
            {
                var reduced = portfolio.Reduced(option, prices);
                if (reduced > most && portfolio.Fits(option, spent))
                    (taken, most) = (option, reduced);
            }

            _plan[customer] = taken;
            if (taken >= 0)
                portfolio.Spend(taken, 1, spent);
        }

        private double Value()
        {
            var sum = 0.0;
            foreach (var option in _plan)
                sum += option < 0 ? 0 : portfolio.Values[option];
            return sum;
        }
    }
}
