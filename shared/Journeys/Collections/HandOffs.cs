using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Governance;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Journeys.Collections;

/// <summary>Hands a debt to specialists or to the law: asked for by one person with a complete pack, approved by another on the same facts.</summary>
public sealed class HandOffs(CustomerStore store, AuditVerification verification, CaseQueue cases, CaseIndex index, CollectionsPolicies policies, TimeProvider time)
{
    /// <summary>Raised when a hand-off is approved.</summary>
    public const string HandedOff = "debt_handed_off";

    /// <summary>Asks for a hand-off. Asked for again while one waits, the same is given.</summary>
    /// <exception cref="CollectionsRefusedException">The pack is not complete: the reason names all that is missing.</exception>
    public async Task<CollectionsCase> RequestAsync(CustomerId customer, string debt, CaseKind kind, string principal, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var pack = await CompleteAsync(customer, debt, cancellation);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(pack.Content);
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var (queue, id) = (kind == CaseKind.Legal ? "legal" : "specialist", DebtAgreements.IdOf(customer, debt, kind.ToString(), digest));
        await index.PutAsync(new CaseEntry(id, customer, queue, 0), cancellation);
        var commit = await store.UpdateAsync(customer, session =>
        {
            if (session.All(CustomerRows.CasePrefix, CollectionsJson.Default.CollectionsCase).FirstOrDefault(known => known.IsOpen && known.Kind == kind && known.Debt == debt) is { } waiting)
                return waiting;

            var opened = new CollectionsCase(id, kind, queue, now, principal) { Debt = debt, Outcomes = [CollectionsCase.Approved, CollectionsCase.Rejected], Evidence = digest };
            session.Put(CustomerRows.Case(id), opened, CollectionsJson.Default.CollectionsCase);
            session.Put(CustomerRows.Evidence(id), bytes);
            session.Record(new AuditRecord("hand-off", now, new JsonObject
            {
                ["id"] = id, ["debt"] = debt, ["to"] = queue, ["requestedBy"] = principal, ["evidence"] = digest,
            }));
            return opened;
        }, cancellation, CustomerRows.CasePrefix);
        if (commit.Result.Id != id)
            await index.RemoveAsync(id, customer, cancellation);
        return commit.Result;
    }

    /// <summary>Another person approves or rejects. Approved, the pack is gathered anew: what has changed since may forbid it.</summary>
    /// <exception cref="CollectionsRefusedException">It is the one who asked, the case has ended, or the pack is no longer complete.</exception>
    public async Task<CollectionsCase> DecideAsync(CustomerId customer, string id, int? version, bool approved, string? note, string principal, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (approved && await DebtOfAsync(customer, id, cancellation) is { } about)
            await CompleteAsync(customer, about, cancellation);

        return await cases.ChangeAsync(customer, id, version, (session, known) =>
        {
            if (known.Kind is not (CaseKind.Specialist or CaseKind.Legal))
                throw new CollectionsRefusedException(CollectionsRefusal.Conflict, "case", $"{id} is no hand-off");

            var outcome = approved ? CollectionsCase.Approved : CollectionsCase.Rejected;
            if (known.Status == CaseStatus.Completed && known.EndedBy == principal && known.Outcome == outcome)
                return known;

            known.CheckOpen();
            if (known.OpenedBy == principal)
                throw new CollectionsRefusedException(CollectionsRefusal.Forbidden, "principal", $"{principal} asked for it; another person must decide");

            var protection = Protection.Of(session.Get(CustomerRows.Profile, CustomersJson.Default.Profile));
            if (approved && protection.StopsEnforcement)
                throw new CollectionsRefusedException(CollectionsRefusal.Conflict, "flags", $"the customer is protected ({string.Join(", ", protection.All)})");

            var ended = known.Ended(CaseStatus.Completed, principal, now) with { Outcome = outcome, Note = note };
            CaseQueue.Complete(session, ended, now);
            if (approved)
            {
                var happened = new LifecycleRow($"{id}-handed-off", HandedOff, now, new JsonObject { ["debt"] = known.Debt, ["to"] = known.Queue, ["evidence"] = known.Evidence });
                session.Put(CustomerRows.Dated(CustomerRows.LifecyclePrefix, now.ToUnixTimeMilliseconds(), happened.Id), happened, CustomersJson.Default.LifecycleRow);
                SignalEffects.Raise(session, happened, known.Debt);
            }

            return ended;
        }, cancellation);
    }

    /// <summary>The pack that a hand-off was asked for with.</summary>
    /// <exception cref="CollectionsRefusedException">There is none.</exception>
    public async Task<JsonObject> EvidenceAsync(CustomerId customer, string id, CancellationToken cancellation) =>
        await store.ReadAsync(customer, cancellation) is { Erased: null } partition
        && partition.Rows.FirstOrDefault(row => row.Key == CustomerRows.Evidence(id)) is { Value: { } bytes }
            ? JsonNode.Parse(bytes)!.AsObject()
            : throw new CollectionsRefusedException(CollectionsRefusal.NotFound, "case", $"the customer has no evidence pack {id}");

    private async Task<string?> DebtOfAsync(CustomerId customer, string id, CancellationToken cancellation) =>
        (await cases.FindAsync(customer, id, cancellation)).Case.Debt;

    private async Task<EvidencePack> CompleteAsync(CustomerId customer, string debt, CancellationToken cancellation)
    {
        var (policy, now) = (await policies.GetAsync(cancellation), time.GetUtcNow());
        if (await store.ReadAsync(customer, cancellation) is not { Erased: null } partition
            || partition.Rows.FirstOrDefault(row => row.Key == CustomerRows.Debt(debt)) is not { Value: { } bytes })
            throw DebtAgreements.Unknown(customer, debt);

        var known = JsonSerializer.Deserialize(bytes, DebtJson.Default.Debt)!;
        var report = await verification.VerifyAsync([customer], cancellation);
        var trail = report.Intact ? await store.ReadAuditAsync(customer, cancellation) ?? [] : [];
        var pack = EvidencePack.Of(partition, known, trail, report, policy.HandOff, now);
        return pack.Missing.Count == 0 ? pack
            : throw new CollectionsRefusedException(CollectionsRefusal.Conflict, "evidence", $"is missing {string.Join("; ", pack.Missing)}");
    }
}
