using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Journeys.Collections;

/// <summary>Who agrees something with the bank, or on its behalf.</summary>
/// <param name="Name">For records: self-service, journey, or the principal.</param>
/// <param name="IsAgent">Whether a person of the bank does it.</param>
public sealed record Party(string Name, bool IsAgent)
{
    public static readonly Party SelfService = new("self-service", false);

    public static Party Journey(string instance) => new($"journey {instance}", false);

    public static Party Agent(string principal) => new(principal, true);
}

/// <summary>
/// What is agreed about debts. Each agreement is one commit of the customer's partition with its link in the audit chain; its id comes from what caused
/// it, so that the same cause finds what it has done.
/// </summary>
public sealed partial class DebtAgreements(CustomerStore store, Outbox outbox, LiveModels live, CollectionsPolicies policies, TimeProvider time)
{
    /// <summary>The customer promises to pay an amount by a day.</summary>
    /// <param name="customer">Who.</param>
    /// <param name="debt">Which debt.</param>
    /// <param name="amount">In its currency.</param>
    /// <param name="by">The last day.</param>
    /// <param name="party">Who takes it down.</param>
    /// <param name="cause">What it comes of.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    /// <exception cref="CollectionsRefusedException">The debt, its protection or the policy does not allow it.</exception>
    public Task<Debt> PromiseAsync(CustomerId customer, string debt, decimal amount, DateOnly by, Party party, string cause, CancellationToken cancellation) =>
        ChangeAsync(customer, debt, party, (desk, known) =>
        {
            var id = IdOf(customer, debt, "promise", cause);
            if (known.Promise?.Id == id || known.PastPromises.Any(past => past.Id == id))
                return known;

            var (rules, today) = (desk.Policy.Promise, desk.Calendar.Today(desk.Now));
            if (known.HasOpenPromise)
                throw Refused("promise", $"one is open until {known.Promise!.By:yyyy-MM-dd}; there is one at a time", CollectionsRefusal.Conflict);

            if (known.Balance <= 0)
                throw Refused("debt", "nothing is owed", CollectionsRefusal.Conflict);

            if (by < today || by > today.AddDays(rules.LongestDays))
                throw Refused("by", $"must be from {today:yyyy-MM-dd} to {today.AddDays(rules.LongestDays):yyyy-MM-dd}");

            if (amount > known.Balance || amount < Math.Min(rules.Least, known.Balance))
                throw Refused("amount", string.Create(CultureInfo.InvariantCulture, $"must be {Math.Min(rules.Least, known.Balance):0.00} to {known.Balance:0.00} {known.Currency}"));

            var broken = known.PastPromises.Append(known.Promise).Count(each => each is { Status: PromiseStatus.Broken });
            if (!party.IsAgent && broken >= rules.MostBroken)
                throw Refused("promise", $"{broken} promises were broken; please talk to us", CollectionsRefusal.Conflict);

            var promise = new PromiseToPay(id, amount, by, desk.Now, party.Name, Math.Min(rules.Tolerance, amount / 2), rules.GraceDays);
            desk.Record("promise", new JsonObject { ["id"] = id, ["debt"] = debt, ["amount"] = amount, ["by"] = promise.By.ToString("O", CultureInfo.InvariantCulture), ["origin"] = party.Name });
            return known.WithPromise(promise, desk.Calendar, desk.Raised);
        }, cancellation);

    /// <summary>Somebody of the bank proposes to let a part of the debt off.</summary>
    /// <param name="customer">Who.</param>
    /// <param name="debt">Which debt.</param>
    /// <param name="amount">What settles it; null for the least that the policy allows.</param>
    /// <param name="principal">Who proposes.</param>
    /// <param name="cause">What it comes of.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    /// <exception cref="CollectionsRefusedException">The debt, its protection or the policy does not allow it.</exception>
    public Task<Debt> ProposeSettlementAsync(CustomerId customer, string debt, decimal? amount, string principal, string cause, CancellationToken cancellation) =>
        ChangeAsync(customer, debt, Party.Agent(principal), (desk, known) =>
        {
            var id = IdOf(customer, debt, "settlement", cause);
            if (known.Settlement?.Id == id || known.PastSettlements.Any(past => past.Id == id))
                return known;

            if (known.Settlement is { IsOpen: true } open)
                throw Refused("settlement", $"{open.Id} is open until {open.By:yyyy-MM-dd}; there is one at a time", CollectionsRefusal.Conflict);

            if (known.Balance <= 0)
                throw Refused("debt", "nothing is owed", CollectionsRefusal.Conflict);

            var (rules, today) = (desk.Policy.Settlement, desk.Calendar.Today(desk.Now));
            var largest = SettlementOffers.Largest(rules, known.DaysPastDue(desk.Calendar, today), desk.Outlook.PayChance);
            var least = SettlementOffers.Least(known.Balance, largest);
            var settles = amount ?? least;
            if (settles < least || settles > known.Balance)
            {
                throw Refused("amount", string.Create(CultureInfo.InvariantCulture,
                    $"must be {least:0.00} to {known.Balance:0.00} {known.Currency}: the policy lets off {largest:0.0%} at the most"));
            }

            var settlement = new Settlement(id, known.Balance, settles, today.AddDays(rules.ValidDays), desk.Now, principal, Math.Round(largest, 4));
            if (!SettlementOffers.NeedsApproval(rules, settlement, desk.Outlook.PayChance))
                settlement = settlement with { Status = SettlementStatus.Offered };
            desk.Record("settlement", new JsonObject
            {
                ["id"] = id, ["debt"] = debt, ["balance"] = known.Balance, ["amount"] = settles, ["proposedBy"] = principal, ["largest"] = settlement.LargestDiscount,
                ["chance"] = desk.Outlook.PayChance is { } chance ? Math.Round(chance, 4) : null, ["status"] = settlement.Status.ToString(), ["policy"] = desk.Policy.ToString(),
            });
            return known.WithSettlement(settlement, desk.Calendar, desk.Raised);
        }, cancellation);

    /// <summary>A second person approves or refuses a settlement. Repeated, it changes nothing.</summary>
    /// <exception cref="CollectionsRefusedException">There is none that waits, or it is the one who proposed.</exception>
    public Task<Debt> DecideSettlementAsync(CustomerId customer, string debt, string settlement, bool approved, string principal, CancellationToken cancellation) =>
        ChangeAsync(customer, debt, Party.Agent(principal), (desk, known) =>
        {
            if (known.Settlement is not { } proposed || proposed.Id != settlement)
                throw Refused("settlement", $"debt {debt} has no settlement {settlement} that waits", CollectionsRefusal.NotFound);

            if (proposed.ApprovedBy == principal && proposed.Status != SettlementStatus.Proposed && approved == (proposed.Status != SettlementStatus.Refused))
                return known;

            if (proposed.Status != SettlementStatus.Proposed)
                throw Refused("settlement", $"{settlement} does not wait: it is {proposed.Status.ToString().ToLowerInvariant()}", CollectionsRefusal.Conflict);

            if (proposed.ProposedBy == principal)
                throw Refused("principal", $"{principal} proposed it; another person must decide", CollectionsRefusal.Forbidden);

            desk.Record("settlement", new JsonObject { ["id"] = settlement, ["debt"] = debt, ["decidedBy"] = principal, ["approved"] = approved });
            return known.WithSettlementDecision(principal, approved, desk.Now, desk.Calendar, desk.Raised);
        }, cancellation);

    /// <summary>A payment, or its return, that came in another way than the stream: counted, kept and raised as if the bank had told it.</summary>
    /// <param name="customer">Who.</param>
    /// <param name="debt">Which debt.</param>
    /// <param name="payment">What the provider tells; the same payment counts once.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    /// <returns>The debt, and whether this changed it.</returns>
    /// <exception cref="CollectionsRefusedException">The debt is not known, or in another currency.</exception>
    public async Task<(Debt Debt, bool IsNew)> TellAsync(CustomerId customer, string debt, PaymentNotice payment, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var commit = await store.UpdateAsync(customer, session =>
        {
            var known = session.Erased is null ? Debts.Find(session, debt) : null;
            if (known is null)
                throw Unknown(customer, debt);

            if (payment.Currency != known.Currency)
                throw Refused("data.currency", $"must be that of the debt, {known.Currency}");

            var before = known.Payments.FirstOrDefault(each => each.Id == payment.Payment);
            if (payment.IsReturn && before is null)
                throw Refused("data.id", $"{payment.Payment} is no payment of this debt", CollectionsRefusal.NotFound);

            if (payment.IsReturn ? before!.IsReturned : before is not null)
                return (known, false);

            var fact = new DebtFact(payment.IsReturn ? DebtFact.PaymentReturned : DebtFact.PaymentReceived, debt, payment.Amount, payment.Currency, null, null, payment.Payment);
            var id = IdOf(customer, debt, fact.Kind, payment.Payment);
            var row = new LifecycleRow(id, fact.Kind, now, new JsonObject
            {
                ["debt"] = debt, ["amount"] = payment.Amount, ["currency"] = payment.Currency, ["payment"] = payment.Payment,
            });
            new DebtEvent(customer, Digest64.Of(id), id, now, row, fact).Apply(session);
            session.Record(new AuditRecord(fact.Kind, now, row.Details!.DeepClone().AsObject()));
            return (Debts.Find(session, debt)!, true);
        }, cancellation, Debts.RowsOf(debt));
        await SendAsync(commit.Outbox, cancellation);
        return commit.Result;
    }

    private async Task<Debt> ChangeAsync(CustomerId customer, string debt, Party party, Func<Desk, Debt, Debt> change, CancellationToken cancellation)
    {
        var (policy, models, now) = (await policies.GetAsync(cancellation), await live.GetAsync(cancellation), time.GetUtcNow());
        var commit = await store.UpdateAsync(customer, session =>
        {
            var desk = new Desk(session, policy, models, now);
            var known = session.Erased is null ? Debts.Find(session, debt) : null;
            if (known is null)
                throw Unknown(customer, debt);

            // What time has brought comes first, so that nothing is agreed on a state that is over.
            known = known.Advance(now, desk.Calendar, desk.Raised);
            var before = known;
            CheckProtection(desk.Protection, party);
            var changed = change(desk, known);
            if (!ReferenceEquals(changed, before))
                Debts.Put(session, changed, desk.Calendar, desk.Raised);
            return changed;
        }, cancellation, Debts.AllRows);
        await SendAsync(commit.Outbox, cancellation);
        return commit.Result;
    }

    private async Task SendAsync(OutboxEntry? entry, CancellationToken cancellation)
    {
        if (entry is not null)
            await outbox.DispatchAsync([entry], cancellation);
    }

    private static void CheckProtection(Protection protection, Party party)
    {
        if (protection.Legal.Count > 0)
            throw Refused("flags", $"the customer is protected ({string.Join(", ", protection.Legal)}): nothing is agreed or pursued until that ends", CollectionsRefusal.Conflict);

        if (!party.IsAgent && protection.Personal.Count > 0)
            throw Refused("flags", $"the customer is protected ({string.Join(", ", protection.Personal)}): only a person agrees anything with them", CollectionsRefusal.Conflict);
    }

    internal static CollectionsRefusedException Refused(string field, string reason, CollectionsRefusal refusal = CollectionsRefusal.Invalid) => new(refusal, field, reason);

    internal static CollectionsRefusedException Unknown(CustomerId customer, string debt) =>
        new(CollectionsRefusal.NotFound, "debt", $"the customer has no debt {debt}");

    internal static string IdOf(CustomerId customer, string debt, string kind, string cause)
    {
        var origin = $"{customer}\n{debt}\n{kind}\n{cause}";
        return string.Create(CultureInfo.InvariantCulture, $"{Digest64.Of(origin):x16}{Digest64.Of(origin, 1):x16}");
    }

    /// <summary>A customer's case as one attempt at a commit sees it.</summary>
    private sealed class Desk(CustomerSession session, CollectionsPolicy policy, ModelSet models, DateTimeOffset now)
    {
        private DebtorOutlook? _outlook;

        public CollectionsPolicy Policy => policy;

        public DateTimeOffset Now => now;

        public Profile? Profile { get; } = session.Get(CustomerRows.Profile, CustomersJson.Default.Profile);

        public DebtCalendar Calendar { get; } = DebtCalendar.Of(session);

        public List<DebtSignal> Raised { get; } = [];

        public Protection Protection => Protection.Of(Profile);

        public DebtorOutlook Outlook => _outlook ??= DebtorOutlook.Of(session.Block.Span, now, models);

        public IReadOnlyList<Debt> All => [.. session.All(CustomerRows.DebtPrefix, DebtJson.Default.Debt)];

        public void Record(string kind, JsonObject content) => session.Record(new AuditRecord(kind, now, content));
    }
}
