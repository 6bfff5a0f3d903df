using System.Text.Json.Nodes;
using NodaTime;
using ServerlessCLM.Conditions;
using ServerlessCLM.Customers;
using ServerlessCLM.Journeys;

namespace ServerlessCLM.Tests.Journeys;

/// <summary>The pure parts around the interpreter: entries, plans, channels, local times, schedules.</summary>
public class EntryRulesTests
{
    private static readonly DateTimeOffset Now = new(2027, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static JourneyDocument Journey(string entry, string? lane = null, int priority = 50, string id = "sample")
    {
        var journey = SampleJourney.Of([]);
        (journey["id"], journey["entry"], journey["priority"]) = (id, JsonNode.Parse(entry), priority);
        if (lane is not null)
            journey["lane"] = lane;
        return JourneyJson.Read(journey);
    }

    private static JourneyBook Book(params (string Journey, DateTimeOffset Entered, bool Running)[] entries) => entries.Aggregate(JourneyBook.Empty, (book, each) =>
        book.With(new JourneyEntryRecord($"{each.Journey}-{each.Entered:O}", each.Journey, 1, each.Journey, "cause", each.Entered) { Ended = each.Running ? null : each.Entered.AddDays(1) }));

    [Theory]
    [InlineData("""{ "call": true }""", false, 400, EntryRefusal.Reentry)]
    [InlineData("""{ "call": true, "reentry": "always" }""", false, 2, EntryRefusal.None)]
    [InlineData("""{ "call": true, "reentry": "always" }""", true, 2, EntryRefusal.Concurrent)]
    [InlineData("""{ "call": true, "reentry": "always", "concurrent": 2 }""", true, 2, EntryRefusal.None)]
    [InlineData("""{ "call": true, "concurrent": 2 }""", true, 2, EntryRefusal.None)]
    [InlineData("""{ "call": true, "reentry": "P30D" }""", false, 29, EntryRefusal.Reentry)]
    [InlineData("""{ "call": true, "reentry": "P30D" }""", false, 30, EntryRefusal.None)]
    [InlineData("""{ "call": true, "reentry": "always", "most": 10 }""", false, 2, EntryRefusal.Full)]
    public void Who_was_in_it_enters_again_as_the_entry_says(string entry, bool isRunning, int daysAgo, EntryRefusal expected) =>
        Assert.Equal(expected, EntryRules.Judge(Journey(entry), Book(("sample", Now.AddDays(-daysAgo), isRunning)), _ => null, running: 10, Now).Refusal);

    [Theory]
    [InlineData("a", 50, "a", 40, EntryRefusal.None, true)]
    [InlineData("a", 50, "a", 50, EntryRefusal.Outranked, false)]
    [InlineData("a", 50, "b", 90, EntryRefusal.None, false)]
    [InlineData("*", 90, "b", 50, EntryRefusal.None, true)]
    [InlineData("b", 50, "*", 90, EntryRefusal.Outranked, false)]
    [InlineData(null, 50, "*", 90, EntryRefusal.Outranked, false)]
    [InlineData(null, 90, "a", 10, EntryRefusal.None, false)]
    public void Of_journeys_that_compete_the_one_with_the_priority_runs(string? lane, int priority, string otherLane, int otherPriority, EntryRefusal expected, bool ends)
    {
        var other = Journey("""{ "call": true }""", otherLane, otherPriority, "other");
        var verdict = EntryRules.Judge(Journey("""{ "call": true }""", lane, priority), Book(("other", Now.AddDays(-1), true)), _ => other, 0, Now);
        Assert.Equal((expected, ends ? 1 : 0), (verdict.Refusal, verdict.Ends.Count));
    }

    [Fact]
    public void Instalments_add_up_and_their_dates_keep_to_the_start()
    {
        var terms = new PlanTerms(100, 3, "P1M", new DateTimeOffset(2027, 1, 31, 9, 0, 0, TimeSpan.Zero), TimeSpan.FromDays(3));
        Assert.Equal([33.33m, 66.66m, 100m], Enumerable.Range(1, 3).Select(terms.DueBy));
        Assert.Equal(["02-28", "03-31", "04-30"], Enumerable.Range(1, 3).Select(each => $"{terms.DateOf(each):MM-dd}"));
        var progress = new PlanProgress(terms).With(40).Past();
        Assert.Equal((40m, 2), (progress!.Paid, progress.Next));
        Assert.Null(progress.Past());
        Assert.True(progress.With(60).IsKept);
    }

    [Fact]
    public void Local_times_are_those_of_the_customer_also_when_the_clocks_change()
    {
        var nine = new LocalTime(9, 0);
        Assert.Equal(new DateTimeOffset(2027, 3, 2, 8, 0, 0, TimeSpan.Zero), LocalTimes.Next(Now, nine, null, "Europe/Berlin"));
        Assert.Equal(new DateTimeOffset(2027, 3, 29, 7, 0, 0, TimeSpan.Zero), LocalTimes.Next(new DateTimeOffset(2027, 3, 28, 20, 0, 0, TimeSpan.Zero), nine, null, "Europe/Berlin"));
        Assert.Equal(new DateTimeOffset(2027, 3, 28, 1, 30, 0, TimeSpan.Zero), LocalTimes.Next(new DateTimeOffset(2027, 3, 27, 20, 0, 0, TimeSpan.Zero), new LocalTime(2, 30), null, "Europe/Berlin"));
        Assert.Equal(new DateTimeOffset(2027, 3, 7, 9, 0, 0, TimeSpan.Zero), LocalTimes.Next(Now, nine, [IsoDayOfWeek.Sunday], null));
        Assert.Equal(new DateTimeOffset(2027, 5, 31, 22, 0, 0, TimeSpan.Zero), LocalTimes.Of(Value.Of("2027-06-01"), "Europe/Berlin"));
        Assert.Null(LocalTimes.Of(Value.Of("soon"), null));
        Assert.Null(LocalTimes.Of(Value.Of(3.0), null));
    }

    [Fact]
    public void A_schedule_is_due_at_its_time_on_its_days_and_for_a_day()
    {
        var mondays = new JourneySchedule(new TimeOnly(6, 0)) { Days = [DayOfWeek.Monday] };
        Assert.Equal(new DateTimeOffset(2027, 3, 1, 6, 0, 0, TimeSpan.Zero), JourneySchedules.Latest(mondays, Now));
        Assert.Equal(new DateTimeOffset(2027, 3, 1, 6, 0, 0, TimeSpan.Zero), JourneySchedules.Latest(mondays, Now.AddHours(17)));
        Assert.Null(JourneySchedules.Latest(mondays, Now.AddHours(19)));
        Assert.Null(JourneySchedules.Latest(mondays, new DateTimeOffset(2027, 3, 1, 5, 59, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void The_best_channel_is_the_one_that_is_answered()
    {
        var ledger = ContactLedger.Empty;
        for (var day = 0; day < 10; day++)
        {
            ledger = ledger.With(new Contact($"e{day}", "email", "service", Now.AddDays(-day), day < 4 ? "click" : Contact.Sent))
                .With(new Contact($"s{day}", "sms", "service", Now.AddDays(-day), Contact.Sent));
        }

        Assert.Equal(["email", "app", "push", "call", "letter", "sms"], ChannelChoice.Order([ContactNode.Best], null, ledger));
        Assert.Equal(["app", "sms"], ChannelChoice.Order([ContactNode.Best], new HashSet<string> { "sms", "app" }, ledger));
        Assert.Equal(["sms", "email"], ChannelChoice.Order(["sms", "push", "email"], new HashSet<string> { "sms", "email" }, ledger));
    }
}
