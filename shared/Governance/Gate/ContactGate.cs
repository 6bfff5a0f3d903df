using NodaTime;
using ServerlessCLM.Conditions;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Governance;

/// <summary>
/// Whether a customer may be contacted now: every rule of every pack that applies is asked, in a fixed order, and leaves a verdict. Pure: the same
/// standing, request, packs and instant give the same verdicts. Missing data never permits.
/// </summary>
public static class ContactGate
{
    /// <summary>Flags under which no customer is contacted, whatever packs say, and the codes they refuse with.</summary>
    private static readonly (string Flag, string Code)[] Stops =
        [("moratorium", "moratorium"), ("breathingSpace", "breathing-space"), ("litigation", "litigation"), ("ceaseRequest", "cease-request")];

    public static GateStage StageOf(RuleKind kind) => kind switch
    {
        RuleKind.Stop => GateStage.LegalStop,
        RuleKind.Protect => GateStage.Vulnerability,
        RuleKind.Basis => GateStage.Consent,
        RuleKind.Duty or RuleKind.Oblige => GateStage.Jurisdiction,
        RuleKind.Conflict => GateStage.Conflict,
        RuleKind.Cap or RuleKind.Spacing => GateStage.Caps,
        _ => GateStage.QuietHours,
    };

    /// <param name="standing">The customer.</param>
    /// <param name="request">The contact; a reservation under the same id does not count against it.</param>
    /// <param name="policies">All packs.</param>
    /// <param name="now">The instant.</param>
    public static GateResult Judge(CustomerStanding standing, ContactRequest request, PolicySet policies, DateTimeOffset now)
    {
        var packs = new List<CompiledPack>(policies.Packs.Count);
        foreach (var pack in policies.Packs)
        {
            // Where it is not known whether a pack applies, it does: the strictest holds.
            if (pack.IsEffective(now) && (packs.Count == 0 || packs[^1].Pack.Id != pack.Pack.Id) && pack.Applies.Test(standing) != Truth.False)
                packs.Add(pack);
        }

        var walk = new Walk(standing, request, now);
        walk.Own(GateStage.Existence, "erased", standing.Erased);
        walk.Own(GateStage.Existence, "deceased", standing.Has("deceased"));
        foreach (var (flag, code) in Stops)
            walk.Own(GateStage.LegalStop, code, standing.Has(flag));
        walk.Ask(packs, GateStage.LegalStop);
        walk.Ask(packs, GateStage.Vulnerability);
        if (walk.Ask(packs, GateStage.Consent) == 0)
            walk.Own(GateStage.Consent, "no-lawful-basis", refused: true);
        walk.Own(GateStage.Suppression, "objection", request.Purpose == "marketing" && standing.Has("objectsToMarketing"));
        walk.Own(GateStage.Suppression, "suppressed", standing.SuppressedBy(request, now) is not null);
        walk.Own(GateStage.Identity, "unreachable", !standing.IsReachable(request.Channel));
        walk.Ask(packs, GateStage.Jurisdiction);
        walk.Ask(packs, GateStage.Conflict);
        walk.Ask(packs, GateStage.Caps);
        walk.Ask(packs, GateStage.QuietHours);
        return walk.Result(packs);
    }

    private sealed class Walk(CustomerStanding standing, ContactRequest request, DateTimeOffset now)
    {
        private readonly int _channel = PolicySet.Bit(request.Channel, Consent.Channels), _purpose = PolicySet.Bit(request.Purpose, Consent.Purposes);
        private readonly List<Verdict> _verdicts = new(48);
        private readonly List<QuietTimes> _quiet = [];
        private List<string>? _obligations;

        public void Own(GateStage stage, string code, bool refused) =>
            _verdicts.Add(new(stage, code, refused ? VerdictKind.Refuse : VerdictKind.Allow, refused ? code : null));

        /// <returns>Rules that were about the request.</returns>
        public int Ask(List<CompiledPack> packs, GateStage stage)
        {
            var asked = 0;
            foreach (var pack in packs)
            {
                foreach (var rule in pack.Rules)
                {
                    if (rule.Stage != stage || !rule.Covers(_channel, _purpose))
                        continue;

                    asked++;
                    if (rule.Quiet is { } quiet)
                        _quiet.Add(quiet);
                    var (kind, until) = rule.Quiet is null ? (Refuses(rule) ? VerdictKind.Refuse : VerdictKind.Allow, null) : Quiet(rule.Quiet);
                    _verdicts.Add(new(stage, rule.Name, kind, kind == VerdictKind.Refuse ? rule.Rule.Id : null, until));
                }
            }

            return asked;
        }

        public GateResult Result(List<CompiledPack> packs)
        {
            var kind = VerdictKind.Allow;
            string? code = null;
            foreach (var verdict in _verdicts)
            {
                if (verdict.Kind == VerdictKind.Refuse && kind != VerdictKind.Refuse)
                    (kind, code) = (VerdictKind.Refuse, verdict.Code);
                else if (verdict.Kind == VerdictKind.Postpone && kind == VerdictKind.Allow)
                    kind = VerdictKind.Postpone;
            }

            DateTimeOffset? until = null;
            if (kind == VerdictKind.Postpone)
            {
                // What one rule lets go another may hold: the instant is free by all of them.
                until = QuietTimes.FirstAllowed(NodaTime.Instant.FromDateTimeOffset(now), _quiet, standing.Zones)?.ToDateTimeOffset();
                if (until is null)
                    (kind, code) = (VerdictKind.Refuse, "no-permitted-time");
            }

            return new GateResult(kind, code, until, _verdicts, _obligations ?? [], [.. packs.Select(pack => pack.Name)]);
        }

        private (VerdictKind Kind, DateTimeOffset? Until) Quiet(QuietTimes quiet)
        {
            if (standing.Zones.Count == 0)
                return (VerdictKind.Refuse, null);

            var at = NodaTime.Instant.FromDateTimeOffset(now);
            for (var place = 0; place < standing.Zones.Count; place++)
            {
                if (quiet.Covers(at, standing.Zones[place]))
                    return QuietTimes.FirstAllowed(at, [quiet], standing.Zones) is { } free ? (VerdictKind.Postpone, free.ToDateTimeOffset()) : (VerdictKind.Refuse, null);
            }

            return (VerdictKind.Allow, null);
        }

        private bool Refuses(CompiledRule compiled)
        {
            var rule = compiled.Rule;
            switch (rule.Kind)
            {
                case RuleKind.Stop or RuleKind.Protect:
                    return standing.Has(rule.Flag!);
                case RuleKind.Duty:
                    return !standing.Has(rule.Flag!);
                case RuleKind.Basis:
                    var said = standing.Consented(request.Purpose, request.Channel);
                    return said == ConsentStatus.Withdrawn || (rule.Basis == LawfulBasis.OptIn && said != ConsentStatus.Granted);
                case RuleKind.Oblige:
                    if (!(_obligations ??= []).Contains(rule.Obligation!))
                        _obligations.Add(rule.Obligation!);
                    return false;
                default:
                    return RefusesByLedger(compiled);
            }
        }

        private bool RefusesByLedger(CompiledRule compiled)
        {
            var (rule, since) = (compiled.Rule, now - compiled.Window);
            var most = rule.Kind == RuleKind.Cap ? rule.Limit!.Value : 1;
            var count = 0;
            foreach (ref readonly var past in standing.Past.AsSpan())
            {
                // Newest first; one in the future, by a clock that is ahead or by plan, counts as well.
                if (past.Contact.At <= since)
                    break;

                if (Matches(compiled, past) && past.Contact.Id != request.Id && past.Contact.Counts(now) && ++count >= most)
                    return true;
            }

            // What the ledger had to forget may be what the rule asks about.
            if (rule.Channels.Count == 0)
                return !standing.Ledger.Knows(null, since);

            foreach (var channel in rule.Channels)
            {
                if (!standing.Ledger.Knows(channel, since))
                    return true;
            }

            return false;
        }

        private bool Matches(CompiledRule compiled, in PastContactBits past)
        {
            var (rule, contact) = (compiled.Rule, past.Contact);
            if (rule.Kind == RuleKind.Conflict)
                return (compiled.With & past.Purpose) != 0 && contact.Journey != request.Journey;

            // A complaint concerns all channels and purposes; a contact without a debt may be about any.
            if (rule is { Kind: RuleKind.Spacing, After: SpacingEvent.Complaint })
                return contact.Status == "complaint";

            return compiled.Covers(past.Channel, past.Purpose)
                && (rule.Per != CapScope.Debt || contact.Debt is null || request.Debt is null || contact.Debt == request.Debt)
                && (rule is not { Kind: RuleKind.Spacing, After: SpacingEvent.Conversation } || contact.IsConversation);
        }
    }
}
