using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Governance;

/// <summary>
/// A contact's way through the ledger: reserved when it is decided on, judged again and confirmed when it is sent, or released. Each step is part of
/// the customer's commit, so that parallel journeys cannot overrun a cap: whoever commits second judges again, with the first in the ledger.
/// </summary>
/// <remarks>Confirm in the commit that emits the message: what is sent is then never more than what the ledger holds.</remarks>
public static class ContactReservations
{
    /// <summary>How long a reservation holds its place, from the instant it is meant for.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromHours(24);

    /// <summary>The rows of the customer that the steps read.</summary>
    public static IReadOnlyList<string> Rows(ContactRequest request) =>
        [CustomerRows.Profile, CustomerRows.Contacts, CustomerRows.Consent(request.Purpose, request.Channel)];

    /// <summary>What a session knows of a customer's standing for one request.</summary>
    public static CustomerStanding StandingOf(CustomerSession session, ContactRequest request) => new(
        session.Get(CustomerRows.Profile, CustomersJson.Default.Profile) ?? Profile.Empty,
        session.Get(CustomerRows.Consent(request.Purpose, request.Channel), CustomersJson.Default.Consent) is { } consent ? [consent] : [],
        Ledger(session), session.Erased is not null);

    /// <summary>Judges a contact and reserves a place for it unless it is refused. Asking again for the same message changes nothing.</summary>
    public static GateResult Reserve(CustomerSession session, ContactRequest request, PolicySet policies, DateTimeOffset now)
    {
        var (result, ledger) = Reserve(StandingOf(session, request), request, policies, now);
        if (session.Erased is not null || IsKept(Ledger(session), request, now))
            return result;

        if (result.Kind != VerdictKind.Refuse)
            Put(session, ledger);
        Record(session, request, result.Kind == VerdictKind.Refuse ? "refused" : "reserved", now, result);
        return result;
    }

    /// <summary>The verdict on a contact that is to be reserved, and the ledger after it. Pure.</summary>
    public static (GateResult Result, ContactLedger Ledger) Reserve(CustomerStanding standing, ContactRequest request, PolicySet policies, DateTimeOffset now)
    {
        var result = ContactGate.Judge(standing, request, policies, now);
        return (result, result.Kind == VerdictKind.Refuse || IsKept(standing.Ledger, request, now) ? standing.Ledger : standing.Ledger.With(Reserved(request, result.Until ?? now)));
    }

    /// <summary>Judges a contact at the moment it is to be sent. Allowed, it is confirmed; refused, its place is free; postponed, it keeps its place.</summary>
    /// <returns>The verdicts, and whether this call confirmed it: only then is the message to be emitted, in this commit.</returns>
    public static (GateResult Result, bool Confirmed) Dispatch(CustomerSession session, ContactRequest request, PolicySet policies, DateTimeOffset now)
    {
        var (result, ledger) = Dispatch(StandingOf(session, request), request, policies, now);
        if (session.Erased is not null || Ledger(session).Find(request.Id) is { Status: not Contact.Reserved })
            return (result, false);

        Put(session, ledger);
        Record(session, request, result.Kind switch { VerdictKind.Allow => "sent", VerdictKind.Postpone => "postponed", _ => "refused" }, now, result);
        return (result, result.Kind == VerdictKind.Allow);
    }

    /// <summary>The verdict on a contact at the moment it is to be sent, and the ledger after it. Pure.</summary>
    public static (GateResult Result, ContactLedger Ledger) Dispatch(CustomerStanding standing, ContactRequest request, PolicySet policies, DateTimeOffset now)
    {
        var (result, ledger) = (ContactGate.Judge(standing, request, policies, now), standing.Ledger);
        return (result, result.Kind switch
        {
            VerdictKind.Allow => ledger.With(Reserved(request, now) with { Status = Contact.Sent, Expires = null }),
            VerdictKind.Postpone => ledger.With(Reserved(request, result.Until!.Value)),
            _ => ledger.Without(request.Id),
        });
    }

    /// <summary>Gives a reserved place back. One that was sent stays.</summary>
    /// <returns>Whether there was a reservation.</returns>
    public static bool Release(CustomerSession session, ContactRequest request, DateTimeOffset now)
    {
        var ledger = Ledger(session);
        if (session.Erased is not null || ledger.Find(request.Id) is not { Status: Contact.Reserved })
            return false;

        Put(session, ledger.Without(request.Id));
        Record(session, request, "released", now, null);
        return true;
    }

    private static bool IsKept(ContactLedger ledger, ContactRequest request, DateTimeOffset now) => ledger.Find(request.Id) is { } known && known.Counts(now);

    private static Contact Reserved(ContactRequest request, DateTimeOffset at) =>
        new(request.Id, request.Channel, request.Purpose, at, Contact.Reserved, request.Debt, request.Journey, at + Validity);

    private static ContactLedger Ledger(CustomerSession session) =>
        session.Get(CustomerRows.Contacts, CustomersJson.Default.ContactLedger) ?? ContactLedger.Empty;

    private static void Put(CustomerSession session, ContactLedger ledger) =>
        session.Put(CustomerRows.Contacts, ledger, CustomersJson.Default.ContactLedger);

    private static void Record(CustomerSession session, ContactRequest request, string step, DateTimeOffset now, GateResult? result) =>
        session.Record(new AuditRecord("contact", now, new JsonObject
        {
            ["id"] = request.Id, ["step"] = step, ["channel"] = request.Channel, ["purpose"] = request.Purpose, ["debt"] = request.Debt, ["journey"] = request.Journey,
            ["code"] = result?.Code, ["until"] = result?.Until is { } until ? Instant.Text(until) : null,
            ["policies"] = result is null ? null : new JsonArray([.. result.Policies.Select(name => (JsonNode)name)]),
            ["verdicts"] = result is null ? null : new JsonArray([.. result.Verdicts.Select(verdict =>
                (JsonNode)$"{verdict.Rule}: {JsonNamingPolicy.CamelCase.ConvertName(verdict.Kind.ToString())}")]),
        }));
}
