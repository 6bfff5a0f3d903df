using System.Text.Json.Nodes;
using ServerlessCLM.Conditions;
using ServerlessCLM.Customers;
using ServerlessCLM.Features;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Decisions;

/// <summary>A snapshot as it would be if something about the customer were otherwise.</summary>
internal static class ChangedCustomer
{
    private const string Change = DecisionVocabulary.Change;

    /// <summary>The snapshot with a value changed; null where that is not something a snapshot can show.</summary>
    public static CustomerSnapshot? With(this CustomerSnapshot customer, TermChange change)
    {
        if (change.Term is Call call)
            return customer.With(call, change.To);

        var path = change.Name.Split('.');
        return path switch
        {
            ["features", var name] => customer with { Features = Set(customer.Features, FeatureCatalogue.IndexOf(name), change.To) },
            ["scores", var name] when ScoreCatalogue.IndexOf(name) is >= 0 and var place => customer with { Scores = Set(customer.Scores, place, change.To) },
            ["scores", var name] when name.EndsWith(Change, StringComparison.Ordinal) =>
                customer with { Changes = new Dictionary<string, float>(customer.Changes, StringComparer.Ordinal) { [name[..^Change.Length]] = Single(change.To) } },
            ["scores", var name] => customer with
            {
                Models = [.. customer.Models.Where(model => model.Id != name).Append(new ModelScore(
                    name, customer.Models.FirstOrDefault(model => model.Id == name)?.Version ?? 0, Single(change.To))).OrderBy(model => model.Id, StringComparer.Ordinal)],
            },
            ["profile", .. var members] => customer.With(members, Exactly(change.To)),
            ["products" or "flags", _] => customer.With(path, Exactly(change.To)),
            _ => null,
        };
    }

    /// <summary>The snapshot with a member of the profile, by its path; without it where the value is null.</summary>
    public static CustomerSnapshot With(this CustomerSnapshot customer, string[] path, JsonNode? value)
    {
        var profile = (JsonObject)customer.Profile.DeepClone();
        var at = profile;
        foreach (var name in path[..^1])
            at = at[name] as JsonObject ?? (JsonObject)(at[name] = new JsonObject());
        if (value is null)
            at.Remove(path[^1]);
        else
            at[path[^1]] = value;
        return customer with { Profile = profile, HasProfile = true };
    }

    /// <summary>The snapshot with a consent given or withdrawn now.</summary>
    public static CustomerSnapshot WithConsent(this CustomerSnapshot customer, string purpose, string channel, bool granted) => customer with
    {
        Consents = [.. customer.Consents.Where(consent => consent.Purpose != purpose || consent.Channel != channel),
            new Consent(purpose, channel, granted ? ConsentStatus.Granted : ConsentStatus.Withdrawn, customer.Now, null)],
    };

    private static CustomerSnapshot? With(this CustomerSnapshot customer, Call call, in Value to)
    {
        string? first = call.Arguments[0] is Literal { Value: { Kind: ValueKind.String } text } ? text.Text : null;
        var window = call.Arguments is [_, Call { Function: "duration", Arguments: [Literal { Value: { Kind: ValueKind.String } length }] }]
            && Conversions.ToDuration(length) is { Kind: ValueKind.Duration } read ? read.TimeSpan : (TimeSpan?)null;
        switch (call.Function)
        {
            case "consent" when first is not null && call.Arguments[1] is Literal { Value: { Kind: ValueKind.String } channel }:
                return customer.WithConsent(first, channel.Text, to.Bool);
            case "accepted" or "declined" when first is not null && window is { } since:
                var accepted = call.Function == "accepted";
                var others = customer.Answers.Where(answer => answer.Action != first || answer.Accepted != accepted || customer.Now - answer.At >= since);
                return customer with { Answers = to.Bool ? [.. customer.Answers, new ActionAnswer(first, accepted, customer.Now)] : [.. others] };
            case "contacts" when first is not null && window is { } since:
                // Fewer contacts: the latest have not been. More of them are nothing to ask for.
                var counted = customer.Contacts.Contacts.Where(contact => contact.Channel == first && contact.Counts(customer.Now)
                    && contact.At <= customer.Now && customer.Now - contact.At < since).ToList();
                return to.Int > counted.Count ? null : customer with
                {
                    Contacts = customer.Contacts with { Contacts = [.. customer.Contacts.Contacts.Except(counted.Take(counted.Count - (int)to.Int))] },
                };
            default:
                return null;
        }
    }

    /// <summary>A number of a profile is compared in double precision.</summary>
    private static JsonNode? Exactly(in Value value) => value.Kind == ValueKind.Double ? value.Double : Words.Node(value);

    private static float[] Set(float[] values, int place, in Value to)
    {
        var changed = (float[])values.Clone();
        changed[place] = Single(to);
        return changed;
    }

    private static float Single(in Value value) => value.Kind == ValueKind.Int ? value.Int : (float)value.Double;
}
