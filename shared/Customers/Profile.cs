using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;

namespace ServerlessCLM.Customers;

/// <summary>
/// Who the customer is, as the bank tells it: a JSON object of known members, each checked. <see cref="Version"/> counts changes, for
/// <c>If-Match</c>.
/// </summary>
/// <param name="Version">Counts changes.</param>
/// <param name="Members">As told.</param>
/// <param name="Stops">When flags that stop the clocks of debts were set, the oldest first.</param>
public sealed record Profile(int Version, JsonObject Members, IReadOnlyList<FlagPeriod>? Stops = null)
{
    /// <summary>Bytes of a profile's JSON at the most; a row holds 64 KiB.</summary>
    public const int MaxSize = 32 * 1024;

    /// <summary>Type of the event that tells journeys of a profile that has changed, once it has.</summary>
    public const string ChangedType = "clm.profile-changed.v1";

    /// <summary>Characters of an unknown member's name that a rejection repeats.</summary>
    private const int MaxName = 64;

    private static readonly Dictionary<string, Func<JsonNode, string?>> Rules = new(StringComparer.Ordinal)
    {
        ["givenName"] = Text, ["familyName"] = Text, ["email"] = Email, ["phone"] = Phone, ["address"] = Nested,
        ["birthDate"] = Date, ["customerSince"] = Date, ["country"] = node => Code(node, 2, "two upper-case letters (ISO 3166-1)"),
        ["language"] = Language, ["timeZone"] = TimeZone, ["segment"] = Text, ["monthlyIncome"] = Money,
        ["products"] = Nested, ["flags"] = Flags, ["suppressions"] = Suppressions, ["unreachable"] = Unreachable, ["attributes"] = Nested,
    };

    public static readonly Profile Empty = new(0, []);

    /// <summary>Names a profile may have.</summary>
    public static IReadOnlyCollection<string> Names => Rules.Keys;

    /// <summary>Takes a whole profile, or says which member is wrong and why.</summary>
    public static Rejection? Check(JsonObject members, string path)
    {
        foreach (var (name, value) in members)
        {
            if (!Rules.TryGetValue(name, out var rule))
                return new Rejection($"{path}.{Rejection.Shorten(name, MaxName)}", $"is not a member of a profile; it has {string.Join(", ", Rules.Keys)}");

            if (value is not null && rule(value) is { } reason)
                return new Rejection($"{path}.{name}", reason);
        }

        return TooLarge(members, path);
    }

    /// <summary>Says so when patches have made the profile larger than it may be.</summary>
    public Rejection? TooLarge(string path) => TooLarge(Members, path);

    private static Rejection? TooLarge(JsonObject members, string path) => JsonSerializer.SerializeToUtf8Bytes(members).Length > MaxSize
        ? new Rejection(path, $"must leave a profile of at most {MaxSize} bytes of JSON")
        : null;

    /// <summary>The profile with a JSON merge patch applied (RFC 7396): null removes, objects merge, the rest replaces.</summary>
    public Profile Merge(JsonObject patch) => new(Version + 1, MergeInto(Members, patch), Stops);

    public Profile Replace(JsonObject members) => new(Version + 1, MergeInto([], members), Stops);

    public bool Has(string flag) => Members["flags"]?[flag]?.GetValueKind() == JsonValueKind.True;

    /// <summary>The profile with a flag set.</summary>
    public Profile With(string flag) => Merge(new JsonObject { ["flags"] = new JsonObject { [flag] = true } });

    /// <summary>Puts the profile in place of another and on record: which members changed, and what governs contacts. Journeys are told.</summary>
    public void PutInto(CustomerSession session, Profile before, DateTimeOffset at)
    {
        var stops = FlagPeriod.Follow(Stops ?? [], this, at);
        session.Put(CustomerRows.Profile, this with { Stops = stops.Count == 0 ? null : stops }, CustomersJson.Default.Profile);
        // A clock that ran on or stands still has another end.
        if (!stops.SequenceEqual(Stops ?? []))
            session.WakeBy(at.ToUnixTimeMilliseconds());

        var changed = Names.Where(name => !JsonNode.DeepEquals(Members[name], before.Members[name])).ToList();
        if (changed.Count == 0)
            return;

        var content = new JsonObject { ["version"] = Version, ["changed"] = new JsonArray([.. changed.Select(name => (JsonNode)name)]) };
        foreach (var name in changed.Where(name => name is "flags" or "suppressions" or "country" or "timeZone"))
            content[name] = Members[name]?.DeepClone();
        session.Record(new AuditRecord("profile", at, content));
        var origin = string.Create(CultureInfo.InvariantCulture, $"{session.Customer}\nprofile\n{Version}");
        session.Emit(Effect.News(session.Customer, ChangedType, "/clm/profiles", origin, at));
    }

    private static JsonObject MergeInto(JsonObject target, JsonObject patch)
    {
        var result = (JsonObject)target.DeepClone();
        foreach (var (name, value) in patch)
        {
            if (value is null)
                result.Remove(name);
            else if (value is JsonObject inner)
                result[name] = MergeInto(result[name] as JsonObject ?? [], inner);
            else
                result[name] = value.DeepClone();
        }

        return result;
    }

    private static string? Text(JsonNode node) =>
        AsText(node) is { Length: > 0 and <= 200 } ? null : "must be a text of 1 to 200 characters";

    private static string? Email(JsonNode node) =>
        AsText(node) is { Length: <= 254 } text && text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < text.Length - 1
            ? null : "must be an e-mail address";

    private static string? Phone(JsonNode node) =>
        AsText(node) is { Length: >= 5 and <= 16 } text && text[0] == '+' && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0
            ? null : "must be a phone number like +420123456789 (E.164)";

    private static string? Date(JsonNode node) =>
        AsText(node) is { } text && DateOnly.TryParseExact(text, "yyyy-MM-dd", out _) ? null : "must be a date like 1984-05-31";

    private static string? Language(JsonNode node) =>
        AsText(node) is { Length: 2 or 5 } text && text.All(c => char.IsAsciiLetter(c) || c == '-') ? null : "must be a language like de or de-AT";

    private static string? TimeZone(JsonNode node) =>
        AsText(node) is { } text && DateTimeZoneProviders.Tzdb.GetZoneOrNull(text) is not null ? null : "must be an IANA time zone like Europe/Berlin";

    private static string? Money(JsonNode node) =>
        node.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue(out decimal value) && value is >= 0 and <= 1_000_000_000
            ? null : "must be an amount between 0 and 1000000000";

    private static string? Nested(JsonNode node) => node is JsonObject ? null : "must be an object";

    private static string? Flags(JsonNode node) =>
        node is JsonObject flags && flags.All(flag => flag.Value?.GetValueKind() is null or JsonValueKind.True or JsonValueKind.False)
            ? null : "must be an object of true and false values, like {\"hardship\": true}";

    private static string? Suppressions(JsonNode node)
    {
        const string Rule = "must be an object of suppressions by name, like {\"complaint-17\": {\"channels\": [\"sms\"], \"purposes\": [\"marketing\"], \"until\": \"2027-01-01T00:00:00Z\"}}";
        return node is JsonObject named && named.All(each => each.Value is null || (each.Value is JsonObject members && members.All(IsMember))) ? null : Rule;

        static bool IsMember(KeyValuePair<string, JsonNode?> member) => member.Key switch
        {
            "channels" => member.Value is JsonArray channels && channels.All(channel => channel is not null && Consent.IsChannel(AsText(channel))),
            "purposes" => member.Value is JsonArray purposes && purposes.All(purpose => purpose is not null && Consent.IsPurpose(AsText(purpose))),
            "until" => member.Value is null || (AsText(member.Value) is { } text && Instant.TryParse(text, out _)),
            "reason" => member.Value is null || AsText(member.Value) is not null,
            _ => false,
        };
    }

    private static string? Unreachable(JsonNode node) => node is JsonObject channels && channels.All(channel =>
        Consent.IsChannel(channel.Key) && (channel.Value is null || AsText(channel.Value) is { Length: > 0 and <= 200 }))
        ? null : "must be an object of channels and why they do not reach the customer, like {\"email\": \"bounced\"}";

    private static string? Code(JsonNode node, int length, string rule) =>
        AsText(node) is { } text && text.Length == length && text.All(char.IsAsciiLetterUpper) ? null : $"must be {rule}";

    private static string? AsText(JsonNode node) => node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
