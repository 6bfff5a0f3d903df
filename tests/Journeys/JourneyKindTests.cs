using System.Text.Json.Nodes;
using ServerlessCLM.Documents;
using ServerlessCLM.Journeys;

namespace ServerlessCLM.Tests.Journeys;

public class JourneyKindTests
{
    private static readonly JourneyKind Kind = SampleJourney.Kind();

    [Fact]
    public void The_journey_of_the_documentation_has_no_findings_and_reads_as_it_is_written()
    {
        Assert.Empty(Kind.Check(SampleJourney.Example()));
        var journey = JourneyJson.Read(SampleJourney.Example());
        Assert.Equal(TimeSpan.FromDays(7), Assert.IsType<WaitNode>(journey.Nodes["patience"]).Wait.For);
        Assert.Equal(["best"], Assert.IsType<DecideNode>(journey.Nodes["offer"]).Channel);
        Assert.Equal((TimeSpan.FromDays(14), "25.00", "P365D"), (journey.Goal!.Within, journey.Goal.Value, journey.Entry.Reentry));
        Assert.Equal([new JourneyEdge("next", "watch"), new JourneyEdge("refused", "watch")], journey.Nodes["send"].Edges);
        Assert.Equal(["first_use"], Assert.IsType<WaitForNode>(journey.Nodes["watch"]).WaitFor.Signal);
    }

    [Fact]
    public void Every_node_of_the_documentation_is_valid_and_there_is_one_of_each_kind()
    {
        var kinds = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var nodes in SampleJourney.DocumentedNodes())
        {
            var journey = SampleJourney.Of(nodes);
            Assert.DoesNotContain(Kind.Check(journey), finding => !finding.IsWarning);
            kinds.UnionWith(JourneyJson.Read(journey).Nodes.Values.Select(node => node.Kind));
        }

        Assert.Equal(
            ["branch", "decide", "end", "exit", "goal", "journey", "loop", "message", "offer", "paymentPlan", "split", "task", "wait", "waitFor", "webhook"], kinds);
    }

    [Fact]
    public void Waits_are_read_in_all_their_forms()
    {
        static WaitRule Wait(string json) => Assert.IsType<WaitNode>(JourneyJson.Read(SampleJourney.Of(new JsonObject
        {
            ["first"] = new JsonObject { ["wait"] = JsonNode.Parse(json), ["next"] = "after" },
        })).Nodes["first"]).Wait;

        Assert.Equal(TimeSpan.FromHours(36.5), Wait("\"P1DT12H30M\"").For);
        Assert.Equal(TimeSpan.FromDays(14), Wait("\"P2W\"").For);
        var time = Wait("""{ "time": "09:30", "days": ["sunday"] }""");
        Assert.Equal(new NodaTime.LocalTime(9, 30), time.Time);
        Assert.Equal([NodaTime.IsoDayOfWeek.Sunday], time.Days!);
        Assert.Equal(("profile.birthDate", TimeSpan.FromDays(-30)), (Wait("""{ "date": "profile.birthDate", "offset": "-P30D" }""") is var date ? date.Date : null, date.Offset));
        Assert.Equal(DateTimeOffset.Parse("2100-01-01T00:00:00Z", null), Wait("""{ "at": "2100-01-01T00:00:00Z" }""").At);
    }

    [Fact]
    public void Entries_are_read_in_all_their_forms()
    {
        static JourneyEntry Entry(string json)
        {
            var journey = SampleJourney.Example();
            journey["entry"] = JsonNode.Parse(json);
            Assert.Empty(Kind.Check(journey));
            return JourneyJson.Read(journey).Entry;
        }

        Assert.Equal(["a", "b"], Entry("""{ "signal": ["a", "b"] }""").Signal);
        Assert.Equal((JourneyEntry.Never, 1, null), Entry("""{ "signal": "a" }""") is var plain ? (plain.Reentry, plain.Concurrent, plain.Most) : default);
        Assert.True(Entry("""{ "call": true, "reentry": "always" }""").Call);
        Assert.Equal("flags.staff", Entry("""{ "segment": "flags.staff", "reentry": "P90D", "most": 1000 }""").Segment);
        var schedule = Entry("""{ "schedule": { "time": "06:30", "days": ["monday"], "dates": [1, 15] }, "when": "flags.staff" }""").Schedule!;
        Assert.Equal(new TimeOnly(6, 30), schedule.Time);
        Assert.True(schedule.IsOn(new DateOnly(2026, 6, 15)));
        Assert.False(schedule.IsOn(new DateOnly(2026, 6, 16)));
        Assert.False(schedule.IsOn(new DateOnly(2026, 7, 15)));
    }

    [Theory]
    [InlineData("nodes.done", """{ "message": "x", "next": "nowhere", "refused": "done" }""", "$.nodes.done.next", "there is no node nowhere")]
    [InlineData("start", "\"patence\"", "$.start", "the nearest name is patience")]
    [InlineData("nodes.lonely", """{ "end": "completed" }""", "$.nodes.lonely", "is never reached")]
    [InlineData("nodes.done", """{ "wait": "P1D", "next": "done" }""", "$.nodes", "must have an end")]
    [InlineData("nodes.remind", """{ "wait": "P1D", "next": "watch" }""", "$.nodes.remind.next", "goes round without end: watch → remind → watch")]
    [InlineData("nodes.remind", """{ "loop": "watch", "next": "done" }""", "$.nodes.remind.times", "is required")]
    [InlineData("nodes.remind", """{ "loop": "watch", "times": 0, "next": "done" }""", "$.nodes.remind.times", "must be 1 at least")]
    [InlineData("nodes.watch", """{ "waitFor": { "signal": "first_use" }, "next": "done", "late": "remind" }""", "$.nodes.watch.timeout", "is required")]
    [InlineData("nodes.watch", """{ "waitFor": { "signal": "first_use" }, "timeout": "P7D", "next": "remind" }""", "$.nodes.watch.late", "is required")]
    [InlineData("nodes.watch", """{ "waitFor": { "signal": "first_use" }, "timeout": "P", "next": "remind", "late": "remind" }""", "$.nodes.watch.timeout", "must be a duration")]
    [InlineData("nodes.watch", """{ "waitFor": { "outcome": "click", "of": "patience" }, "timeout": "P7D", "next": "remind", "late": "remind" }""", "$.nodes.watch.waitFor.of", "must be a node with a message")]
    [InlineData("nodes.watch", """{ "waitFor": { "outcome": "clik" }, "timeout": "P7D", "next": "remind", "late": "remind" }""", "$.nodes.watch.waitFor.outcome", "the nearest name is click")]
    [InlineData("nodes.watch", """{ "waitFor": { "signal": "x", "when": "event.amount > signl.amount" }, "timeout": "P7D", "next": "remind", "late": "remind" }""", "$.nodes.watch.waitFor.when", "signl.amount is not known")]
    [InlineData("nodes.patience", """{ "wait": "-P7D", "next": "arm" }""", "$.nodes.patience.wait", "must be a duration above zero")]
    [InlineData("nodes.patience", """{ "wait": "PT", "next": "arm" }""", "$.nodes.patience.wait", "must be a duration above zero")]
    [InlineData("nodes.patience", """{ "wait": { "at": "2020-01-01T00:00:00Z" }, "next": "arm" }""", "$.nodes.patience.wait.at", "lies in the past")]
    [InlineData("nodes.patience", """{ "wait": { "time": "25:00" }, "next": "arm" }""", "$.nodes.patience.wait.time", "must be a time of day")]
    [InlineData("nodes.patience", """{ "wait": { "date": "profile.birthdate" }, "next": "arm" }""", "$.nodes.patience.wait.date", "the nearest name is profile.birthDate")]
    [InlineData("nodes.patience", """{ "pause": "P7D", "next": "arm" }""", "$.nodes.patience", "must have one of")]
    [InlineData("nodes.send", """{ "message": "first-purchase", "channel": "fax", "next": "watch", "refused": "watch" }""", "$.nodes.send.channel", "must be one of best, app")]
    [InlineData("nodes.send", """{ "message": "first-purchase", "channel": ["email", "email"], "next": "watch", "refused": "watch" }""", "$.nodes.send.channel", "email is there twice")]
    [InlineData("nodes.send", """{ "message": "first-purchase", "next": "watch" }""", "$.nodes.send.refused", "is required")]
    [InlineData("nodes.send", """{ "message": "first-purchase", "nxt": "watch", "next": "watch", "refused": "watch" }""", "$.nodes.send.nxt", "the nearest name is next")]
    [InlineData("nodes.send", """{ "message": "first-purchase", "facts": { "sum": "features.blance" }, "next": "watch", "refused": "watch" }""", "$.nodes.send.facts.sum", "the nearest name is features.balance")]
    [InlineData("nodes.send", """{ "branch": [{ "when": "features.balance > 5.0 && features.balance < 3.0", "next": "watch" }], "else": "watch" }""", "$.nodes.send.branch[0].when", "is never true")]
    [InlineData("nodes.send", """{ "goal": "won", "value": "-3.00" }""", "$.nodes.send.value", "must be a number that is not negative")]
    [InlineData("nodes.send", """{ "journey": "card-first-purchase", "timeout": "P7D", "next": "watch", "late": "watch" }""", "$.nodes.send.journey", "must be another journey")]
    [InlineData("entry", """{ "when": "flags.staff" }""", "$.entry", "must have one of signal, schedule, segment, call")]
    [InlineData("entry", """{ "signal": "x", "when": "event.amount > 3.0" }""", "$.entry.when", "event is not known at the entry")]
    [InlineData("entry", """{ "segment": "flags.staff", "reentry": "always" }""", "$.entry.reentry", "must be never or a duration")]
    [InlineData("entry", """{ "signal": "first_use" }""", "$.goal.signal", "first_use starts the journey")]
    [InlineData("exit", "\"flags.hardshp\"", "$.exit", "the nearest name is flags.hardship")]
    [InlineData("exitOn", "\"first_use\"", "$.exitOn", "first_use is the goal")]
    [InlineData("goal", """{ "signal": "first_use", "within": "P0D" }""", "$.goal.within", "must be")]
    [InlineData("purpose", "\"profit\"", "$.purpose", "must be one of")]
    [InlineData("priority", "101", "$.priority", "must be 100 at the most")]
    public void A_mistake_is_found_at_its_path(string at, string json, string path, string reason)
    {
        var journey = SampleJourney.Example();
        if (at.StartsWith("nodes.", StringComparison.Ordinal))
            journey["nodes"]![at["nodes.".Length..]] = JsonNode.Parse(json);
        else
            journey[at] = JsonNode.Parse(json);
        var findings = Kind.Check(journey);
        Assert.Contains(findings, finding => !finding.IsWarning && finding.Path == path && finding.Reason.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_loop_that_leads_back_into_itself_by_its_way_on_is_found()
    {
        var journey = SampleJourney.Of(new JsonObject
        {
            ["again"] = new JsonObject { ["loop"] = "rest", ["times"] = 3, ["next"] = "more" },
            ["rest"] = new JsonObject { ["wait"] = "P1D", ["next"] = "again" },
            ["more"] = new JsonObject { ["branch"] = new JsonArray(new JsonObject { ["when"] = "flags.staff", ["next"] = "again" }), ["else"] = "after" },
        });
        var finding = Assert.Single(Kind.Check(journey), finding => !finding.IsWarning);
        Assert.Contains("again → more → again", finding.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Loops_within_loops_are_sound()
    {
        var journey = SampleJourney.Of(new JsonObject
        {
            ["outer"] = new JsonObject { ["loop"] = "inner", ["times"] = 3, ["next"] = "after" },
            ["inner"] = new JsonObject { ["loop"] = "rest", ["times"] = 2, ["next"] = "outer" },
            ["rest"] = new JsonObject { ["wait"] = "P1D", ["next"] = "inner" },
        });
        Assert.DoesNotContain(Kind.Check(journey), finding => !finding.IsWarning);
    }

    [Theory]
    [InlineData("nodes.send", """{ "message": "first-purchas", "next": "watch", "refused": "watch" }""", "$.nodes.send.message", "there is no template first-purchas; the nearest name is first-purchase")]
    [InlineData("nodes.offer", """{ "decide": ["first-purchase-cashbak"], "next": "send", "none": "watch" }""", "$.nodes.offer.decide[0]", "there is no action")]
    [InlineData("nodes.arm", """{ "split": "first-purchase-ofer", "arms": { "a": "watch", "b": "offer" } }""", "$.nodes.arm.split", "there is no experiment")]
    [InlineData("nodes.arm", """{ "split": "first-purchase-offer", "arms": { "control": "watch", "bonus": "offer" } }""", "$.nodes.arm.arms.bonus", "is no arm of first-purchase-offer, which has control, cashback")]
    [InlineData("nodes.remind", """{ "webhook": "cor", "next": "done", "failed": "done" }""", "$.nodes.remind.webhook", "there is no webhook in the settings cor; the nearest name is core")]
    [InlineData("nodes.remind", """{ "journey": "welcom", "timeout": "P7D", "next": "done", "late": "done" }""", "$.nodes.remind.journey", "there is no journey welcom; the nearest name is welcome")]
    [InlineData("nodes.remind", """{ "journey": "returning", "timeout": "P7D", "next": "done", "late": "done" }""", "$.nodes.remind.journey", "they would go round without end")]
    public async Task A_name_that_no_document_has_is_found(string at, string json, string path, string reason)
    {
        var journey = SampleJourney.Example();
        Assert.Empty(await SampleJourney.Kind(SampleJourney.Names).CheckAsync(journey, TestContext.Current.CancellationToken));
        journey["nodes"]![at["nodes.".Length..]] = JsonNode.Parse(json);
        var findings = await SampleJourney.Kind(SampleJourney.Names).CheckAsync(journey, TestContext.Current.CancellationToken);
        Assert.Contains(findings, finding => finding.Path == path && finding.Reason.Contains(reason, StringComparison.Ordinal));
    }
}
