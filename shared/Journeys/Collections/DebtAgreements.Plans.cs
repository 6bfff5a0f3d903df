using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Journeys.Collections;

/// <summary>A plan that could be agreed, or why there is none.</summary>
/// <param name="Debt">Id of the debt.</param>
/// <param name="Amount">What it covers: the arrears, or from default on the whole balance.</param>
/// <param name="Budget">The customer's month; null where it is not known.</param>
/// <param name="Most">Largest instalment, with other plans taken off.</param>
/// <param name="Instalments">Empty where there is none.</param>
/// <param name="Refused">Why there is none.</param>
public sealed record PlanProposal(
    string Debt, decimal Amount, MonthlyBudget? Budget, decimal Most, IReadOnlyList<PlanInstalment> Instalments, CollectionsRefusedException? Refused);

public sealed partial class DebtAgreements
{
    /// <summary>Days past due from which a plan covers the whole balance.</summary>
    private const int WholeFromDays = 90;

    /// <summary>Days around today within which an instalment tells what falls due a month.</summary>
    private const int OngoingDays = 35;

    /// <summary>The plan that the customer can bear with the fewest instalments; changes nothing.</summary>
    /// <exception cref="CollectionsRefusedException">The debt is not known.</exception>
    public async Task<PlanProposal> ProposePlanAsync(CustomerId customer, string debt, StatedBudget? stated, Party party, CancellationToken cancellation)
    {
        var (policy, models, now) = (await policies.GetAsync(cancellation), await live.GetAsync(cancellation), time.GetUtcNow());
        var read = await store.UpdateAsync(customer, session =>
        {
            var desk = new Desk(session, policy, models, now);
            return (session.Erased is null ? Debts.Find(session, debt) : null) is { } known
                ? Propose(desk, known.Advance(now, desk.Calendar, desk.Raised), stated, null, party)
                : throw Unknown(customer, debt);
        }, cancellation, Debts.AllRows);
        return read.Result;
    }

    /// <summary>Agrees a plan that the customer can bear; a plan that was broken, or is to be changed, is replaced.</summary>
    /// <param name="customer">Who.</param>
    /// <param name="debt">Which debt.</param>
    /// <param name="months">How many instalments; null for the fewest.</param>
    /// <param name="stated">What the customer says of a month.</param>
    /// <param name="party">Who agrees it.</param>
    /// <param name="cause">What it comes of.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    /// <exception cref="CollectionsRefusedException">The debt, its protection or the policy does not allow it, or the customer cannot bear any.</exception>
    public Task<Debt> AgreePlanAsync(
        CustomerId customer, string debt, int? months, StatedBudget? stated, Party party, string cause, CancellationToken cancellation) =>
        ChangeAsync(customer, debt, party, (desk, known) =>
        {
            var id = IdOf(customer, debt, "plan", cause);
            if (known.Plan?.Id == id || known.PastPlans.Any(past => past.Id == id))
                return known;

            var proposal = Propose(desk, known, stated, months, party);
            if (proposal.Refused is { } refused)
                throw refused;

            var plan = new RepaymentPlan(id, desk.Now, proposal.Instalments, proposal.Budget!.Disposable, desk.Policy.Plan.GraceDays, party.Name, Revision(known));
            desk.Record("plan", new JsonObject
            {
                ["id"] = id, ["debt"] = debt, ["amount"] = proposal.Amount, ["instalments"] = plan.Instalments.Count, ["largest"] = plan.Instalments[0].Amount,
                ["income"] = proposal.Budget.Income, ["obligations"] = proposal.Budget.Obligations, ["living"] = proposal.Budget.Living, ["disposable"] = plan.Disposable,
                ["origin"] = party.Name, ["revision"] = plan.Revision, ["policy"] = desk.Policy.ToString(),
            });
            return known.WithPlan(plan, desk.Calendar, desk.Raised);
        }, cancellation);

    private static int Revision(Debt debt) => debt.Plan is { Status: PlanStatus.Broken } broken ? broken.Revision + 1 : debt.Plan is { Status: PlanStatus.Active } active ? active.Revision : 0;

    private static PlanProposal Propose(Desk desk, Debt debt, StatedBudget? stated, int? months, Party party)
    {
        var (rules, today) = (desk.Policy.Plan, desk.Calendar.Today(desk.Now));
        var others = desk.All.Where(other => other.Id != debt.Id).ToList();
        var whole = debt.ChargedOffAt is not null || debt.DaysPastDue(desk.Calendar, today) >= WholeFromDays;
        var amount = whole ? debt.Balance : debt.PastDue(desk.Calendar, today);
        if (amount <= 0)
            return None(null, 0, "debt", "nothing is past due", CollectionsRefusal.Conflict);

        if (Revision(debt) > rules.MostRevisions)
            return None(null, 0, "plan", $"{debt.Plan!.Revision + 1} plans were broken: the hardship route, with a person, is what helps", CollectionsRefusal.Conflict);

        // What is not being paid is not among the payments seen, and yet to be paid.
        var ongoing = others.Append(debt).Where(each => each.DaysPastDue(desk.Calendar, today) > 0 && !(whole && each.Id == debt.Id))
            .Sum(each => each.Instalments.LastOrDefault(instalment => Math.Abs(instalment.Due.DayNumber - today.DayNumber) <= OngoingDays)?.Amount ?? 0);
        var budget = Affordability.Of(desk.Outlook.Vector, desk.Profile?.Members, ongoing, stated, rules);
        if (budget is null)
            return None(null, 0, "budget", "payments do not tell the income of a month yet; a person goes through the budget", CollectionsRefusal.Conflict);

        if (!budget.IsSeen && !party.IsAgent)
            return None(budget, 0, "budget", "the income is stated and not seen; a person goes through the budget", CollectionsRefusal.Conflict);

        var most = Math.Max(0, (decimal.Floor(budget.Disposable * (decimal)rules.SurplusShare * 100) / 100)
            - others.Where(other => other.HasActivePlan).Sum(other => other.Plan!.Instalments.Max(instalment => instalment.Amount)));
        if (PlanSchedule.Fewest(amount, most, rules) is not { } fewest)
        {
            return None(budget, most, "plan", string.Create(CultureInfo.InvariantCulture,
                $"{most:0.00} {debt.Currency} a month do not repay {amount:0.00} in {rules.LongestMonths} months: the hardship route is what helps"), CollectionsRefusal.Conflict);
        }

        var longest = Math.Max(fewest, Math.Min(rules.LongestMonths, (int)(amount / rules.Least)));
        if (months is { } wished && (wished < fewest || wished > longest))
            return None(budget, most, "months", $"must be {fewest} to {longest}", CollectionsRefusal.Invalid);

        return new PlanProposal(debt.Id, amount, budget, most, PlanSchedule.Of(amount, months ?? fewest, PlanSchedule.First(today, desk.Outlook.PayDay)), null);

        PlanProposal None(MonthlyBudget? known, decimal cap, string field, string reason, CollectionsRefusal refusal) =>
            new(debt.Id, amount, known, cap, [], new CollectionsRefusedException(refusal, field, reason));
    }
}
