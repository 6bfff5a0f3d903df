using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace ServerlessCLM.Customers;

public enum ConsentStatus { Granted, Withdrawn }

/// <summary>A customer's word on one purpose and channel. The later instant holds, whatever order they arrive in.</summary>
/// <param name="Purpose">One of <see cref="Purposes"/>.</param>
/// <param name="Channel">One of <see cref="Channels"/>.</param>
/// <param name="Status">Granted or withdrawn.</param>
/// <param name="At">When the customer said so.</param>
/// <param name="Source">Where: a form, a call, a stop word in a reply.</param>
public sealed record Consent(string Purpose, string Channel, ConsentStatus Status, DateTimeOffset At, string? Source)
{
    public static readonly IReadOnlyList<string> Purposes = ["marketing", "service", "arrears", "collections", "profiling", "research"];

    /// <summary>Type of the event that tells journeys of a customer's word, once it holds.</summary>
    public const string ChangedType = "clm.consent-changed.v1";

    public static readonly IReadOnlyList<string> Channels = ["app", "push", "email", "sms", "call", "letter"];

    public static bool IsPurpose([NotNullWhen(true)] string? purpose) => purpose is not null && Purposes.Contains(purpose);

    public static bool IsChannel([NotNullWhen(true)] string? channel) => channel is not null && Channels.Contains(channel);

    /// <summary>Puts the consent unless a later word is known. Journeys are told.</summary>
    /// <returns>The consent that holds.</returns>
    public Consent PutInto(CustomerSession session)
    {
        if (!TryPut(session, out var held))
            return held;

        session.Record(new AuditRecord("consent", At, new JsonObject
        {
            ["purpose"] = Purpose, ["channel"] = Channel, ["status"] = Word, ["source"] = Source,
        }));
        Tell(session, [this], At);
        return this;
    }

    /// <summary>Puts what a customer said of many purposes and channels at once; one entry goes on record. Journeys are told.</summary>
    public static void PutAllInto(CustomerSession session, IReadOnlyList<Consent> consents, string kind, DateTimeOffset at)
    {
        var held = consents.Where(consent => consent.TryPut(session, out _)).ToList();
        if (held.Count > 0)
        {
            session.Record(new AuditRecord(kind, at, new JsonObject
            {
                ["consents"] = new JsonArray([.. held.Select(consent => (JsonNode)$"{consent.Purpose}/{consent.Channel} {consent.Word}")]), ["source"] = held[0].Source,
            }));
            Tell(session, held, at);
        }
    }

    private static void Tell(CustomerSession session, IEnumerable<Consent> held, DateTimeOffset at)
    {
        var origin = $"{session.Customer}\nconsent\n{Instant.Text(at)}\n{string.Join('\n', held.Select(consent => $"{consent.Purpose}/{consent.Channel} {consent.Word}"))}";
        session.Emit(Effect.News(session.Customer, ChangedType, "/clm/consents", origin, at));
    }

    private string Word => Status == ConsentStatus.Granted ? "granted" : "withdrawn";

    private bool TryPut(CustomerSession session, out Consent held)
    {
        var row = CustomerRows.Consent(Purpose, Channel);
        var known = session.Get(row, CustomersJson.Default.Consent);
        held = known is not null && known.At > At ? known : this;
        if (held != this || known == this)
            return false;

        session.Put(row, this, CustomersJson.Default.Consent);
        return true;
    }
}
