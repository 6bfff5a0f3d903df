using ServerlessCLM.Customers;
using ServerlessCLM.Experiments;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Journeys.Collections;

/// <summary>What is done about young arrears.</summary>
/// <param name="Until">The last day on which the customer is left alone; null where they are contacted.</param>
/// <param name="Chance">Probability of curing without a contact.</param>
/// <param name="Arm">The experiment's arm, where one is in force.</param>
public sealed record YoungArrears(DateOnly? Until, double? Chance, string? Arm);

/// <summary>
/// Who is likely to pay without a reminder is left alone, but for a random arm that is contacted all the same: the experiment holds one against
/// the other and so keeps proving, or disproving, that leaving alone costs nothing.
/// </summary>
public sealed class SelfCure(
    CustomerStore store, Outbox outbox, LiveModels live, LiveExperiments experiments, UniversalHoldout holdout, CollectionsPolicies policies, TimeProvider time)
{
    /// <summary>Decides once for each time that arrears begin; asked again, the same is answered.</summary>
    /// <exception cref="CollectionsRefusedException">The debt is not known.</exception>
    public async Task<YoungArrears> DecideAsync(CustomerId customer, string debt, CancellationToken cancellation)
    {
        var (policy, models, now) = (await policies.GetAsync(cancellation), await live.GetAsync(cancellation), time.GetUtcNow());
        var experiment = await experiments.FindAsync(policy.SelfCure.Experiment, cancellation);
        var commit = await store.UpdateAsync(
            customer, session => Decide(session, debt, policy, models, experiment, holdout, now), cancellation, [.. Debts.RowsOf(debt), CustomerRows.Experiments]);
        if (commit.Outbox is { } entry)
            await outbox.DispatchAsync([entry], cancellation);
        return commit.Result;
    }

    internal static YoungArrears Decide(
        CustomerSession session, string debt, CollectionsPolicy policy, ModelSet models, LiveExperiment? experiment, UniversalHoldout holdout, DateTimeOffset now)
    {
        if ((session.Erased is null ? Debts.Find(session, debt) : null) is not { } known)
            throw DebtAgreements.Unknown(session.Customer, debt);

        var calendar = DebtCalendar.Of(session);
        var today = calendar.Today(now);
        var chance = DebtorOutlook.Of(session.Block.Span, now, models).SelfCureChance;
        if (known.IsLeftAlone(today))
            return new YoungArrears(known.LeftAloneUntil, chance, null);

        var young = known.DaysPastDue(calendar, today) is > 0 and var dpd && dpd <= policy.SelfCure.Days;
        if (!young || chance is not { } likely || likely < policy.SelfCure.Least)
            return new YoungArrears(null, chance, null);

        var arm = experiment is null ? null : ExperimentUnits.Expose(session, experiment, holdout, now).Arm;
        if (arm == policy.SelfCure.ContactArm)
            return new YoungArrears(null, chance, arm);

        var until = calendar.DayOf(known.Oldest!.Due, policy.SelfCure.Days) ?? today;
        Debts.Put(session, known with { LeftAloneUntil = until }, calendar, []);
        return new YoungArrears(until, chance, arm);
    }
}
