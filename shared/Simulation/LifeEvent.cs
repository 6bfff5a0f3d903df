namespace ServerlessCLM.Simulation;

/// <summary>What happens in a simulated life. It is ground truth: it causes payments and is itself never sent.</summary>
public enum LifeEventKind : byte
{
    /// <summary>Salaries stop; after a month benefits of 55% of the income may come. Size: the income lost, a month.</summary>
    JobLoss,

    /// <summary>Salaries start again. Size: the new income.</summary>
    NewJob,

    /// <summary>The next salary is higher. Size: new over old income, 1.03–1.2.</summary>
    Raise,

    /// <summary>Removal, furniture, another rent, a new address. Size: the new rent.</summary>
    Move,

    /// <summary>
    /// Own funds arrive, the estate agent (6513) and, two weeks later, the notary (8111) are paid; the mortgage begins after six
    /// weeks and the rent ends. Size: the price.
    /// </summary>
    HomePurchase,

    /// <summary>Spending on children begins. Size: children now.</summary>
    Child,

    /// <summary>A journey is booked (airline 4511) and made (lodging 7011, spending and cash at the place). Size: days away;
    /// <see cref="LifeEvent.Until"/>: the return.</summary>
    Travel,

    /// <summary>
    /// The customer starts to leave for another bank: activity halves every so many days, the salary, then rent and bills move, and the
    /// balance with them. Size: the half-life in days, 4–45.
    /// </summary>
    ChurnOnset,

    /// <summary>The leaving customer closes the account; nothing follows.</summary>
    AccountClosed,

    /// <summary>A complaint: for 90 days churn is five times as likely.</summary>
    Complaint,

    /// <summary>
    /// Money becomes short: income falls to the size (0.5–0.75 of what it was), old debts elsewhere claim a part, savings go. Balances fall,
    /// debits are returned, the limit fills up, and if nothing turns it, default follows.
    /// </summary>
    DistressOnset,

    /// <summary>Income is as before again. Size: the factor that ended.</summary>
    Recovery,

    /// <summary>An obligation is 90 days past due. Size: the amount of it.</summary>
    Default,
}

/// <summary>A fact of the simulation that models are trained for and judged by.</summary>
/// <param name="Time">When it became true; during the warm-up it lies before the portfolio's start.</param>
/// <param name="Customer">Whose life.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Size">See <see cref="LifeEventKind"/>; money in units of the customer's currency.</param>
/// <param name="Until">When it is over, where that is known.</param>
public sealed record LifeEvent(DateTimeOffset Time, string Customer, LifeEventKind Kind, double Size, DateOnly? Until = null)
    : SimulatedEvent(Time, Customer);
