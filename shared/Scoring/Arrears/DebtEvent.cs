using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Scoring;

/// <summary>A fact about a debt: a lifecycle event that the bank's loan or card system tells. It is kept and raised like any other, and changes the debt in the same commit.</summary>
public sealed record DebtEvent(CustomerId Customer, ulong Digest, string Id, DateTimeOffset At, LifecycleRow Row, DebtFact Fact)
    : CustomerEvent(Customer, Digest, Id, At)
{
    public override IEnumerable<string> Rows => Debts.RowsOf(Fact.Debt);

    public override Rejection? Apply(CustomerSession session)
    {
        var known = Debts.Find(session, Fact.Debt);
        if (Fact.Against(known) is { } rejection)
            return rejection;

        session.Put(CustomerRows.Dated(CustomerRows.LifecyclePrefix, At.ToUnixTimeMilliseconds(), Id), Row, CustomersJson.Default.LifecycleRow);
        SignalEffects.Raise(session, Row, Fact.Debt, Fact.Amount);
        var calendar = DebtCalendar.Of(session);
        var raised = new List<DebtSignal>();
        var debt = Fact.ApplyTo(known ?? new Debt(Fact.Debt, Fact.Currency!) { AsOf = At }, At, calendar, raised);
        Debts.Put(session, debt, calendar, raised);
        return null;
    }
}

/// <summary>What a debt event says.</summary>
/// <param name="Kind">Name of the event.</param>
/// <param name="Debt">The debt's id.</param>
/// <param name="Amount">What is due, or was paid.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Due">The day.</param>
/// <param name="Balance">All that is owed.</param>
/// <param name="Payment">Id of the payment.</param>
public sealed record DebtFact(string Kind, string Debt, decimal? Amount, string? Currency, DateOnly? Due, decimal? Balance, string? Payment)
{
    public const string InstalmentDue = "instalment_due", PaymentReceived = "debt_payment", PaymentReturned = "debt_payment_returned", ChargedOff = "debt_charged_off";

    private const decimal MaxAmount = 1_000_000_000m;

    /// <summary>Whether a lifecycle event of this name is a fact about a debt.</summary>
    public static bool Is(string name) => name is InstalmentDue or PaymentReceived or PaymentReturned or ChargedOff;

    /// <summary>Reads the details of an event.</summary>
    /// <param name="kind">Name of the event.</param>
    /// <param name="details">Its details.</param>
    /// <param name="id">Id of the event, which names a payment that has no id of its own.</param>
    public static (DebtFact? Fact, Rejection? Wrong) Read(string kind, JsonObject? details, string id)
    {
        if (details is null)
            return Wrong("details", "is required of this event");

        if (Text(details, "debt") is not { } debt || !Debts.IsId(debt))
            return Wrong("details.debt", Debts.IdRule);

        var (amount, currency) = (Money(details, "amount"), Text(details, "currency"));
        DateOnly? due = null;
        if (kind is InstalmentDue or PaymentReceived)
        {
            if (amount is not > 0)
                return Wrong("details.amount", "must be a number above 0, at most 1000000000, with at most two decimals");
            if (currency is not { Length: 3 } || !currency.All(char.IsAsciiLetterUpper))
                return Wrong("details.currency", "must be three capital letters (ISO 4217)");
        }

        if (kind == InstalmentDue)
        {
            if (!DateOnly.TryParseExact(Text(details, "dueDate"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day.Year is < 1990 or > 2148)
                return Wrong("details.dueDate", "must be a date like 2027-03-31, from 1990 to 2148");
            due = day;
        }

        var balance = Money(details, "balance");
        if (details["balance"] is not null && balance is not >= 0)
            return Wrong("details.balance", "must be a number from 0 to 1000000000 with at most two decimals");
        if (kind == PaymentReturned && details["payment"] is null)
            return Wrong("details.payment", "must name the payment that was taken back");
        if (details["payment"] is not null && Text(details, "payment") is not { Length: > 0 and <= 100 })
            return Wrong("details.payment", "must be a text of 1 to 100 characters");

        return (new DebtFact(kind, debt, amount, currency, due, balance, Text(details, "payment") ?? id), null);
    }

    /// <summary>Why what is known of the debt does not go with it.</summary>
    public Rejection? Against(Debt? known)
    {
        if (known is null)
            return Kind == InstalmentDue ? null : new Rejection("data.details.debt", $"{Debt} is not known; tell {InstalmentDue} first");

        if (Currency is not null && Currency != known.Currency)
            return new Rejection("data.details.currency", $"must be that of debt {Debt}, {known.Currency}");

        if (Kind != InstalmentDue)
            return null;

        if (known.ClosedAt is { } closed)
            return new Rejection("data.details.debt", $"{Debt} was settled on {closed:yyyy-MM-dd}; what is owed anew is another debt");

        return known.Instalments.Count(instalment => instalment.Unpaid > 0 && instalment.Due != Due) >= Scoring.Debt.MaxUnpaid
            ? new Rejection("data.details.debt", $"{Debt} has {Scoring.Debt.MaxUnpaid} unpaid instalments; it can have no more")
            : null;
    }

    public Debt ApplyTo(Debt debt, DateTimeOffset at, DebtCalendar calendar, ICollection<DebtSignal> raised)
    {
        return Kind switch
        {
            InstalmentDue => debt.WithInstalment(Due!.Value, Amount!.Value, Balance, at, calendar, raised),
            PaymentReceived => debt.WithPayment(Payment!, Amount!.Value, at, calendar, raised),
            PaymentReturned => debt.WithoutPayment(Payment!, at, calendar, raised),
            _ => debt.WithChargeOff(at, calendar, raised),
        };
    }

    private static (DebtFact?, Rejection?) Wrong(string field, string reason) => (null, new Rejection($"data.{field}", reason));

    private static string? Text(JsonObject details, string name) =>
        details[name] is { } node && node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private static decimal? Money(JsonObject details, string name) =>
        details[name] is { } node && node.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue(out decimal value)
        && Math.Abs(value) <= MaxAmount && decimal.Round(value, 2) == value ? value : null;
}
