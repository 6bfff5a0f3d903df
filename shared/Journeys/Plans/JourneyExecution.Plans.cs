using ServerlessCLM.Decisions;

namespace ServerlessCLM.Journeys;

public sealed partial class JourneyExecution
{
    /// <summary>The terms of a plan, from today on; null where amount or instalments are not known.</summary>
    public async Task<PlanTerms?> PlanTermsAsync(JourneyWork work, CancellationToken cancellation)
    {
        var (compiled, set) = (await CompiledAsync(work, cancellation), await models.GetAsync(cancellation));
        var plan = ((PaymentPlanNode)compiled.Document.Nodes[work.State.Node]).PaymentPlan;
        PlanTerms? terms = null;
        await CommitAsync(work, (session, now) =>
        {
            var inputs = JourneyInputs.Of(session, set, now, work.Run.Signal, work.State.Event);
            if (compiled[plan.Amount].TryNumber(inputs, out var amount) && compiled[plan.Instalments].TryNumber(inputs, out var count)
                && amount is > 0 and < 1e12 && count is >= 1 and <= 120)
                terms = new PlanTerms(decimal.Round((decimal)amount, 2), (int)count, plan.Every, now, plan.Grace);
            return new JourneyAnswer();
        }, cancellation, CustomerSnapshot.Rows);
        return terms;
    }

    /// <summary>How much a payment was; 0 where that is not known.</summary>
    public async Task<decimal> PlanPaymentAsync(JourneyWork work, CancellationToken cancellation)
    {
        var (compiled, set) = (await CompiledAsync(work, cancellation), await models.GetAsync(cancellation));
        var plan = ((PaymentPlanNode)compiled.Document.Nodes[work.State.Node]).PaymentPlan;
        var paid = 0m;
        await CommitAsync(work, (session, now) =>
        {
            var inputs = JourneyInputs.Of(session, set, now, work.Run.Signal, work.State.Happening!.Data);
            paid = compiled[plan.Paid].TryNumber(inputs, out var amount) && amount is > 0 and < 1e12 ? decimal.Round((decimal)amount, 2) : 0;
            return new JourneyAnswer();
        }, cancellation, CustomerSnapshot.Rows);
        return paid;
    }
}
