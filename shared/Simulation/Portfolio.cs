using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Simulation;

/// <summary>What a portfolio is made from. The same options make the same portfolio on every machine.</summary>
/// <param name="Seed">Of all randomness.</param>
/// <param name="Customers">How many, 1–999,999. A customer does not depend on how many others there are.</param>
/// <param name="Start">First day, in each customer's time zone.</param>
/// <param name="End">First day that is no longer simulated, from its midnight UTC. A later end only appends.</param>
public sealed partial record PortfolioOptions(ulong Seed, int Customers, DateOnly Start, DateOnly End)
{
    /// <summary>Days lived before the start without payments being told, so that the start finds lives under way.</summary>
    public const int WarmUpDays = 150;

    /// <summary>First characters of customer ids, 1–64 of A–Z a–z 0–9 . _ ~ : @ -</summary>
    public string IdPrefix { get; init; } = "sim-";

    /// <summary>Factor on the likelihood of job loss, distress, churn, moves and home purchases, 0–20; 1 is a calm European bank.</summary>
    public double Turbulence { get; init; } = 1;

    /// <summary>Share of customers, 0–1, who open their account within the first 120 days after the start.</summary>
    public double NewCustomerShare { get; init; } = 0.08;

    /// <summary>Whether the bank makes offers at random and customers take products; the experiment that models of response and uplift learn from.</summary>
    public bool Offers { get; init; }

    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    internal PortfolioOptions Validated()
    {
        Check(Customers is >= 1 and <= 999_999, nameof(Customers), Customers, "must be 1 to 999999");
        Check(Start.Year is >= 1971 and <= 2140, nameof(Start), Start, "must lie in the years 1971 to 2140");
        Check(End > Start && End.Year <= 2148, nameof(End), End, "must lie after the start and before 2149");
        Check(Prefix().IsMatch(IdPrefix), nameof(IdPrefix), IdPrefix, "must be 1 to 64 characters of A–Z a–z 0–9 . _ ~ : @ -");
        Check(Turbulence is >= 0 and <= 20, nameof(Turbulence), Turbulence, "must be 0 to 20");
        Check(NewCustomerShare is >= 0 and <= 1, nameof(NewCustomerShare), NewCustomerShare, "must be 0 to 1");
        return this;
    }

    private static void Check(bool good, string name, object value, string rule)
    {
        if (!good)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} {value} {rule}"), name);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._~:@-]{1,64}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Prefix();
}

/// <summary>
/// A seeded portfolio of bank and card customers with causes and ground truth: a pure, lazily evaluated function of (seed,
/// customer, start, end).
/// </summary>
/// <remarks>
/// <para>Every customer is a walk through days. Each month, life events are drawn from hazards that depend on traits
/// (<see cref="SimulatedCustomer"/>) and on what has happened (job loss raises distress, a complaint raises churn, fees raise
/// complaints). They change income, obligations, spending and activity; payments follow from these and from the money there is.
/// So returned debits, declines, full limits and default are not drawn: they happen when the money is gone.</para>
/// <para>An account's balance moves by booked payments only: <c>balanceAfter</c> is the one before plus the amount; declined and
/// returned payments leave it as it was. A purchase or withdrawal that would pass the limit is declined with reason 51; a debit
/// that would is returned with AM04, and unless it is a standing order a fee follows, which is booked even beyond the limit.
/// <c>creditLimit</c> is the arranged overdraft or the card's limit, so that utilisation is <c>-balanceAfter / creditLimit</c>.</para>
/// </remarks>
public sealed class Portfolio
{
    private readonly DateTimeZone[] _zones;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Portfolio(PortfolioOptions options)
    {
        Options = options.Validated();
        _zones = [.. Destination.All.Select(destination => DateTimeZoneProviders.Tzdb[destination.TimeZone])];
    }

    public PortfolioOptions Options { get; }

    /// <summary>All customers, drawn as they are asked for.</summary>
    public IEnumerable<SimulatedCustomer> Customers => Enumerable.Range(0, Options.Customers).Select(Customer);

    /// <param name="index">0 to <see cref="PortfolioOptions.Customers"/> less 1.</param>
    public SimulatedCustomer Customer(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Options.Customers);
        return SimulatedCustomer.Draw(Options, index);
    }

    /// <summary>Everything that happens to a customer, in ascending time: payments, facts, and the ground truth
    /// (<see cref="LifeEvent"/>), which reaches back into the warm-up.</summary>
    public IEnumerable<SimulatedEvent> Events(SimulatedCustomer customer) => new CustomerWalk(Options, customer, _zones).Run();

    /// <summary>A customer's payments, in ascending time.</summary>
    public IEnumerable<PaymentRecord> Payments(SimulatedCustomer customer) =>
        Events(customer).OfType<SimulatedPayment>().Select(each => each.Payment);

    /// <summary>A customer's ground truth, in ascending time.</summary>
    public IEnumerable<LifeEvent> Truth(SimulatedCustomer customer) => Events(customer).OfType<LifeEvent>();

    /// <summary>The events of all customers in ascending time, customers in order where times are equal; holds one day per customer.</summary>
    public IEnumerable<SimulatedEvent> Merge()
    {
        var heads = new PriorityQueue<IEnumerator<SimulatedEvent>, (long Time, int Customer)>();
        try
        {
            foreach (var customer in Customers)
            {
                var events = Events(customer).GetEnumerator();
                if (events.MoveNext())
                    heads.Enqueue(events, (events.Current.Time.UtcTicks, customer.Index));
                else
                    events.Dispose();
            }

            while (heads.TryPeek(out var next, out var place))
            {
                yield return next.Current;
                if (next.MoveNext())
                    heads.DequeueEnqueue(next, (next.Current.Time.UtcTicks, place.Customer));
                else
                    heads.Dequeue().Dispose();
            }
        }
        finally
        {
            foreach (var (events, _) in heads.UnorderedItems)
                events.Dispose();
        }
    }
}
