using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Features;
using ServerlessCLM.Functions.Models;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;
using ServerlessCLM.Simulation;
using ServerlessCLM.Tests.Emulator;

namespace ServerlessCLM.Tests.Models;

/// <summary>A model's life after training, over the routes and timers, on a clock that the test moves.</summary>
public class ModelCareTests
{
    private const string Model = PredictionTasks.PreDelinquency;

    /// <summary>Lives that end where the tests' clock begins.</summary>
    private static readonly Lazy<IReadOnlyList<PortfolioRows.Life>> lives = new(() => PortfolioRows.Walk(
        new Portfolio(new PortfolioOptions(31, 260, new DateOnly(2025, 11, 20), new DateOnly(2026, 11, 20)) { IdPrefix = "care-", Turbulence = 8 }),
        null, CancellationToken.None));

    [Fact]
    public async Task A_promoted_bad_model_is_rolled_back_by_the_watch()
    {
        await using var product = await Product.PartsAsync();
        // It claims to be as good as the shipped one, and says the opposite.
        await product.Get<ModelRegistry>().ChallengeAsync(Reversed(2), product.Clock.GetUtcNow(), "Ada", CancellationToken.None);
        var care = product.Get<ModelCare>();
        var held = await Assert.ThrowsAsync<GatesFailedException>(() => care.PromoteAsync(Model, 2, "Ada", null, isOverride: false, CancellationToken.None));
        Assert.Contains(held.Results, gate => gate is { Name: "evidence", Passed: false });
        Assert.Equal(2, (await care.PromoteAsync(Model, 2, "Ada", "we cannot wait", isOverride: true, CancellationToken.None)).Champion);

        // A year in which it scores, with its predecessor beside it.
        product.Clock.Advance(TimeSpan.FromDays(365));
        await LiveThroughAsync(product, shift: 365);
        await new WatchModels(care, Microsoft.Extensions.Logging.Abstractions.NullLogger<WatchModels>.Instance)
            .RunAsync(new TimerInfo(), CancellationToken.None);

        var report = (await product.Get<ModelRegistry>().WatchAsync(Model, CancellationToken.None))!;
        Assert.Equal((2, product.Clock.GetUtcNow()), (report.Version, report.At));
        Assert.Equal(["score", .. ShippedModels.Find(Model)!.Reference!.Features.Select(feature => feature.Name)], report.Drift.Select(index => index.Name));
        Assert.Equal(report.Drift.Where(index => index.Drifted).Select(index => index.Name == "score" ? "score_drift" : $"feature_drift:{index.Name}"),
            report.Findings.Select(finding => finding.Key).Where(key => key.Contains("_drift", StringComparison.Ordinal)));
        Assert.Contains(report.Findings, finding => finding is { Key: "worse_than_before", FallsBack: true });

        var ledger = (await product.Get<ModelRegistry>().FindAsync(Model, CancellationToken.None))!.Value.Ledger;
        Assert.Equal((1, 2), (ledger.Champion, ledger.LiveAt(product.Clock.GetUtcNow().AddDays(-1))));
        Assert.Equal((LedgerAction.FellBack, "watch"), (ledger.Entries[^1].Action, ledger.Entries[^1].By));
        Assert.Equal(1, (await product.Get<LiveModels>().GetAsync(CancellationToken.None)).Find(Model)!.Document.Version);
        var alerts = product.Get<EventHubsNamespace>().ReadAll(EventStreams.AlertsHub)
            .Select(alert => JsonNode.Parse(alert.EventBody.ToMemory().Span)!).ToList();
        Assert.Contains(alerts, alert => (string)alert["type"]! == ModelCare.AlertType && (string)alert["subject"]! == Model
            && (string)alert["data"]!["finding"]! == "worse_than_before" && (bool)alert["data"]!["fellBack"]!);

        // The shipped model, in its place again, is not blamed for the other's trouble.
        product.Clock.Advance(TimeSpan.FromDays(1));
        await care.WatchAsync(CancellationToken.None);
        Assert.Equal(1, (await product.Get<ModelRegistry>().FindAsync(Model, CancellationToken.None))!.Value.Ledger.Champion);
        var later = product.Get<EventHubsNamespace>().ReadAll(EventStreams.AlertsHub).Count();
        await care.WatchAsync(CancellationToken.None);
        Assert.Equal(later, product.Get<EventHubsNamespace>().ReadAll(EventStreams.AlertsHub).Count());
    }

    [Fact]
    public async Task The_gates_let_an_equal_model_pass_and_hold_a_reversed_one_back()
    {
        await using var product = await Product.PartsAsync();
        await LiveThroughAsync(product, shift: 0);
        var care = product.Get<ModelCare>();
        foreach (var document in new[] { ShippedModels.Find(Model)! with { Version = 2 }, Reversed(3) })
            await product.Get<ModelRegistry>().ChallengeAsync(document, Product.Now, null, CancellationToken.None);

        var held = await Assert.ThrowsAsync<GatesFailedException>(() => care.PromoteAsync(Model, 3, null, null, false, CancellationToken.None));
        var failed = held.Results.Where(gate => !gate.Passed).Select(gate => gate.Name).ToList();
        Assert.Contains("auc", failed);
        Assert.Contains("out_of_time", failed);
        Assert.Contains("monotonicity", failed);

        var equal = ModelGates.Check(FeatureModel.Of(ShippedModels.Find(Model)!), FeatureModel.Of(ShippedModels.Find(Model)!), Rows());
        Assert.All(equal.Where(gate => gate.Name is "evidence" or "auc" or "monotonicity" or "out_of_time"), gate => Assert.True(gate.Passed, $"{gate}"));
    }

    [Fact]
    public void A_group_that_is_flagged_far_more_often_fails_its_gate()
    {
        var rows = Rows();
        var model = FeatureModel.Of(ShippedModels.Find(Model)!);
        var scores = ModelReport.Scores(model, rows.Matured);
        // The group is drawn by the score itself: as unfair as can be.
        var groups = rows.Matured.Select((row, place) => (row.Snapshot.Customer, Group: scores[place] >= model.Document.Alert!.Cut ? "b" : "a"))
            .GroupBy(member => member.Customer).ToDictionary(member => member.Key,
                member => (IReadOnlyDictionary<string, string>)new Dictionary<string, string> { ["sex"] = member.Max(each => each.Group)! });

        Assert.Contains(ModelGates.Check(model, null, rows with { Groups = groups }), gate => gate.Name == "adverse_impact:sex=b" && !gate.Passed);
        Assert.DoesNotContain(ModelGates.Check(model, null, rows), gate => gate.Name.StartsWith("adverse_impact", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Own_rows_train_a_challenger_and_erased_customers_teach_nothing()
    {
        await using var product = await Product.PartsAsync();
        await LiveThroughAsync(product, shift: 0);
        var before = await product.Get<OwnRows>().ReadAsync(int.MaxValue, CancellationToken.None);
        await product.Get<CustomerStore>().EraseAsync(before[0].Id, CancellationToken.None);
        var after = await product.Get<OwnRows>().ReadAsync(int.MaxValue, CancellationToken.None);
        Assert.Equal(before.Skip(1).Select(customer => customer.Id), after.Select(customer => customer.Id));

        // What was read back is what was walked: same vectors, same outcomes.
        var task = PredictionTasks.Find(Model)!;
        var life = lives.Value.Single(each => each.Customer.Id == after[5].Id.Value);
        Assert.Equal(life.Snapshots.Select(snapshot => task.Judge(life.Timeline, snapshot).Label), after[5].Predictions.Select(each => task.Judge(after[5].Timeline, each.Snapshot).Label));
        Assert.Equal(life.Snapshots.SelectMany(snapshot => snapshot.Vector), after[5].Predictions.SelectMany(each => each.Snapshot.Vector));

        Assert.Contains(Model, await product.Get<ModelCare>().RetrainAsync(CancellationToken.None));
        var ledger = (await product.Get<ModelRegistry>().FindAsync(Model, CancellationToken.None))!.Value.Ledger;
        Assert.Equal((1, 2), (ledger.Champion, Assert.Single(ledger.Challengers)));
        var challenger = (await product.Get<ModelRegistry>().DocumentAsync(Model, 2, CancellationToken.None))!;
        Assert.True(challenger.Metrics["auc"].Value > 0.6, $"{challenger.Metrics["auc"]}");
        Assert.DoesNotContain(Model, await product.Get<ModelCare>().RetrainAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Routes_promote_and_roll_back_and_say_what_is_wrong()
    {
        await using var product = await Product.StartAsync();
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Get, "/api/models/nothing")).Status);
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Get, $"/api/models/{Model}?version=9")).Status);
        Assert.Equal("at", (string)(await product.SendAsync(HttpMethod.Get, $"/api/models/{Model}/history?at=yesterday")).Body!["field"]!);
        var (watched, watch) = await product.SendAsync(HttpMethod.Get, $"/api/models/{Model}/watch");
        Assert.Equal((200, null), (watched, watch!["last"]));
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Get, "/api/models/nothing/watch")).Status);
        Assert.Equal(409, (await product.SendAsync(HttpMethod.Post, $"/api/models/{Model}/promotion", """{"version":7}""")).Status);
        Assert.Equal(409, (await product.SendAsync(HttpMethod.Post, $"/api/models/{Model}/rollback", "{}")).Status);
        var (status, problem) = await product.SendAsync(HttpMethod.Post, $"/api/models/{Model}/challengers", """{"format":9}""");
        Assert.Equal((400, "$.format"), (status, (string)problem!["field"]!));
        Assert.Equal("override", (string)(await product.SendAsync(HttpMethod.Post, $"/api/models/{Model}/promotion", """{"version":2,"override":true}""")).Body!["field"]!);

        Assert.Equal(201, (await product.SendAsync(HttpMethod.Post, $"/api/models/{Model}/challengers", Text(Reversed(2)))).Status);
        var (refused, reasons) = await product.SendAsync(HttpMethod.Post, $"/api/models/{Model}/promotion", """{"version":2}""");
        Assert.Equal(409, refused);
        Assert.Contains(reasons!["gates"]!.AsArray(), gate => (string)gate!["name"]! == "evidence" && !(bool)gate["passed"]!);
        var (promoted, ledger) = await product.SendAsync(HttpMethod.Post, $"/api/models/{Model}/promotion",
            """{"version":2,"override":true,"reason":"we cannot wait"}""", ("x-ms-client-principal-name", "Ada"));
        var (_, history) = await product.SendAsync(HttpMethod.Get, $"/api/models/{Model}/history");
        Assert.Equal((1, 1, 2), ((int)history!["shipped"]!, (int)history["previous"]!, (int)history["champion"]!));
        Assert.Equal((200, 2, "Ada"), (promoted, (int)ledger!["champion"]!, (string)ledger["entries"]![1]!["by"]!));
        Assert.Equal(1, (int)(await product.SendAsync(HttpMethod.Post, $"/api/models/{Model}/rollback", "{}")).Body!["champion"]!);
        Assert.Equal(201, (await product.SendAsync(HttpMethod.Post, $"/api/models/{Model}/challengers", Text(Reversed(3)))).Status);
        var (_, withdrawn) = await product.SendAsync(HttpMethod.Delete, $"/api/models/{Model}/challengers/3?reason=biased");
        Assert.Equal(("Withdrawn", "biased"), ((string)withdrawn!["entries"]!.AsArray()[^1]!["action"]!, (string)withdrawn["entries"]!.AsArray()[^1]!["reason"]!));
        Assert.Equal(409, (await product.SendAsync(HttpMethod.Delete, $"/api/models/{Model}/challengers/3")).Status);
        Assert.Equal(400, (await product.SendAsync(HttpMethod.Delete, $"/api/models/{Model}/challengers/three")).Status);
        var before = Instant.Text(Product.Now.AddDays(-1));
        Assert.Equal(1, (int)(await product.SendAsync(HttpMethod.Get, $"/api/models/{Model}/history?at={before}")).Body!["live"]!);

        var (_, models) = await product.SendAsync(HttpMethod.Get, "/api/models");
        Assert.Equal(ShippedModels.All.Select(document => document.Id), models!["models"]!.AsArray().Select(model => (string)model!["id"]!));
        var (_, card) = await product.SendAsync(HttpMethod.Get, $"/api/models/{Model}/card");
        Assert.False(card!.AsObject().ContainsKey("model"));
        using var page = new HttpRequestMessage(HttpMethod.Get, $"/api/models/{Model}/card");
        page.Headers.Accept.ParseAdd("text/html");
        using var answer = await product.Client.SendAsync(page);
        Assert.Contains("<h1>pre_delinquency, version 1 (live)</h1>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static GateRows Rows()
    {
        var rows = LabelledRows.Join(PredictionTasks.Find(Model)!, lives.Value.Select(life => (life.Timeline, life.Snapshots)));
        return new GateRows(rows.Rows, [.. lives.Value.SelectMany(life => life.Snapshots.TakeLast(1)).Select(snapshot => snapshot.Vector)],
            new Dictionary<string, IReadOnlyDictionary<string, string>>());
    }

    /// <summary>The shipped hazard with every leaf's sign turned.</summary>
    private static ModelDocument Reversed(int version)
    {
        var shipped = ShippedModels.Find(Model)!;
        var trees = TreeEnsemble.Read(shipped.Model.GetProperty("hazard"));
        var turned = new TreeEnsemble(trees.Features, trees.BaseMargin, [.. Enumerable.Range(0, trees.TreeCount).Select(tree =>
            trees.Tree(tree).ToArray().Select(node => node.IsLeaf ? node with { Value = -node.Value } : node).ToArray())]);
        var model = FeatureModel.ToElement(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("periods", 3);
            writer.WriteNumber("periodDays", 30);
            writer.WritePropertyName("hazard");
            turned.WriteTo(writer);
            writer.WriteEndObject();
        });
        return shipped with { Version = version, Model = model };
    }

    private static string Text(ModelDocument document) => System.Text.Encoding.UTF8.GetString(ModelDocuments.Write(document));

    /// <summary>Writes what the stream would have left: each month's prediction, and what the bank told of the customer.</summary>
    private static async Task LiveThroughAsync(Product product, int shift)
    {
        var models = await product.Get<LiveModels>().GetAsync(CancellationToken.None);
        var row = new float[FeatureModel.RowWidth];
        foreach (var life in lives.Value.Where(life => life.Snapshots.Count > 0))
        {
            // A commit holds few rows.
            foreach (var chunk in life.Snapshots.Chunk(10).Cast<object>().Concat(life.Timeline.Happenings.Chunk(20).Cast<object>()))
            {
                await product.Get<CustomerStore>().UpdateAsync(CustomerId.Parse(life.Customer.Id), session =>
                {
                    session.PutBlock(new CustomerState().ToBlock());
                    foreach (var snapshot in chunk as Snapshot[] ?? [])
                    {
                        snapshot.Vector.CopyTo(row, 0);
                        PredictionLog.Put(session, Timeline.After(snapshot.At, shift), row, models);
                    }

                    foreach (var each in chunk as Happening[] ?? [])
                        Tell(session, each with { At = Timeline.After(each.At, shift) });
                    return 0;
                }, CancellationToken.None);
            }
        }
    }

    private static void Tell(CustomerSession session, Happening each)
    {
        var (at, id) = (DateTimeOffset.FromUnixTimeMilliseconds(each.At), $"{each.At}");
        if (each.Name == Timeline.Dormant)
            session.Put(CustomerRows.Dated(CustomerRows.SignalPrefix, each.At, id), new SignalRow(id, each.Name, at), CustomersJson.Default.SignalRow);
        else
            session.Put(CustomerRows.Dated(CustomerRows.LifecyclePrefix, each.At, id), new LifecycleRow(id, each.Name, at, null), CustomersJson.Default.LifecycleRow);
    }
}
