using System.Globalization;
using ServerlessCLM.Customers;
using ServerlessCLM.Governance;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Journeys.Collections;

/// <summary>What an agent should know before a call.</summary>
/// <param name="Situation">Where the debt stands, in sentences.</param>
/// <param name="Approach">What to try, in order.</param>
/// <param name="Avoid">What not to say or do.</param>
/// <param name="Chance">Probability that the arrears are paid within 60 days; null where no model tells it.</param>
/// <param name="Reasons">What speaks for payment.</param>
/// <param name="MayCall">allowed, refused with a code, or from when.</param>
/// <param name="Facts">Figures by name.</param>
public sealed record CaseBrief(
    IReadOnlyList<string> Situation, IReadOnlyList<string> Approach, IReadOnlyList<string> Avoid, double? Chance, IReadOnlyList<string> Reasons, string MayCall,
    IReadOnlyDictionary<string, string> Facts)
{
    /// <summary>A chance of payment from which asking for all of it comes first.</summary>
    private const double Likely = 0.5;

    private static readonly string[] Always =
    [
        "Do not tell anybody but the customer, once identified, that there is a debt.",
        "Do not threaten a step that is not decided, and do not speak of court, seizure or credit files unless a hand-off is approved.",
        "Do not offer products, and do not press for a promise that leaves the customer without essentials.",
    ];

    internal static CaseBrief Of(CustomerSession session, Debt debt, CollectionsPolicy policy, ModelSet models, PolicySet packs, DateTimeOffset now)
    {
        var calendar = DebtCalendar.Of(session);
        var today = calendar.Today(now);
        var outlook = DebtorOutlook.Of(session.Block.Span, now, models);
        var protection = Protection.Of(session.Get(CustomerRows.Profile, CustomersJson.Default.Profile));
        var request = new ContactRequest($"brief-{debt.Id}", "call", "collections", debt.Id);
        var verdict = ContactGate.Judge(ContactReservations.StandingOf(session, request), request, packs, now);
        var (dpd, pastDue) = (debt.DaysPastDue(calendar, today), debt.PastDue(calendar, today));
        return new CaseBrief(
            Situations(debt, dpd, pastDue, protection), Approaches(debt, dpd, pastDue, protection, policy, outlook), Avoided(protection), outlook.PayChance is { } chance ? Math.Round(chance, 4) : null,
            outlook.Reasons, verdict.Kind switch
            {
                VerdictKind.Allow => "allowed",
                VerdictKind.Postpone => $"from {Instant.Text(verdict.Until!.Value)}",
                _ => $"refused: {verdict.Code}",
            },
            new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["daysPastDue"] = dpd.ToString(CultureInfo.InvariantCulture), ["pastDue"] = Money(pastDue, debt), ["balance"] = Money(debt.Balance, debt),
                ["stage"] = ArrearsStanding.NameOf(debt.Stage(calendar, today)),
                ["lastPayment"] = debt.Payments.FirstOrDefault(payment => !payment.IsReturned) is { } paid ? $"{Money(paid.Amount, debt)} on {paid.At:yyyy-MM-dd}" : "none known",
                ["promisesKept"] = Count(debt, PromiseStatus.Kept), ["promisesBroken"] = Count(debt, PromiseStatus.Broken), ["cures"] = debt.Cures.ToString(CultureInfo.InvariantCulture),
            });
    }

    private static List<string> Situations(Debt debt, int dpd, decimal pastDue, Protection protection)
    {
        var said = new List<string>
        {
            dpd == 0 ? $"Nothing is past due; {Money(debt.Balance, debt)} are owed in all."
                : string.Create(CultureInfo.InvariantCulture, $"{Money(pastDue, debt)} of {Money(debt.Balance, debt)} are past due, the oldest for {dpd} days."),
        };
        if (debt.Promise is { } promise)
            said.Add($"On {promise.MadeAt:yyyy-MM-dd} {Money(promise.Amount, debt)} were promised by {promise.By:yyyy-MM-dd}: {promise.Status.ToString().ToLowerInvariant()}, {Money(promise.Paid, debt)} paid.");
        if (debt.Plan is { } plan)
            said.Add($"A plan of {plan.Instalments.Count} instalments was agreed on {plan.AgreedAt:yyyy-MM-dd}: {plan.Status.ToString().ToLowerInvariant()}, {Money(plan.Paid, debt)} of {Money(plan.Total, debt)} paid.");
        if (debt.Settlement is { } settlement)
            said.Add($"A settlement at {Money(settlement.Amount, debt)} by {settlement.By:yyyy-MM-dd}: {settlement.Status.ToString().ToLowerInvariant()}.");
        if (protection.All.Any())
            said.Add($"The customer is protected: {string.Join(", ", protection.All)}.");
        return said;
    }

    private static List<string> Approaches(Debt debt, int dpd, decimal pastDue, Protection protection, CollectionsPolicy policy, DebtorOutlook outlook)
    {
        if (protection.Legal.Count > 0)
            return ["Do not pursue this debt. If the customer calls, take note of what they say and confirm the protection."];
        if (protection.Personal.Count > 0)
            return ["Ask how the customer is doing and what would help; offer a plan, a pause, or free debt advice.", "Take note of what is disclosed; agree nothing that the budget does not carry."];

        var steps = new List<string> { "Ask what happened before you ask for money: forbearance comes before pressure." };
        if (debt.Plan is { Status: PlanStatus.Broken } broken)
            steps.Add(broken.Revision < policy.Plan.MostRevisions ? "Go through the budget again and agree a smaller plan." : "Plans have not held: go through the hardship route.");
        else if (outlook.PayChance >= Likely && dpd < 30)
            steps.Add($"Ask for {Money(pastDue, debt)} now, or a promise within {policy.Promise.LongestDays} days.");
        else
            steps.Add("Offer the plan that the budget carries; a promise only for what can be paid in full.");

        if (SettlementOffers.Largest(policy.Settlement, dpd, outlook.PayChance) is > 0 and var largest && dpd >= 90)
            steps.Add(string.Create(CultureInfo.InvariantCulture, $"If a sum is at hand, a settlement from {SettlementOffers.Least(debt.Balance, largest):0.00} {debt.Currency} is within the policy."));
        steps.Add("If there is hardship or illness, set the flag: contact pauses at once.");
        return steps;
    }

    private static List<string> Avoided(Protection protection)
    {
        var avoided = Always.ToList();
        if (protection.StopsInterest)
            avoided.Add("Do not speak of interest or fees: none accrue during the moratorium.");
        if (protection.Contact.Contains("representedByAttorney"))
            avoided.Add("Speak with the attorney only.");
        return avoided;
    }

    private static string Count(Debt debt, PromiseStatus status) =>
        debt.PastPromises.Append(debt.Promise).Count(promise => promise?.Status == status).ToString(CultureInfo.InvariantCulture);

    private static string Money(decimal amount, Debt debt) => string.Create(CultureInfo.InvariantCulture, $"{amount:0.00} {debt.Currency}");
}
