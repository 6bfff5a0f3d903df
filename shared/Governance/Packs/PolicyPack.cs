using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ServerlessCLM.Governance;

public enum RuleKind
{
    /// <summary>No contact while a flag is set: moratorium, litigation, cease request.</summary>
    Stop,

    /// <summary>No contact of these purposes while a flag is set: vulnerability, hardship.</summary>
    Protect,

    /// <summary>The lawful basis of a purpose and channel.</summary>
    Basis,

    /// <summary>No contact until a flag is set: forbearance before enforcement.</summary>
    Duty,

    /// <summary>What the message must carry.</summary>
    Oblige,

    /// <summary>No contact near one of another journey and of certain purposes.</summary>
    Conflict,

    /// <summary>So many contacts in a rolling window.</summary>
    Cap,

    /// <summary>No contact for a while after something.</summary>
    Spacing,

    /// <summary>No contact at these local times: it waits.</summary>
    QuietHours,
}

public enum LawfulBasis
{
    /// <summary>Consent that was given and not withdrawn.</summary>
    OptIn,

    /// <summary>Unless the customer has said no.</summary>
    OptOut,
}

public enum CapScope { Customer, Debt }

public enum SpacingEvent { Contact, Conversation, Complaint }

/// <summary>One rule of a pack; which members it has depends on its kind. docs/governance.md tells what each means.</summary>
public sealed record PolicyRule(string Id, RuleKind Kind, string Source)
{
    /// <summary>Channels it is about; all when empty.</summary>
    public IReadOnlyList<string> Channels { get; init => field = value ?? []; } = [];

    /// <summary>Purposes it is about; the pack's when empty.</summary>
    public IReadOnlyList<string> Purposes { get; init => field = value ?? []; } = [];

    public string? Flag { get; init; }

    public LawfulBasis? Basis { get; init; }

    public string? Obligation { get; init; }

    /// <summary>Purposes of the contacts that conflict.</summary>
    public IReadOnlyList<string> With { get; init => field = value ?? []; } = [];

    public CapScope Per { get; init; }

    public int? Limit { get; init; }

    public SpacingEvent? After { get; init; }

    /// <summary>ISO 8601 duration in days or hours, such as <c>P7D</c>.</summary>
    public string? Window { get; init; }

    /// <summary>Local time, <c>HH:mm</c>; quiet from here to <see cref="To"/>, over midnight when that is earlier.</summary>
    public string? From { get; init; }

    public string? To { get; init; }

    /// <summary>Days of the week, in English and lower case, that are quiet as a whole.</summary>
    public IReadOnlyList<string> Days { get; init => field = value ?? []; } = [];
}

/// <summary>A contact, and what the rule that it is about says: the text of the law as an example.</summary>
/// <param name="Name">In words.</param>
/// <param name="Rule">Which rule it is for.</param>
/// <param name="Source">That rule's source.</param>
/// <param name="Contact">Channel, purpose, debt, journey.</param>
/// <param name="Expect"><c>allow</c>, <c>refuse:CODE</c>, <c>postpone:INSTANT</c> or <c>oblige:OBLIGATION</c>.</param>
public sealed record PolicyCase(string Name, string Rule, string Source, ContactRequest Contact, string Expect)
{
    /// <summary>The instant; noon UTC of the day after the pack takes effect when left out.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The profile: country, timeZone, flags; the country is the pack's jurisdiction when left out.</summary>
    public JsonObject? Profile { get; init; }

    /// <summary>Consents as <c>"marketing/email": "granted"</c>.</summary>
    public IReadOnlyDictionary<string, string> Consents { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    public IReadOnlyList<PastContact> Contacts { get; init => field = value ?? []; } = [];
}

/// <summary>A contact before a case's.</summary>
/// <param name="Ago">How long before, as an ISO 8601 duration.</param>
/// <param name="Status">Sent when left out, or what came of it.</param>
public sealed record PastContact(string Ago, string Channel, string Purpose, string? Status = null, string? Debt = null, string? Journey = null);

/// <summary>Rules of one source in one jurisdiction, from a date on.</summary>
/// <param name="Id">Lower-case letters, digits and hyphens.</param>
/// <param name="Version">Whole number; a later one takes the place of an earlier from its effective date on.</param>
/// <param name="Jurisdiction"><c>EU</c>, <c>GB</c>, <c>DE</c>, <c>US</c>, or <c>*</c> for the house's own.</param>
/// <param name="Effective">From when on.</param>
/// <param name="Source">Law or policy that it is drawn from.</param>
/// <param name="Applies">Condition; where it is unknown, the pack applies.</param>
public sealed record PolicyPack(string Id, int Version, string Jurisdiction, DateTimeOffset Effective, string Source, string Applies)
{
    /// <summary>Until when; null for no end.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Purposes of rules that name none; all when empty.</summary>
    public IReadOnlyList<string> Purposes { get; init => field = value ?? []; } = [];

    public IReadOnlyList<PolicyRule> Rules { get; init => field = value ?? []; } = [];

    public IReadOnlyList<PolicyCase> Cases { get; init => field = value ?? []; } = [];

    /// <exception cref="JsonException">Not a pack; the path says where.</exception>
    public static PolicyPack Read(JsonObject document) => document.Deserialize(PolicyJson.Default.PolicyPack)!;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(PolicyPack))]
internal sealed partial class PolicyJson : JsonSerializerContext;
