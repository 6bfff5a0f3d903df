using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Governance;

/// <summary>Policy packs as documents: each rule has what its kind needs and a case that shows it at work, and every case comes out as it says.</summary>
public sealed class PolicyKind() : DocumentKind("policy", "policies")
{
    protected override void CheckMeaning(JsonObject document, Findings findings)
    {
        PolicyPack pack;
        try
        {
            pack = PolicyPack.Read(document);
        }
        catch (JsonException wrong)
        {
            findings.Error(wrong.Path ?? JsonPath.Root, "cannot be read");
            return;
        }

        if (pack.Until <= pack.Effective)
            findings.Error("$.until", "must be after effective");
        findings.Condition(CustomerStanding.Vocabulary, "$.applies", pack.Applies);
        for (var place = 0; place < pack.Rules.Count; place++)
            CheckRule(pack, place, findings);
        if (!findings.HasErrors)
            CheckCases(pack, findings);
    }

    private static void CheckRule(PolicyPack pack, int place, Findings findings)
    {
        var (rule, path) = (pack.Rules[place], JsonPath.Item("$.rules", place));
        if (pack.Rules.Take(place).Any(other => other.Id == rule.Id))
            findings.Error($"{path}.id", $"{rule.Id} is there twice");

        Require(rule.Flag is not null, rule.Kind is RuleKind.Stop or RuleKind.Protect or RuleKind.Duty, "flag");
        Require(rule.Basis is not null, rule.Kind is RuleKind.Basis, "basis");
        Require(rule.Obligation is not null, rule.Kind is RuleKind.Oblige, "obligation");
        Require(rule.With.Count > 0, rule.Kind is RuleKind.Conflict, "with");
        Require(rule.Limit is not null, rule.Kind is RuleKind.Cap, "limit");
        Require(rule.After is not null, rule.Kind is RuleKind.Spacing, "after");
        Require(rule.Window is not null, rule.Kind is RuleKind.Cap or RuleKind.Spacing or RuleKind.Conflict, "window");
        if (rule.Window is not null && !PolicySet.TryWindow(rule.Window, out _))
            findings.Error($"{path}.window", $"must be a duration of weeks, days or hours, at most {ContactLedger.Days} days");
        if (rule.Kind == RuleKind.QuietHours && PolicySet.Quiet(rule) is null)
            findings.Error(path, "must have from and to, like 21:00 and 08:00, or days, like sunday");
        if (!pack.Cases.Any(one => one.Rule == rule.Id && one.Expect != "allow"))
            findings.Error(path, "must have a case that shows it at work");

        void Require(bool there, bool needed, string member)
        {
            if (there != needed)
                findings.Error($"{path}.{member}", needed ? $"is required of a rule of kind {JsonNamingPolicy.CamelCase.ConvertName(rule.Kind.ToString())}" : "does not go with the rule's kind");
        }
    }

    private static void CheckCases(PolicyPack pack, Findings findings)
    {
        var policies = new PolicySet([pack]);
        for (var place = 0; place < pack.Cases.Count; place++)
        {
            var (one, path) = (pack.Cases[place], JsonPath.Item("$.cases", place));
            if (pack.Rules.FirstOrDefault(rule => rule.Id == one.Rule) is not { } rule)
                findings.Error($"{path}.rule", "is not a rule of the pack");
            else if (rule.Source != one.Source)
                findings.Error($"{path}.source", $"must be that of the rule, {rule.Source}");
            else if (one.Profile is not null && Profile.Check(one.Profile, $"{path}.profile") is { } wrong)
                findings.Error(wrong.Field, wrong.Reason);
            else if (one.Contacts.Index().FirstOrDefault(contact => !PolicySet.TryWindow(contact.Item.Ago, out _)) is (var at, not null))
                findings.Error($"{JsonPath.Item($"{path}.contacts", at)}.ago", $"must be a duration of weeks, days or hours, at most {ContactLedger.Days} days");
            else if (Outcome(pack, policies, one) is var outcome && outcome != one.Expect)
                findings.Error($"{path}.expect", $"the pack says {outcome}");
        }
    }

    /// <summary>What the pack's own rules say of a case.</summary>
    public static string Outcome(PolicyPack pack, PolicySet policies, PolicyCase one)
    {
        var at = one.At ?? new DateTimeOffset(pack.Effective.UtcDateTime.Date, TimeSpan.Zero).AddHours(36);
        var profile = (JsonObject)(one.Profile?.DeepClone() ?? new JsonObject());
        if (!profile.ContainsKey("country") && pack.Jurisdiction.Length == 2)
            profile["country"] = pack.Jurisdiction == "EU" ? "FR" : pack.Jurisdiction;
        var consents = one.Consents.Select(consent => consent.Key.Split('/') is [var purpose, var channel]
            ? new Consent(purpose, channel, consent.Value == "granted" ? ConsentStatus.Granted : ConsentStatus.Withdrawn, at, null)
            : throw new JsonException("a consent is named purpose/channel", $"$.cases[?(@.name=='{one.Name}')].consents", null, null));
        var ledger = one.Contacts.Select((contact, place) => new Contact(
                $"{place}", contact.Channel, contact.Purpose, at - (PolicySet.TryWindow(contact.Ago, out var ago) ? ago : default), contact.Status ?? Contact.Sent, contact.Debt, contact.Journey))
            .Aggregate(ContactLedger.Empty, (known, contact) => known.With(contact));
        var result = ContactGate.Judge(new CustomerStanding(new Profile(1, profile), consents, ledger), one.Contact with { Id = "case" }, policies, at);
        var own = result.Verdicts.Where(verdict => verdict.Rule.Contains('/', StringComparison.Ordinal)).ToList();
        if (own.FirstOrDefault(verdict => verdict.Kind == VerdictKind.Refuse) is { Code: { } code })
            return $"refuse:{code}";

        if (own.Exists(verdict => verdict.Kind == VerdictKind.Postpone))
            return $"postpone:{Instant.Text(own.Where(verdict => verdict.Kind == VerdictKind.Postpone).Max(verdict => verdict.Until!.Value))}";

        return one.Expect.StartsWith("oblige:", StringComparison.Ordinal) && result.Obligations.Contains(one.Expect["oblige:".Length..]) ? one.Expect : "allow";
    }
}
