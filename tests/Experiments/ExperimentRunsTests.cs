using System.Text;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Documents;
using ServerlessCLM.Emulator;
using ServerlessCLM.Experiments;
using ServerlessCLM.Tests.Emulator;

namespace ServerlessCLM.Tests.Experiments;

public sealed class ExperimentRunsTests
{
    private const string Members = """{"metric":{"outcome":"convert","window":"P2D"},"guardrails":[{"metric":"complaint","worse":0.2,"window":"P2D"}],"decide":{"method":"confidence-sequence","alpha":0.05,"units":1000}}""";

    [Fact]
    public async Task An_experiment_runs_from_its_approval_to_its_rollout()
    {
        await using var product = await Product.StartAsync();
        var document = ExperimentOf.Node(Members).ToJsonString();
        var (author, approver) = (("x-ms-client-principal-name", "ada"), ("x-ms-client-principal-name", "bob"));
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Get, "api/experiments/offer")).Status);
        Assert.Equal(200, (await product.SendAsync(HttpMethod.Get, "api/schemas/experiment.json")).Status);
        var saved = await product.SendAsync(HttpMethod.Put, "api/documents/experiments/offer", document, author);
        Assert.True(saved.Status is 200 or 201, saved.Body!.ToJsonString());
        await ApproveAsync(product, "offer");
        product.Clock.Advance(TimeSpan.FromMinutes(1));

        var (_, exposed) = await product.SendAsync(HttpMethod.Post, "api/experiments/offer/exposures", """{"customerId":"C-1"}""");
        Assert.True((bool)exposed!["counted"]!);
        var (_, again) = await product.SendAsync(HttpMethod.Post, "api/experiments/offer/exposures", """{"customerId":"C-1"}""");
        Assert.Equal(exposed.ToJsonString(), again!.ToJsonString());
        Assert.Equal(400, (await product.SendAsync(HttpMethod.Post, "api/experiments/offer/exposures", "{}")).Status);

        var outcome = $$"""{"specversion":"1.0","id":"o-1","source":"/test","type":"clm.outcome.v1","subject":"C-1","time":"{{Instant.Text(product.Clock.GetUtcNow())}}","data":{"outcome":"convert"} }""";
        await product.SendAsync(HttpMethod.Post, "api/events", outcome);
        await product.SendAsync(HttpMethod.Post, "api/events", outcome.Replace("o-1", "o-2", StringComparison.Ordinal));
        var hubs = product.Get<EventHubsNamespace>();
        await hubs.WaitUntilDrainedAsync(EventStreams.EventsHub, "experiments");
        await hubs.WaitUntilDrainedAsync(EventStreams.SignalsHub, "experiments");
        var (_, early) = await product.SendAsync(HttpMethod.Get, "api/experiments/offer");
        Assert.Equal(1, early!["arms"]!.AsArray().Sum(arm => (int)arm!["exposed"]!));
        Assert.Equal(0, early["arms"]!.AsArray().Sum(arm => (int)arm!["metrics"]![0]!["units"]!));

        product.Clock.Advance(TimeSpan.FromDays(4));
        var (_, later) = await product.SendAsync(HttpMethod.Get, "api/experiments/offer");
        var arm = later!["arms"]!.AsArray().Single(each => (int)each!["metrics"]![0]!["units"]! == 1);
        Assert.Equal((string)exposed["arm"]!, (string)arm!["arm"]!);
        Assert.Equal(1.0, (double)arm["metrics"]![0]!["mean"]!);
        Assert.Equal("Running", (string)later["status"]!);
        await product.Get<ExperimentRuns>().EvaluateAsync(CancellationToken.None);
        var course = (await product.SendAsync(HttpMethod.Get, "api/experiments/offer")).Body!["course"]!.AsArray();
        Assert.Equal((1, "Running"), (course[^1]!["arms"]!.AsArray().Sum(each => (int)each!["exposed"]!), (string)course[^1]!["status"]!));
        Assert.Equal(1, (double)course[^1]!["sampleRatioP"]!, 9);
    }

    [Fact]
    public async Task A_reply_that_asks_to_hear_no_more_counts_as_an_opt_out()
    {
        await using var product = await Product.StartAsync();
        await ApproveAsync(product, "offer", ExperimentOf.Node(Members.Replace("complaint", "opt_out", StringComparison.Ordinal)));
        product.Clock.Advance(TimeSpan.FromMinutes(1));
        await product.SendAsync(HttpMethod.Post, "api/experiments/offer/exposures", """{"customerId":"C-1"}""");
        var time = Instant.Text(product.Clock.GetUtcNow());
        foreach (var (id, text) in new[] { ("o-1", "thank you, that was kind"), ("o-2", "please unsubscribe") })
        {
            await product.SendAsync(HttpMethod.Post, "api/events",
                $$$"""{"specversion":"1.0","id":"{{{id}}}","source":"/test","type":"clm.outcome.v1","subject":"C-1","time":"{{{time}}}","data":{"outcome":"reply","channel":"email","text":"{{{text}}}"}}""");
            var hubs = product.Get<EventHubsNamespace>();
            await hubs.WaitUntilDrainedAsync(EventStreams.EventsHub, "experiments");
            await hubs.WaitUntilDrainedAsync(EventStreams.SignalsHub, "experiments");
        }

        product.Clock.Advance(TimeSpan.FromDays(4));
        var (_, later) = await product.SendAsync(HttpMethod.Get, "api/experiments/offer");
        var arm = later!["arms"]!.AsArray().Single(each => (int)each!["exposed"]! == 1);
        Assert.Equal([0.0, 1.0], arm!["metrics"]!.AsArray().Select(metric => (double)metric!["mean"]!));
    }

    [Fact]
    public async Task What_won_is_rolled_out_to_everybody_but_the_held_out()
    {
        await using var product = await Product.PartsAsync(null, "--Clm:Holdout:Share=0.1", "--Clm:Holdout:Salt=2027");
        var experiment = ExperimentOf.Json(Members);
        await ApproveAsync(product, "offer", ExperimentOf.Node(Members));
        product.Clock.Advance(TimeSpan.FromMinutes(1));
        var measures = new List<MeasureEvent>();
        for (var i = 0; i < 800; i++)
        {
            var treated = i % 2 == 1;
            var y = i % (treated ? 4 : 20) == 1 ? 1 : 0;
            measures.Add(MeasureOf($"m{i}", $"C-{i}", treated ? "cashback" : "control", product.Clock.GetUtcNow(), ArmTotals.Of(y)));
        }

        await product.Get<ExperimentTotals>().AddAsync(measures, CancellationToken.None);
        var runs = product.Get<ExperimentRuns>();
        Assert.Empty(await runs.EvaluateAsync(CancellationToken.None));
        product.Clock.Advance(TimeSpan.FromDays(4));
        var (_, result) = Assert.Single(await runs.EvaluateAsync(CancellationToken.None));
        Assert.Equal((ExperimentStatus.Won, "cashback"), (result.Status, result.Winner));
        Assert.Empty(await runs.EvaluateAsync(CancellationToken.None));

        var holdout = product.Get<UniversalHoldout>();
        foreach (var customer in Enumerable.Range(0, 40).Select(i => $"N-{i}"))
        {
            var (arm, _, counted) = (await runs.ExposeAsync("offer", CustomerId.Parse(customer), CancellationToken.None))!.Value;
            Assert.Equal((holdout.Holds(customer) ? "control" : "cashback", false), (arm, counted));
        }

        Assert.False(await product.Get<LiveExperiments>().KeepAsync(experiment, ExperimentState.New, CancellationToken.None));
    }

    [Fact]
    public async Task The_course_is_what_the_first_evaluation_of_each_day_found()
    {
        await using var product = await Product.PartsAsync();
        var experiment = ExperimentOf.Json(Members);
        await ApproveAsync(product, "offer", ExperimentOf.Node(Members));
        product.Clock.Advance(TimeSpan.FromMinutes(1));
        var (runs, totals, course) = (product.Get<ExperimentRuns>(), product.Get<ExperimentTotals>(), product.Get<ExperimentCourse>());
        await runs.EvaluateAsync(CancellationToken.None);
        Assert.Empty(await course.ReadAsync(experiment, CancellationToken.None));

        var found = new List<CoursePoint>();
        for (var day = 0; found.Count == 0 || found[^1].Status == ExperimentStatus.Running; day++)
        {
            await ExposeAsync(day, 0, 120);
            found.Add(await LookAsync());
            await runs.EvaluateAsync(CancellationToken.None);
            await ExposeAsync(day, 120, 160);
            product.Clock.Advance(TimeSpan.FromHours(1));
            await runs.EvaluateAsync(CancellationToken.None);
            product.Clock.Advance(TimeSpan.FromHours(23));
        }

        Assert.Equal(ExperimentStatus.Won, found[^1].Status);
        Assert.Contains(found, point => point.Effects[0] is { Difference: null, Low: null });
        Assert.Contains(found, point => point is { Status: ExperimentStatus.Running, Effects: [{ Low: < 0 }] });
        await runs.EvaluateAsync(CancellationToken.None);
        Assert.Equivalent(found, await course.ReadAsync(experiment, CancellationToken.None), strict: true);
        Assert.Equivalent(found, (await runs.DescribeAsync("offer", CancellationToken.None))!.Value.Course, strict: true);

        Task ExposeAsync(int day, int from, int to) => totals.AddAsync(Enumerable.Range(from, to - from).Select(i => MeasureOf(
            $"m{day}-{i}", $"C-{day}-{i}", i % 2 == 1 ? "cashback" : "control", product.Clock.GetUtcNow(), ArmTotals.Of(i / 2 % 20 < (i % 2 == 1 ? 11 : 8) ? 1 : 0))), CancellationToken.None);

        async Task<CoursePoint> LookAsync()
        {
            var now = product.Clock.GetUtcNow();
            var arms = await totals.ReadAsync(experiment, now, CancellationToken.None);
            return CoursePoint.Of(now, arms, ExperimentEvaluation.Evaluate(experiment, arms, []));
        }
    }

    [Fact]
    public async Task The_course_keeps_the_last_year_of_a_version_and_a_verdict_takes_the_place_of_its_day()
    {
        await using var product = await Product.PartsAsync();
        var (course, experiment) = (product.Get<ExperimentCourse>(), ExperimentOf.Json(Members));
        foreach (var day in Enumerable.Range(0, ExperimentCourse.MostDays + 2))
            await course.KeepAsync(experiment, new CoursePoint(Product.Now.AddDays(day), ExperimentStatus.Running, [], [], 1), decides: false, CancellationToken.None);
        var kept = await course.ReadAsync(experiment, CancellationToken.None);
        Assert.Equal((ExperimentCourse.MostDays, Product.Now.AddDays(2), Product.Now.AddDays(ExperimentCourse.MostDays + 1)), (kept.Count, kept[0].At, kept[^1].At));
        Assert.Empty(await course.ReadAsync(experiment with { Version = 2 }, CancellationToken.None));

        var verdict = kept[^1] with { At = kept[^1].At.AddHours(2), Status = ExperimentStatus.Won };
        await course.KeepAsync(experiment, verdict with { Status = ExperimentStatus.Running }, decides: false, CancellationToken.None);
        Assert.Equal(kept[^1].At, (await course.ReadAsync(experiment, CancellationToken.None))[^1].At);
        await course.KeepAsync(experiment, verdict, decides: true, CancellationToken.None);
        Assert.Equivalent(verdict, (await course.ReadAsync(experiment, CancellationToken.None))[^1], strict: true);
    }

    /// <summary>Measures delivered twice, in other batches, by two workers at once: every one counts once.</summary>
    [Fact]
    public async Task A_measure_counts_once_however_often_and_by_whom_it_is_brought()
    {
        await using var product = await Product.PartsAsync();
        var experiment = ExperimentOf.Json(Members);
        var measures = Enumerable.Range(0, 200).Select(i => MeasureOf($"m{i}", $"C-{i}", i % 3 == 0 ? "control" : "cashback", Product.Now, ArmTotals.Of(1))).ToList();
        await using var other = Product.Beside(product);
        await Task.WhenAll(
            product.Get<ExperimentTotals>().AddAsync(measures, CancellationToken.None),
            other.Get<ExperimentTotals>().AddAsync(measures.AsEnumerable().Reverse().Take(150), CancellationToken.None),
            product.Get<ExperimentTotals>().AddAsync(measures.Where((_, i) => i % 2 == 0), CancellationToken.None));
        await product.Get<ExperimentTotals>().AddAsync(measures, CancellationToken.None);

        var arms = await product.Get<ExperimentTotals>().ReadAsync(experiment, Product.Now.AddDays(10), CancellationToken.None);
        Assert.Equal([67, 133], arms.Select(arm => arm.Exposed));
        Assert.Equal([67.0, 133.0], arms.Select(arm => arm.Metrics[0].Sum));
        Assert.Equal(0, await product.Get<ExperimentTotals>().ForgetAsync(experiment, Product.Now, CancellationToken.None));
        Assert.Equal(200, await product.Get<ExperimentTotals>().ForgetAsync(experiment, Product.Now.AddDays(61), CancellationToken.None));
    }

    [Fact]
    public async Task An_amount_adds_up_within_its_window_and_an_event_told_twice_counts_once()
    {
        await using var product = await Product.PartsAsync();
        var experiment = ExperimentOf.Json("""{"traffic":1,"guardrails":[],"metric":{"outcome":"payment","value":"amount","window":"P2D"}}""");
        var live = new LiveExperiment(experiment, ExperimentState.New);
        var sent = new List<Measure>();
        async Task ApplyAsync(Action<CustomerSession> change)
        {
            var commit = await product.Get<CustomerStore>().UpdateAsync(CustomerId.Parse("C-1"), session =>
            {
                change(session);
                return true;
            }, CancellationToken.None, CustomerRows.Experiments);
            sent.AddRange((commit.Outbox?.Effects ?? []).Select(effect =>
                System.Text.Json.JsonSerializer.Deserialize(JsonNode.Parse(effect.Body)!["data"]!.ToJsonString(), ExperimentsJson.Default.Measure)!));
        }

        Happening Paid(double amount, double days, ulong id) => new(MetricSource.Outcome, "payment", Product.Now.AddDays(days), amount, id);
        await ApplyAsync(session => ExperimentUnits.Expose(session, live, UniversalHoldout.None, Product.Now));
        foreach (var (amount, days, id) in new[] { (10.0, 0.5, 1UL), (10.0, 0.5, 1UL), (5.0, 1.0, 2UL), (7.0, 3.0, 3UL), (9.0, -1.0, 4UL) })
            await ApplyAsync(session => ExperimentUnits.Measure(session, [live], Paid(amount, days, id)));

        Assert.Equal(3, sent.Count);
        var total = sent.SelectMany(measure => measure.Changes).Aggregate(default(ArmTotals), (sum, change) => sum + change.Totals);
        Assert.Equal(ArmTotals.Of(15), total);
    }

    [Theory]
    [InlineData("""{"arms":{"control":0.5,"b":0.4}}""", "$.arms")]
    [InlineData("""{"metric":{"outcome":"joy","window":"P1D"}}""", "$.metric.outcome")]
    [InlineData("""{"speed":1}""", "$.speed")]
    [InlineData("""{"covariate":"shoe_size"}""", "$.covariate")]
    public void A_document_that_is_wrong_is_not_taken(string members, string path) =>
        Assert.Contains(new ExperimentKind().Check(ExperimentOf.Node(members)), finding => finding.Path == path);

    [Fact]
    public void The_plain_document_is_as_its_schema_says() => Assert.Empty(new ExperimentKind().Check(ExperimentOf.Node("{}")));

    private static MeasureEvent MeasureOf(string id, string customer, string arm, DateTimeOffset at, ArmTotals totals) =>
        new(id, CustomerId.Parse(customer), new Measure("offer", 1, arm, at,
        [
            new MeasureChange("convert", totals.Units, totals.Sum, totals.Squares, 0, 0, 0),
            new MeasureChange("complaint", totals.Units, 0, 0, 0, 0, 0),
        ]));

    /// <summary>Submits and approves by two people; saves it first where it is given.</summary>
    private static async Task ApproveAsync(Product product, string id, JsonObject? content = null)
    {
        var (workflow, kind) = (product.Get<DocumentWorkflow>(), new ExperimentKind());
        if (content is not null)
        {
            await product.Get<DocumentStore>().CreateAsync(CancellationToken.None);
            await workflow.SaveAsync(kind, id, content, null, "ada", "test", CancellationToken.None);
        }

        await workflow.SubmitAsync(kind, id, 1, "ada", "test", CancellationToken.None);
        var digest = (await product.Get<DocumentStore>().FindAsync(kind.Name, id, CancellationToken.None))!.Versions[0].Digest;
        await workflow.DecideAsync(kind, id, 1, approve: true, digest, "bob", "test", CancellationToken.None);
    }
}
