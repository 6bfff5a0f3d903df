using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using ServerlessCLM.Conditions;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Governance;

/// <summary>What the gate must know of a customer, laid out once.</summary>
public sealed class CustomerStanding
{
    private readonly Dictionary<(string Purpose, string Channel), ConsentStatus> _consents;
    private readonly HashSet<string> _flags = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reachable = new(StringComparer.Ordinal) { "app", "push" };
    private readonly List<Suppression> _suppressions = [];

    public CustomerStanding(Profile profile, IEnumerable<Consent> consents, ContactLedger ledger, bool erased = false)
    {
        (Ledger, Erased) = (ledger, erased);
        Past = [.. ledger.Contacts.Select(contact =>
            new PastContactBits(contact, PolicySet.Bit(contact.Channel, Consent.Channels), PolicySet.Bit(contact.Purpose, Consent.Purposes)))];
        _consents = consents.ToDictionary(consent => (consent.Purpose, consent.Channel), consent => consent.Status);
        Country = (string?)profile.Members["country"];
        Language = (string?)profile.Members["language"];
        Segment = (string?)profile.Members["segment"];
        foreach (var (name, value) in profile.Members["flags"] as JsonObject ?? [])
        {
            if (value?.GetValueKind() == JsonValueKind.True)
                _flags.Add(name);
        }

        foreach (var (name, value) in profile.Members["suppressions"] as JsonObject ?? [])
            _suppressions.Add(Suppression.Of(name, value!.AsObject()));
        if (profile.Members["email"] is not null)
            _reachable.Add("email");
        if (profile.Members["phone"] is not null)
            _reachable.UnionWith(["sms", "call"]);
        if (profile.Members["address"] is not null)
            _reachable.Add("letter");
        foreach (var (channel, value) in profile.Members["unreachable"] as JsonObject ?? [])
        {
            if (value is not null)
                _reachable.Remove(channel);
        }

        Zones = CandidateZones.Of((string?)profile.Members["timeZone"], Country);
    }

    public bool Erased { get; }

    public string? Country { get; }

    public string? Language { get; }

    public string? Segment { get; }

    public ContactLedger Ledger { get; }

    /// <summary>The ledger's contacts, newest first, as rules look at them.</summary>
    internal PastContactBits[] Past { get; }

    /// <summary>The zones the customer may be in: one where the profile names it, all of the country otherwise; none where nothing is known.</summary>
    public IReadOnlyList<DateTimeZone> Zones { get; }

    /// <summary>Whether decisions must do without profiling (GDPR article 21).</summary>
    public bool ObjectsToProfiling => Has("objectsToProfiling") || _consents.Any(consent => consent is { Key.Purpose: "profiling", Value: ConsentStatus.Withdrawn });

    /// <summary>What conditions of packs can speak of.</summary>
    public static Vocabulary<CustomerStanding> Vocabulary { get; } = new Vocabulary<CustomerStanding>()
        .Value("profile.country", CelType.String, standing => Text("profile.country", standing.Country))
        .Value("profile.language", CelType.String, standing => Text("profile.language", standing.Language))
        .Value("profile.segment", CelType.String, standing => Text("profile.segment", standing.Segment));

    public bool Has(string flag) => _flags.Contains(flag);

    public bool IsReachable(string channel) => _reachable.Contains(channel);

    /// <summary>What the customer said of a purpose and channel; null for nothing.</summary>
    public ConsentStatus? Consented(string purpose, string channel) => _consents.TryGetValue((purpose, channel), out var status) ? status : null;

    public Suppression? SuppressedBy(ContactRequest request, DateTimeOffset now) => _suppressions.Find(each => each.Holds(request, now));

    private static Value Text(string name, string? text) => text is null ? Value.Missing(name) : Value.Of(text);
}

/// <summary>A contact with its channel and purpose as bits; one whose purpose is not known may be of any.</summary>
internal readonly record struct PastContactBits(Contact Contact, int Channel, int Purpose);

/// <summary>Contacts that the bank has ruled out for a while: <c>suppressions</c> in the profile, by name.</summary>
/// <param name="Name">For verdicts and records.</param>
/// <param name="Channels">All when empty.</param>
/// <param name="Purposes">All when empty.</param>
/// <param name="Until">Null for no end.</param>
public sealed record Suppression(string Name, IReadOnlyList<string> Channels, IReadOnlyList<string> Purposes, DateTimeOffset? Until)
{
    internal static Suppression Of(string name, JsonObject members) => new(name, List(members["channels"]), List(members["purposes"]),
        Instant.TryParse((string?)members["until"], out var until) ? until : null);

    internal bool Holds(ContactRequest request, DateTimeOffset now) => (Until is null || now < Until)
        && (Channels.Count == 0 || Channels.Contains(request.Channel)) && (Purposes.Count == 0 || Purposes.Contains(request.Purpose));

    private static IReadOnlyList<string> List(JsonNode? node) => node is JsonArray items ? [.. items.Select(item => (string)item!)] : [];
}
