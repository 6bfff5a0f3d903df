using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Governance;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Journeys.Collections;

/// <summary>What must be on the table before a debt leaves the house: who was contacted how, what was offered, what was given notice of, and proof of it.</summary>
/// <param name="Content">The pack.</param>
/// <param name="Missing">What it lacks, each in words that say what to do.</param>
public sealed record EvidencePack(JsonObject Content, IReadOnlyList<string> Missing)
{
    /// <summary>Gathers the pack of a debt.</summary>
    /// <param name="partition">All that is known of the customer.</param>
    /// <param name="debt">The debt.</param>
    /// <param name="trail">The customer's audit entries.</param>
    /// <param name="audit">What verifying them found.</param>
    /// <param name="rules">What the policy asks for.</param>
    /// <param name="now">The clock.</param>
    public static EvidencePack Of(
        CustomerPartition partition, Debt debt, IReadOnlyList<AuditEntry> trail, AuditReport audit, HandOffRules rules, DateTimeOffset now)
    {
        var profile = partition.Of(CustomerRows.Profile).FirstOrDefault().Deserialize(CustomersJson.Default.Profile);
        var calendar = DebtCalendar.Of(profile);
        var today = calendar.Today(now);
        var (dpd, protection) = (debt.DaysPastDue(calendar, today), Protection.Of(profile));
        var contacts = (partition.Of(CustomerRows.Contacts).FirstOrDefault().Deserialize(CustomersJson.Default.ContactLedger) ?? ContactLedger.Empty).Contacts
            .Where(contact => contact.Status != Contact.Reserved && (contact.Debt == debt.Id || (contact.Debt is null && contact.Purpose is "arrears" or "collections"))).ToList();
        var notices = partition.Of(CustomerRows.LifecyclePrefix).Where(row => (string?)row["name"] == rules.Notice && ((string?)row["details"]?["debt"] is not { } about || about == debt.Id)).ToList();
        var offers = Offers(debt);
        var missing = new List<string>();
        if (protection.StopsEnforcement)
            missing.Add($"freedom to enforce: the customer is protected ({string.Join(", ", protection.All)})");
        if (dpd < rules.FromDaysPastDue && debt.ChargedOffAt is null)
            missing.Add(string.Create(CultureInfo.InvariantCulture, $"days past due: {dpd}, and {rules.FromDaysPastDue} are needed"));
        if (debt.HasOpenPromise || debt.HasActivePlan || debt.Settlement is { IsOpen: true })
            missing.Add("an end of what was agreed: a promise, plan or settlement is still open");
        if (contacts.Count < rules.Contacts)
            missing.Add(string.Create(CultureInfo.InvariantCulture, $"contacts: {contacts.Count} about the debt, and {rules.Contacts} are needed"));
        if (contacts.Select(contact => contact.Channel).Distinct(StringComparer.Ordinal).Count() is var channels && channels < rules.Channels)
            missing.Add(string.Create(CultureInfo.InvariantCulture, $"channels: {channels}, and {rules.Channels} are needed"));
        if (offers.Count < rules.Offers)
            missing.Add(string.Create(CultureInfo.InvariantCulture, $"offers: {offers.Count} of a promise, plan or settlement, and {rules.Offers} are needed"));
        if (profile?.Has("forbearanceOffered") != true)
            missing.Add("forbearance: the flag forbearanceOffered is not set (CONC 7.3; Directive (EU) 2023/2225 Art. 35)");
        if (!notices.Exists(row => Told(row) is { } at && at <= now.AddDays(-rules.NoticeDays)))
            missing.Add(string.Create(CultureInfo.InvariantCulture, $"notice: no lifecycle event {rules.Notice} that is {rules.NoticeDays} days old"));
        if (!audit.Intact)
            missing.Add($"proof: the audit chain is not intact ({audit.Findings[0]})");

        return new EvidencePack(new JsonObject
        {
            ["debt"] = JsonSerializer.SerializeToNode(debt, DebtJson.Default.Debt), ["daysPastDue"] = dpd, ["pastDue"] = debt.PastDue(calendar, today), ["gatheredAt"] = Instant.Text(now),
            ["contacts"] = new JsonArray([.. contacts.Select(contact => JsonSerializer.SerializeToNode(contact, CustomersJson.Default.Contact))]),
            ["offers"] = new JsonArray([.. offers]),
            ["notices"] = new JsonArray([.. notices]),
            ["forbearanceOffered"] = profile?.Has("forbearanceOffered") == true,
            ["audit"] = new JsonObject
            {
                ["intact"] = audit.Intact, ["entries"] = trail.Count, ["head"] = trail.Count == 0 ? null : trail[^1].Hash,
                ["lastAnchorAt"] = audit.LastAnchorAt is { } anchored ? Instant.Text(anchored) : null, ["unanchored"] = audit.Unanchored,
            },
        }, missing);
    }

    private static List<JsonNode> Offers(Debt debt) =>
    [
        .. debt.PastPromises.Append(debt.Promise).OfType<PromiseToPay>().Select(promise => (JsonNode)new JsonObject
            { ["promise"] = promise.Id, ["at"] = Instant.Text(promise.MadeAt), ["amount"] = promise.Amount, ["status"] = promise.Status.ToString() }),
        .. debt.PastPlans.Append(debt.Plan).OfType<RepaymentPlan>().Select(plan => (JsonNode)new JsonObject
            { ["plan"] = plan.Id, ["at"] = Instant.Text(plan.AgreedAt), ["amount"] = plan.Total, ["status"] = plan.Status.ToString() }),
        .. debt.PastSettlements.Append(debt.Settlement).OfType<Settlement>().Where(offer => offer.Status is not (SettlementStatus.Proposed or SettlementStatus.Refused))
            .Select(offer => (JsonNode)new JsonObject { ["settlement"] = offer.Id, ["at"] = Instant.Text(offer.ProposedAt), ["amount"] = offer.Amount, ["status"] = offer.Status.ToString() }),
    ];

    private static DateTimeOffset? Told(JsonNode row) => Instant.TryParse((string?)row["at"], out var at) ? at : null;
}
