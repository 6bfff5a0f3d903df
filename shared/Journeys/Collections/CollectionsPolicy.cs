using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Journeys.Collections;

/// <summary>How far the work on debts may go, as a document: one for the institution.</summary>
/// <param name="Id">Always <c>house</c>.</param>
/// <param name="Version">Whole number from 1.</param>
/// <param name="Effective">When it begins to hold.</param>
public sealed record CollectionsPolicy(
    string Id, int Version, DateTimeOffset Effective, PromiseRules Promise, PlanRules Plan, SettlementRules Settlement, SelfCureRules SelfCure, QueueRules Queue,
    HandOffRules HandOff)
{
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>The policy that comes with the product.</summary>
    public static CollectionsPolicy Default { get; } = ReadDefault();

    /// <exception cref="JsonException">The document is not one.</exception>
    public static CollectionsPolicy Read(JsonObject document) => document.Deserialize(CollectionsPolicyJson.Default.CollectionsPolicy)!;

    public override string ToString() => $"{Id}@{Version}";

    private static CollectionsPolicy ReadDefault()
    {
        using var stream = typeof(CollectionsPolicy).Assembly.GetManifestResourceStream("collections.policy.json")
            ?? throw new InvalidOperationException("collections.policy.json is not part of the build");
        return Read(JsonNode.Parse(stream)!.AsObject());
    }
}

/// <param name="Tolerance">What may be missing of a promise that is kept.</param>
/// <param name="GraceDays">Days for money that is on its way.</param>
/// <param name="LongestDays">Days from today that a promise may reach.</param>
/// <param name="Least">Smallest promise, but for what is left of the debt.</param>
/// <param name="MostBroken">Broken promises after which a person takes the next one.</param>
public sealed record PromiseRules(decimal Tolerance, int GraceDays, int LongestDays, decimal Least, int MostBroken);

/// <param name="SurplusShare">Share of the disposable income that instalments may take; the rest is for what cannot be foreseen.</param>
/// <param name="Living">What a month of living costs at the least, beside obligations.</param>
/// <param name="Least">Smallest instalment.</param>
/// <param name="LongestMonths">Instalments at the most.</param>
/// <param name="GraceDays">Days after which an instalment is missed.</param>
/// <param name="MostRevisions">Plans in place of one that was broken, before the hardship route.</param>
public sealed record PlanRules(double SurplusShare, decimal Living, decimal Least, int LongestMonths, int GraceDays, int MostRevisions);

/// <param name="ValidDays">Days within which a settlement is to be paid.</param>
/// <param name="Bands">Largest discount by days past due, in ascending order.</param>
/// <param name="Alone">What one person may let off.</param>
public sealed record SettlementRules(int ValidDays, IReadOnlyList<SettlementBand> Bands, SettlementLimit Alone);

/// <summary>Share of the balance that may be let off from so many days past due on.</summary>
public sealed record SettlementBand(int FromDaysPastDue, double Largest);

/// <summary>A share, and an amount, of which neither may be exceeded.</summary>
public sealed record SettlementLimit(double Discount, decimal Amount);

/// <param name="Least">Probability of curing without a contact from which a customer is left alone.</param>
/// <param name="Experiment">The experiment that keeps proving it.</param>
/// <param name="ContactArm">The arm whose customers are contacted all the same.</param>
/// <param name="Days">Days past due up to which anybody is left alone.</param>
public sealed record SelfCureRules(double Least, string Experiment, string ContactArm, int Days);

/// <param name="CostOfCall">What an agent's call costs.</param>
/// <param name="Capacity">Calls that the agents make in a day.</param>
/// <param name="LeaseMinutes">How long a claimed case is the agent's.</param>
public sealed record QueueRules(decimal CostOfCall, int Capacity, int LeaseMinutes);

/// <param name="FromDaysPastDue">Before, nothing is handed off.</param>
/// <param name="Contacts">Contacts about the debt that must have been made.</param>
/// <param name="Channels">Different channels among them.</param>
/// <param name="Offers">Plans, promises or settlements that must have been on the table.</param>
/// <param name="Notice">The lifecycle event that tells of the formal notice.</param>
/// <param name="NoticeDays">Days that the notice must be old.</param>
public sealed record HandOffRules(int FromDaysPastDue, int Contacts, int Channels, int Offers, string Notice, int NoticeDays);

/// <summary>Collections policies as documents.</summary>
public sealed class CollectionsPolicyKind() : DocumentKind(KindName, "collections-policies")
{
    public const string KindName = "collections-policy", HouseId = "house";

    protected override void CheckMeaning(JsonObject document, Findings findings)
    {
        var policy = CollectionsPolicy.Read(document);
        var bands = policy.Settlement.Bands;
        if (bands[0].FromDaysPastDue != 0)
            findings.Error("$.settlement.bands[0].fromDaysPastDue", "must be 0, so that every debt has a band");
        for (var place = 1; place < bands.Count; place++)
        {
            if (bands[place].FromDaysPastDue <= bands[place - 1].FromDaysPastDue)
                findings.Error($"{JsonPath.Item("$.settlement.bands", place)}.fromDaysPastDue", "must be more than that of the band before");
            if (bands[place].Largest < bands[place - 1].Largest)
                findings.Warning($"{JsonPath.Item("$.settlement.bands", place)}.largest", "is less than that of the band before: waiting makes a debt dearer to settle");
        }

        if (policy.Settlement.Alone.Discount >= bands[^1].Largest)
            findings.Warning("$.settlement.alone.discount", "is not below the largest discount: no settlement needs a second pair of eyes for its share");
        if (policy.HandOff.Contacts < policy.HandOff.Channels)
            findings.Error("$.handOff.channels", "must not be more than contacts");
    }
}

/// <summary>The policy that holds: the institution's own approved document, or the one that comes with the product.</summary>
public sealed class CollectionsPolicies(DocumentStore documents, TimeProvider time)
{
    /// <summary>How long it is used before the documents are looked at again.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private volatile Known? _known;

    public async ValueTask<CollectionsPolicy> GetAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_known is { } known && now >= known.Read && now - known.Read < Kept)
            return known.Policy;

        var policy = CollectionsPolicy.Default;
        foreach (var record in await documents.ListAsync(CollectionsPolicyKind.KindName, cancellation))
        {
            if (record.Id == CollectionsPolicyKind.HouseId && record.InForce(now) is { } version)
                policy = CollectionsPolicy.Read(await documents.ContentAsync(CollectionsPolicyKind.KindName, record.Id, version.Digest, cancellation));
        }

        _known = new Known(now, policy);
        return policy;
    }

    private sealed record Known(DateTimeOffset Read, CollectionsPolicy Policy);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(CollectionsPolicy))]
internal sealed partial class CollectionsPolicyJson : JsonSerializerContext;
