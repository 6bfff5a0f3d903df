using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using ServerlessCLM.Conditions;
using ServerlessCLM.Customers;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Governance;

/// <summary>A rule, ready to be asked.</summary>
/// <param name="Channels">Bits of the channels it is about.</param>
/// <param name="Purposes">Bits of the purposes it is about.</param>
/// <param name="With">Bits of the purposes that conflict.</param>
internal sealed record CompiledRule(
    PolicyRule Rule, string Name, GateStage Stage, int Channels, int Purposes, int With, TimeSpan Window, QuietTimes? Quiet)
{
    public bool Covers(int channel, int purpose) => (Channels & channel) != 0 && (Purposes & purpose) != 0;
}

/// <summary>A pack, ready to be asked.</summary>
internal sealed record CompiledPack(PolicyPack Pack, string Name, Expression<CustomerStanding> Applies, IReadOnlyList<CompiledRule> Rules)
{
    public bool IsEffective(DateTimeOffset at) => Pack.Effective <= at && (Pack.Until is null || at < Pack.Until);
}

/// <summary>A policy document as it was.</summary>
/// <param name="Digest">Of its content.</param>
public sealed record PolicyReference(string Id, int Version, string Digest);

/// <summary>All packs of an institution, compiled; which of them hold is a matter of the instant and the customer.</summary>
public sealed class PolicySet
{
    private static readonly LocalTimePattern TimeOfDay = LocalTimePattern.CreateWithInvariantCulture("HH':'mm");

    /// <param name="packs">Of packs with the same id, the latest version in effect holds.</param>
    /// <exception cref="ConditionException">A condition cannot be compiled.</exception>
    public PolicySet(IEnumerable<PolicyPack> packs) => Packs = [.. packs
        .OrderBy(pack => pack.Id, StringComparer.Ordinal).ThenByDescending(pack => pack.Version).Select(Compile)];

    /// <summary>A set of documents, which decisions made under it refer to by their digests.</summary>
    /// <exception cref="ConditionException">A condition cannot be compiled.</exception>
    public static PolicySet Of(IEnumerable<JsonObject> documents)
    {
        var packs = documents.Select(document => (Pack: PolicyPack.Read(document), Digest: DocumentStore.DigestOf(document))).ToList();
        return new PolicySet(packs.Select(each => each.Pack))
        {
            References = [.. packs.Select(each => new PolicyReference(each.Pack.Id, each.Pack.Version, each.Digest)).OrderBy(each => each.Id, StringComparer.Ordinal)],
        };
    }

    /// <summary>The documents it was made of, in the order of their ids; empty for a set that no document stands behind.</summary>
    public IReadOnlyList<PolicyReference> References { get; private init; } = [];

    internal IReadOnlyList<CompiledPack> Packs { get; }

    /// <summary>The packs that come with the product.</summary>
    public static IReadOnlyList<PolicyPack> Defaults { get; } = PolicyDefaults.Read();

    internal static IReadOnlyList<JsonObject> DefaultDocuments { get; } = PolicyDefaults.Documents();

    /// <summary>Reads a window such as <c>P7D</c> or <c>PT4H</c>.</summary>
    internal static bool TryWindow(string? text, out TimeSpan window)
    {
        window = default;
        if (text is null || !PeriodPattern.NormalizingIso.Parse(text).TryGetValue(Period.Zero, out var period) || period.Months != 0 || period.Years != 0)
            return false;

        window = period.ToDuration().ToTimeSpan();
        return window > TimeSpan.Zero && window <= TimeSpan.FromDays(ContactLedger.Days);
    }

    internal static QuietTimes? Quiet(PolicyRule rule)
    {
        if (rule.Days.Count > 0)
        {
            var days = rule.Days.Select(name => Enum.TryParse<IsoDayOfWeek>(name, ignoreCase: true, out var day) ? day : IsoDayOfWeek.None).ToList();
            return days.Contains(IsoDayOfWeek.None) ? null : QuietTimes.On(days);
        }

        return rule is { From: not null, To: not null } && TimeOfDay.Parse(rule.From).TryGetValue(default, out var from) && TimeOfDay.Parse(rule.To).TryGetValue(default, out var to)
            ? QuietTimes.Between(from, to)
            : null;
    }

    private static CompiledPack Compile(PolicyPack pack) => new(pack, $"{pack.Id}@{pack.Version}", CustomerStanding.Vocabulary.Condition(pack.Applies), [.. pack.Rules
        .Select(rule => new CompiledRule(rule, $"{pack.Id}/{rule.Id}", ContactGate.StageOf(rule.Kind),
            Bits(rule.Channels, Consent.Channels), Bits(rule.Purposes.Count > 0 ? rule.Purposes : pack.Purposes, Consent.Purposes), Bits(rule.With, Consent.Purposes),
            TryWindow(rule.Window, out var window) ? window : default, rule.Kind == RuleKind.QuietHours ? Quiet(rule) : null))]);

    /// <summary>All of them where none is named.</summary>
    private static int Bits(IReadOnlyList<string> names, IReadOnlyList<string> all) => names.Count == 0 ? -1 : names.Aggregate(0, (bits, name) => bits | Bit(name, all));

    /// <summary>The bit of a name; every bit where it is not known, since it may be any.</summary>
    internal static int Bit(string? name, IReadOnlyList<string> all)
    {
        for (var place = 0; place < all.Count; place++)
        {
            if (all[place] == name)
                return 1 << place;
        }

        return -1;
    }
}
