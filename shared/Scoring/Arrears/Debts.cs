using ServerlessCLM.Customers;

namespace ServerlessCLM.Scoring;

/// <summary>The debts in a customer's commit.</summary>
public static class Debts
{
    /// <summary>Characters of a debt's id at the most.</summary>
    public const int MaxId = 64;

    public const string IdRule = "must be 1 to 64 letters, digits and . _ : -";

    public static bool IsId(string? text) =>
        text is { Length: > 0 and <= MaxId } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-');

    /// <summary>Rows that a change of one debt reads.</summary>
    public static IReadOnlyList<string> RowsOf(string id) => [CustomerRows.Debt(id), CustomerRows.Profile];

    /// <summary>Rows that a look at all debts reads.</summary>
    public static IReadOnlyList<string> AllRows { get; } = [CustomerRows.DebtPrefix, CustomerRows.Profile];

    public static Debt? Find(CustomerSession session, string id) => session.Get(CustomerRows.Debt(id), DebtJson.Default.Debt);

    /// <summary>Puts a changed debt and what it raised into the commit, and asks for a look when time brings something next.</summary>
    /// <param name="session">With <see cref="RowsOf"/>.</param>
    /// <param name="debt">As it is now.</param>
    /// <param name="calendar">The customer's days.</param>
    /// <param name="raised">What became true.</param>
    public static void Put(CustomerSession session, Debt debt, DebtCalendar calendar, IEnumerable<DebtSignal> raised)
    {
        session.Put(CustomerRows.Debt(debt.Id), debt, DebtJson.Default.Debt);
        foreach (var signal in raised)
            SignalEffects.Raise(session, debt.Id, signal);
        if (debt.NextLook(calendar) is { } next)
            session.WakeBy(next.ToUnixTimeMilliseconds());
    }

    /// <summary>What time has brought to all debts of a customer, and when to look again.</summary>
    /// <param name="session">With <see cref="AllRows"/>.</param>
    /// <param name="now">The clock.</param>
    /// <returns>Signals raised.</returns>
    public static int Look(CustomerSession session, DateTimeOffset now)
    {
        var calendar = DebtCalendar.Of(session);
        var count = 0;
        foreach (var debt in session.All(CustomerRows.DebtPrefix, DebtJson.Default.Debt).ToList())
        {
            var raised = new List<DebtSignal>();
            var advanced = debt.Advance(now, calendar, raised);
            count += raised.Count;
            if (raised.Count > 0)
                Put(session, advanced, calendar, raised);
            else if (advanced.NextLook(calendar) is { } next)
                session.WakeBy(next.ToUnixTimeMilliseconds());
        }

        return count;
    }
}
