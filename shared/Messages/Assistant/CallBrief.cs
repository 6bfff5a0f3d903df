using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Messages.Replies;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Messages.Assistant;

/// <summary>Something to do or to leave in a call, and why.</summary>
public sealed record Advice(string Say, string Because);

/// <summary>What somebody should know before they call a customer: the facts, what happened lately, and how to go about it, by fixed rules in this order.</summary>
public static class CallBrief
{
    private const int Listed = 5;

    private static readonly TimeSpan Lately = TimeSpan.FromDays(30);

    public static JsonObject Of(CustomerPartition partition, DateTimeOffset now)
    {
        var profile = partition.Of(CustomerRows.Profile).FirstOrDefault()?["members"];
        var language = "en";
        return new JsonObject
        {
            ["customerId"] = partition.Customer.Value,
            ["name"] = $"{(string?)profile?["givenName"]} {(string?)profile?["familyName"]}".Trim(),
            ["language"] = (string?)profile?["language"],
            ["flags"] = new JsonArray([.. FlagsOf(profile).Select(flag => (JsonNode)flag)]),
            ["facts"] = new JsonObject(FactSheet.Of(partition, now).Select(fact => KeyValuePair.Create<string, JsonNode?>(fact.Name, Filling.Text(fact, language)))),
            ["signals"] = List(partition, CustomerRows.SignalPrefix), ["replies"] = List(partition, CustomerRows.ReplyPrefix), ["outcomes"] = List(partition, CustomerRows.OutcomePrefix),
            ["contacts"] = new JsonArray([.. (partition.Of(CustomerRows.Contacts).FirstOrDefault()?["contacts"]?.AsArray() ?? []).Take(Listed).Select(contact => contact!.DeepClone())]),
            ["approach"] = new JsonArray([.. Approach(partition, profile, now).Select(advice => (JsonNode)new JsonObject { ["say"] = advice.Say, ["because"] = advice.Because })]),
        };
    }

    private static IEnumerable<Advice> Approach(CustomerPartition partition, JsonNode? profile, DateTimeOffset now)
    {
        var flags = FlagsOf(profile).ToList();
        var signals = partition.Of(CustomerRows.SignalPrefix).Where(signal => IsLate(signal, now)).Select(signal => (string)signal["name"]!).ToHashSet(StringComparer.Ordinal);
        var debts = FactSheet.DebtsOf(partition).ToList();
        var calendar = DebtCalendar.Of(ProfileOf(partition));
        var today = calendar.Today(now);
        var before = true;
        foreach (var flag in flags.Where(flag => flag is "deceased" or "litigation" or "ceaseRequest" or "moratorium" or "breathingSpace"))
            yield return new("Do not call.", $"the profile has the flag {flag}");

        if (flags.Contains("hardship") || signals.Contains(ReplyDesk.SignalOf(ReplyIntent.Hardship)))
        {
            before = false;
            yield return new("Listen first. Ask for no payment; offer a pause or the team for people in difficulty.", flags.Contains("hardship") ? "the profile has the flag hardship" : "a reply of the last 30 days tells of hardship");
        }

        if (flags.Contains("vulnerable"))
            yield return new("Take time, use plain words, and confirm in writing what was agreed.", "the profile has the flag vulnerable");
        if (signals.Contains(ReplyDesk.SignalOf(ReplyIntent.Complaint)) || partition.Of(CustomerRows.OutcomePrefix).Any(outcome => (string?)outcome["outcome"] == "complaint" && IsLate(outcome, now)))
            yield return new("Begin with the complaint, and say what has become of it.", "there was a complaint in the last 30 days");
        if (signals.Contains(ReplyDesk.SignalOf(ReplyIntent.Dispute)))
            yield return new("Clear up what is disputed before any amount is named.", "a reply of the last 30 days disputes it");
        foreach (var debt in debts)
        {
            foreach (var advice in Of(debt, calendar, today, before))
                yield return advice;
        }

        if (signals.Contains("salary_missing"))
            yield return new("Ask whether the income has changed before you speak of amounts.", "no salary has come in");
        if (signals.Any(signal => signal.StartsWith("churn", StringComparison.Ordinal)))
            yield return new("Ask what could be better; do not open with an offer.", "the customer may leave");
    }

    private static IEnumerable<Advice> Of(Debt debt, DebtCalendar calendar, DateOnly today, bool mayAsk)
    {
        if (debt is { HasOpenPromise: true, Promise: { } promise })
            yield return new($"Do not ask for debt {debt.Id} again; thank them for the promise.", $"{Money(promise.Amount, debt)} is promised by {promise.By:yyyy-MM-dd}");
        else if (debt is { HasActivePlan: true, Plan: { } plan })
            yield return new("Ask whether the plan still fits.", $"debt {debt.Id} has a plan of {plan.Instalments.Count} instalments, {Money(plan.Paid, debt)} paid");
        else if (mayAsk && debt.DaysPastDue(calendar, today) is > 0 and var days)
        {
            yield return days < 30
                ? new("Remind kindly, and ask which day suits.", $"debt {debt.Id} is {days} days past due with {Money(debt.PastDue(calendar, today), debt)}")
                : new("Work out an affordable plan from income and obligations.", $"debt {debt.Id} is {days} days past due with {Money(debt.PastDue(calendar, today), debt)}");
        }

        if (debt.PastPromises.Append(debt.Promise).Count(each => each?.Status is PromiseStatus.Broken or PromiseStatus.Partial) is > 0 and var broken)
            yield return new("Ask what came between, and agree on less rather than later.", $"{broken} promises about debt {debt.Id} were not kept");
    }

    private static string Money(decimal amount, Debt debt) => Filling.Text(new MoneyFact("amount", amount, debt.Currency), "en");

    private static IEnumerable<string> FlagsOf(JsonNode? profile) => (profile?["flags"]?.AsObject() ?? []).Where(flag => flag.Value?.GetValueKind() == JsonValueKind.True).Select(flag => flag.Key);

    private static Profile? ProfileOf(CustomerPartition partition) => partition.Rows.Where(row => row.Key == CustomerRows.Profile)
        .Select(row => JsonSerializer.Deserialize(row.Value, CustomersJson.Default.Profile)).FirstOrDefault();

    private static bool IsLate(JsonNode row, DateTimeOffset now) => Instant.TryParse((string?)row["at"], out var at) && now - at <= Lately;

    private static JsonArray List(CustomerPartition partition, string prefix) => [.. partition.Of(prefix).Take(Listed)];
}
