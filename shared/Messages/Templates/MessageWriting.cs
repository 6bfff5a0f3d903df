using System.Text.Json;
using NodaTime;
using ServerlessCLM.Customers;
using ServerlessCLM.Messages.Drafting;

namespace ServerlessCLM.Messages.Templates;

/// <summary>A message to be written by a template.</summary>
/// <param name="MessageId">Derived from what caused it.</param>
/// <param name="Template">Id of the template.</param>
/// <param name="Channel">Where it goes.</param>
/// <param name="Facts">What it may say; the customer's names are added from the profile where the template declares given_name or family_name.</param>
public sealed record WritingRequest(string MessageId, string Template, MessageChannel Channel, IReadOnlyList<Fact> Facts)
{
    /// <summary>Who has it written, where a person does; somebody else must approve it where an approval is needed.</summary>
    public string? AskedBy { get; init; }
}

/// <summary>Has messages written by the template in force, in the customer's language and state.</summary>
public sealed class MessageWriting(TemplateLibrary templates, MessageDrafting drafting, CustomerStore store, TimeProvider time)
{
    /// <summary>Flags under which people are told things more strictly.</summary>
    private static readonly string[] VulnerableFlags = ["vulnerable", "hardship"];

    /// <returns>The record, or the field and reason why the message cannot be written: an unknown template, a fact that is missing.</returns>
    /// <remarks>A message that was written stays as it is, whatever the template has become.</remarks>
    /// <exception cref="MessageMismatchException">The id stands for a message of another template.</exception>
    /// <exception cref="CustomerErasedException">Nothing is written about an erased customer.</exception>
    public async Task<(MessageRecord? Record, Rejection? Fault)> WriteAsync(CustomerId customer, WritingRequest request, CancellationToken cancellation)
    {
        if (BriefRules.IdFault(request.MessageId) is { } unfit)
            return (null, new Rejection("messageId", unfit));
        if (await drafting.FindAsync(customer, request.MessageId, cancellation) is { } known)
            return known.Template?.StartsWith($"{request.Template}@", StringComparison.Ordinal) == true ? (known, null) : throw new MessageMismatchException(request.MessageId);
        if (await templates.FindAsync(request.Template, cancellation) is not { } template)
            return (null, new Rejection("template", $"there is no template {request.Template} in force"));

        var profile = await ProfileAsync(customer, cancellation);
        var (assignment, fault) = template.Compose(OccasionOf(request, profile));
        if (assignment is null)
            return (null, fault);
        if (BriefRules.Fault(assignment.Brief) is { } wrong)
            return (null, wrong);

        return (await drafting.DraftAsync(customer, assignment with { AskedBy = request.AskedBy }, cancellation), null);
    }

    private Occasion OccasionOf(WritingRequest request, Profile profile)
    {
        var zone = (string?)profile.Members["timeZone"] is { } name ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) : null;
        var today = NodaTime.Instant.FromDateTimeOffset(time.GetUtcNow()).InZone(zone ?? DateTimeZone.Utc).Date.ToDateOnly();
        var vulnerable = VulnerableFlags.Any(flag => profile.Members["flags"]?[flag]?.GetValueKind() == JsonValueKind.True);
        List<Fact> facts = [.. request.Facts];
        foreach (var (fact, member) in (ReadOnlySpan<(string, string)>)[("given_name", "givenName"), ("family_name", "familyName")])
        {
            if (facts.TrueForAll(given => given.Name != fact) && (string?)profile.Members[member] is { } value)
                facts.Add(new PersonalFact(fact, value));
        }

        return new Occasion(request.MessageId, request.Channel, (string?)profile.Members["language"], today, vulnerable, facts);
    }

    private async Task<Profile> ProfileAsync(CustomerId customer, CancellationToken cancellation) => (await store.UpdateAsync(
        customer, session => session.Get(CustomerRows.Profile, CustomersJson.Default.Profile), cancellation, CustomerRows.Profile)).Result ?? Profile.Empty;
}
