using System.Collections.Frozen;
using System.Text;
using ServerlessCLM.Features;

namespace ServerlessCLM.Scoring;

/// <summary>One kind of signal.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Name">Snake case, as documents use it.</param>
/// <param name="Silence">Raised by what does not happen: a wake raises it at the instant at which the silence was long enough.</param>
/// <param name="Definition">When it is raised, with the default thresholds.</param>
/// <param name="Observed">What <see cref="Signal.Observed"/> is, and in which unit.</param>
/// <param name="Reference">What <see cref="Signal.Reference"/> is.</param>
/// <param name="Cause">What <see cref="Signal.Cause"/> is made of.</param>
public sealed record SignalDefinition(
    SignalKind Kind, string Name, bool Silence, string Definition, string Observed, string Reference, string Cause);

/// <summary>The one table of signals: names and documentation come from here.</summary>
public static class SignalCatalogue
{
    private const string Event = "the payment";

    /// <summary>All signals, in the order of <see cref="SignalKind"/>.</summary>
    public static IReadOnlyList<SignalDefinition> All { get; } =
    [
        Row(SignalKind.FirstUse, "The first card purchase, ever.", "amount", "0", Event),
        Row(SignalKind.SalaryLanded, "Pay comes in on a new day: a payment of kind salary, or a transfer in that fits the rhythm of pay (`salary_amount` in features.md).", "amount", "amount of the pay before, 0 without one", Event),
        Row(SignalKind.SalaryRaised, "The latest two pays are both at least 8% above the one before them.", "amount of the latest pay", "amount before the rise", "the day of the first raised pay"),
        Row(SignalKind.SalaryMissing, "No pay for 31 + 7 days, after pay in at least two months.", "days since the latest pay", "31, the days of a cycle", "the day of the latest pay", silence: true),
        Row(SignalKind.TravelBooked, "A card purchase in the group travel (airline, lodging, agency).", "amount", "0", Event),
        Row(SignalKind.HomeBuying, "A card payment or transfer to a notary, lawyer or estate agent (merchant category 8111 or 6513), with none in the 180 days before.", "amount", "0", Event),
        Row(SignalKind.LargeDeposit, "A payment in, other than salary, of at least twice the usual inflow of a month (half-life 60 days), after 60 days and 5 payments in.", "amount", "usual inflow of a month", Event),
        Row(SignalKind.IdleBalance, "The balance has been above 3 months of usual outflow (half-life 60 days) for 60 days. Ends below 2.5 months.", "days", "60 days", "the day on which it became idle", silence: true),
        Row(SignalKind.CategoryLapsed, "No card purchase for 60 days in a group that led the decayed spend when it was last bought in, with at least 4 purchases.", "days since the latest purchase", "60 days", "the day of that purchase and the group", silence: true),
        Row(SignalKind.Dormant60, "No payment by hand (card, transfer out, cash withdrawal) for 60 days.", "days since the latest one", "60 days", "the day of the latest one", silence: true),
        Row(SignalKind.Dormant180, "No payment by hand (card, transfer out, cash withdrawal) for 180 days.", "days since the latest one", "180 days", "the day of the latest one", silence: true),
        Row(SignalKind.DirectDebitReturned, "A direct debit comes back, or any payment for lack of money (AM04); however late it is reported.", "amount", "balance after it, 0 where unknown", Event),
        Row(SignalKind.DeclineBurst, "Three declined payments within 24 hours. Ends with 24 hours without one.", "declined payments", "hours from the first to the last of them", Event),
        Row(SignalKind.UtilisationCreep, "More than 90% of the credit limit in use for 10 days. Ends below 75%.", "days", "10 days", "the day on which it went above", silence: true),
        Row(SignalKind.BalanceDecline, "The usual balance of the last weeks (half-life 14 days) falls below 60% of that of the last months (half-life 60 days), which is positive, after 60 days of balances. Ends above 80%.", "usual balance of the last weeks", "usual balance of the last months", "the day"),
    ];

    private static readonly FrozenDictionary<string, SignalKind> Kinds =
        All.ToFrozenDictionary(signal => signal.Name, signal => signal.Kind, StringComparer.Ordinal);

    public static string NameOf(SignalKind kind) => All[(int)kind].Name;

    /// <summary>The kind of a name; null where no signal has it.</summary>
    public static SignalKind? KindOf(string name) => Kinds.TryGetValue(name, out var kind) ? kind : null;

    /// <summary>The catalogue as a Markdown document.</summary>
    public static string ToMarkdown()
    {
        var text = new StringBuilder()
            .Append("# Scores and signals\n\nGenerated from `ScoreCatalogue` and `SignalCatalogue`; do not edit.\n\n## Scores\n\n")
            .Append("| name | range | definition |\n| --- | --- | --- |\n");
        foreach (var score in ScoreCatalogue.All)
            text.Append("| `").Append(score.Name).Append("` | ").Append(score.Range).Append(" | ").Append(score.Definition).Append(" |\n");

        text.Append("\n## Signals\n\n")
            .Append("A signal fires once per cause. Amounts are in currency units. A signal of silence is raised at the start of the\n")
            .Append("UTC day on which the silence is long enough, whether a timer or the next payment notices it. Thresholds are the defaults\n")
            .Append("of `SignalThresholds`. Pending payments raise nothing, declined ones only `decline_burst`.\n\n")
            .Append("| name | silence | raised when | observed | reference | cause |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var signal in All)
        {
            text.Append("| `").Append(signal.Name).Append("` | ").Append(signal.Silence ? "yes" : "").Append(" | ")
                .Append(signal.Definition).Append(" | ").Append(signal.Observed).Append(" | ").Append(signal.Reference)
                .Append(" | ").Append(signal.Cause).Append(" |\n");
        }

        text.Append("\n## Debts\n\n")
            .Append("Raised by facts about debts (data-contracts.md) and by time in the customer's days. Each names its `debt`, and the money it is about as `amount`.\n\n")
            .Append("| name | raised when | observed | reference | amount |\n| --- | --- | --- | --- | --- |\n");
        foreach (var signal in ArrearsSignals.All)
        {
            text.Append("| `").Append(signal.Name).Append("` | ").Append(signal.Definition).Append(" | ").Append(signal.Observed)
                .Append(" | ").Append(signal.Reference).Append(" | ").Append(signal.Amount).Append(" |\n");
        }

        return text.ToString();
    }

    private static SignalDefinition Row(
        SignalKind kind, string definition, string observed, string reference, string cause, bool silence = false) =>
        new(kind, FeatureCatalogue.SnakeCase(kind.ToString()), silence, definition, observed, reference, cause);
}
