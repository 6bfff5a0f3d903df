using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using ServerlessCLM.Customers;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Tests.Governance;

public class GateTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 11, 0, 0, TimeSpan.Zero);
    private static readonly PolicySet Policies = new(PolicySet.Defaults);

    [Fact]
    public void A_customer_of_whom_all_is_known_and_who_agreed_is_contacted_and_every_step_says_so()
    {
        var result = Judge(Standing(), "email/marketing", Policies, Noon);
        Assert.Equal((VerdictKind.Allow, null), (result.Kind, result.Code));
        Assert.Equal(result.Verdicts.Select(verdict => verdict.Stage).Order(), result.Verdicts.Select(verdict => verdict.Stage));
        Assert.Equal(["de-uwg@1", "eu-ai-act@1", "eu-ccd2@1", "eu-eprivacy@1", "house@1"], result.Policies);
        Assert.Equal(["automatedLabel"], result.Obligations);
        Assert.All(result.Verdicts, verdict => Assert.Equal(VerdictKind.Allow, verdict.Kind));
    }

    [Theory]
    [InlineData("""{"flags":{"deceased":true}}""", "letter/service", "deceased")]
    [InlineData("""{"flags":{"moratorium":true}}""", "letter/service", "moratorium")]
    [InlineData("""{"flags":{"litigation":true}}""", "letter/service", "litigation")]
    [InlineData("""{"flags":{"ceaseRequest":true}}""", "letter/service", "cease-request")]
    [InlineData("""{"flags":{"breathingSpace":true}}""", "letter/arrears", "breathing-space")]
    [InlineData("""{"flags":{"hardship":true}}""", "email/marketing", "hardship")]
    [InlineData("""{"flags":{"objectsToMarketing":true}}""", "email/marketing", "objection")]
    [InlineData("""{"suppressions":{"court":{"channels":["email"],"until":"2026-11-26T00:00:00Z"}}}""", "email/service", "suppressed")]
    [InlineData("""{"email":null}""", "email/service", "unreachable")]
    [InlineData("""{"unreachable":{"email":"bounced"}}""", "email/service", "unreachable")]
    [InlineData("""{}""", "letter/profiling", "no-lawful-basis")]
    [InlineData("""{}""", "letter/collections", "forbearance-first")]
    public void What_refuses_is_named(string patch, string contact, string code)
    {
        var result = Judge(Standing(patch), contact, Policies, Noon);
        Assert.Equal((VerdictKind.Refuse, code), (result.Kind, result.Code));
    }

    [Fact]
    public void The_first_refusal_in_the_order_of_the_steps_is_the_answer_and_later_ones_are_kept()
    {
        var result = Judge(Standing("""{"flags":{"deceased":true,"litigation":true,"hardship":true},"email":null}"""), "email/marketing", Policies, Noon);
        Assert.Equal("deceased", result.Code);
        Assert.Equal(["deceased", "litigation", "house/hardship", "unreachable"],
            result.Verdicts.Where(verdict => verdict.Kind == VerdictKind.Refuse).Select(verdict => verdict.Rule));
    }

    [Fact]
    public void A_suppression_ends_at_its_instant() =>
        Assert.Equal(VerdictKind.Allow, Judge(Standing("""{"suppressions":{"court":{"until":"2026-11-25T11:00:00Z"}}}"""), "email/service", Policies, Noon).Kind);

    [Fact]
    public void Nothing_known_of_a_customer_permits_nothing_but_what_needs_no_permission()
    {
        var nobody = new CustomerStanding(Profile.Empty, [], ContactLedger.Empty);
        foreach (var channel in Consent.Channels)
        {
            foreach (var purpose in new[] { "marketing", "research", "collections" })
            {
                if ((channel, purpose) != ("app", "marketing"))
                    Assert.Equal(VerdictKind.Refuse, Judge(nobody, $"{channel}/{purpose}", Policies, Noon).Kind);
            }
        }

        // All packs apply: their country is not known.
        Assert.Equal(PolicySet.Defaults.Count, Judge(nobody, "app/service", Policies, Noon).Policies.Count);
    }

    [Fact]
    public void What_the_ledger_had_to_forget_is_not_taken_for_nothing()
    {
        var ledger = ContactLedger.Empty;
        for (var i = 0; i <= ContactLedger.Capacity; i++)
            ledger = ledger.With(new Contact($"m{i}", "letter", "service", Noon.AddDays(-5).AddSeconds(i), Contact.Sent));
        Assert.False(ledger.Knows("letter", Noon.AddDays(-7)));
        Assert.True(ledger.Knows("email", Noon.AddDays(-7)));
        var refused = Judge(Standing(ledger: ledger), "letter/service", Policies, Noon);
        Assert.Equal("overall", refused.Code);
    }

    [Fact]
    public void Looking_at_the_app_pushes_no_message_out_of_the_ledger()
    {
        var ledger = ContactLedger.Empty.With(new Contact("mail", "email", "marketing", Noon.AddDays(-6), Contact.Sent));
        for (var i = 0; i < ContactLedger.Capacity + 20; i++)
            ledger = ledger.With(new Contact($"a{i}", "app", "marketing", Noon.AddDays(-5).AddSeconds(i), "impression"));
        Assert.NotNull(ledger.Find("mail"));
        Assert.True(ledger.Knows("email", Noon.AddDays(-300)));
    }

    /// <summary>Against a clock that is asked minute by minute: through every change of the clocks, over midnight, in several zones at once.</summary>
    [Fact]
    public void The_first_allowed_instant_is_the_first_minute_that_is_quiet_nowhere()
    {
        string[] zones = ["Europe/Berlin", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Apia"];
        var changes = new[] { "2026-03-29T00:00:00Z", "2026-10-25T00:00:00Z", "2026-03-08T06:00:00Z", "2026-11-01T05:00:00Z", "2026-04-04T14:00:00Z", "2026-02-15T02:00:00Z" };
        var inputs = from change in Gen.Elements(changes)
                     from shift in Gen.Choose(-1500, 1500)
                     from one in Gen.Elements(zones)
                     from other in Gen.Elements(zones)
                     from start in Gen.Choose(0, 95)
                     from length in Gen.Choose(1, 50)
                     select (change, shift, one, other, start, length);
        Prop.ForAll(inputs.ToArbitrary(), input =>
        {
            var from = NodaTime.Instant.FromDateTimeOffset(DateTimeOffset.Parse(input.change, System.Globalization.CultureInfo.InvariantCulture)).Plus(Duration.FromMinutes(input.shift));
            var (start, end) = (LocalTime.Midnight.PlusMinutes(input.start * 15), LocalTime.Midnight.PlusMinutes((input.start + input.length) * 15));
            QuietTimes[] rules = [QuietTimes.Between(start, end)];
            DateTimeZone[] places = [DateTimeZoneProviders.Tzdb[input.one], DateTimeZoneProviders.Tzdb[input.other]];
            var expected = from;
            var tries = 0;
            while (tries++ < 15_000 && places.Any(zone => IsQuiet(expected.InZone(zone).TimeOfDay, start, end)))
                expected = expected.Plus(Duration.FromMinutes(1));
            var found = QuietTimes.FirstAllowed(from, rules, places);
            return tries > 14_400 ? found is null : found == expected;
        }).QuickCheckThrowOnFailure();
    }

    internal static CustomerStanding Standing(string patch = "{}", ContactLedger? ledger = null)
    {
        var profile = new Profile(1, (JsonObject)JsonNode.Parse("""
            {"country":"DE","timeZone":"Europe/Berlin","email":"a@b.example","phone":"+49301234567","address":{"city":"Berlin"}}
            """)!).Merge((JsonObject)JsonNode.Parse(patch)!);
        return new(profile, [new Consent("marketing", "email", ConsentStatus.Granted, Noon, null)], ledger ?? ContactLedger.Empty);
    }

    internal static GateResult Judge(CustomerStanding standing, string contact, PolicySet policies, DateTimeOffset now) =>
        contact.Split('/') is [var channel, var purpose]
            ? ContactGate.Judge(standing, new ContactRequest("m-1", channel, purpose), policies, now)
            : throw new ArgumentException(contact, nameof(contact));

    private static bool IsQuiet(LocalTime time, LocalTime from, LocalTime to) =>
        from <= to ? time >= from && time < to : time >= from || time < to;
}
