using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Cli;

/// <summary><c>clm evaluate</c> and <c>clm train</c> as a process, on files that nobody prepared.</summary>
public class EvaluateTests
{
    [Theory]
    [InlineData("gbdt")]
    [InlineData("logistic")]
    public async Task A_file_never_seen_is_learned_from(string model)
    {
        using var folder = new TemporaryFolder();
        var (status, output, errors) = await Clm.RunAsync(
            "evaluate", "--data", folder.Write("customers.csv", Customers(400)), "--target", "left", "--model", model, "--trees", "20", "--threads", "1", "--json");
        Assert.True(status == 0, errors);
        var report = JsonNode.Parse(output)!;
        var folds = report["folds"]!.AsArray().Select(fold => (double)fold!["auc"]!).ToArray();
        Assert.Equal(5, folds.Length);
        Assert.Equal(folds.Average(), (double)report["meanAuc"]!, 9);
        Assert.InRange((double)report["meanAuc"]!, 0.75, 1);
        Assert.InRange((double)report["logLoss"]!, 0.05, 0.6);
        Assert.True((double)report["seconds"]! > 0);
        Assert.Equal("gone", (string)report["positive"]!);
        Assert.Contains("the event is left = gone, the rarer value beside stayed", errors, StringComparison.Ordinal);
        Assert.Contains("column name is dropped", errors, StringComparison.Ordinal);
        Assert.Contains("1 values are NaN or infinite", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_result_does_not_depend_on_the_threads_and_the_table_tells_the_same()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("customers.csv", Customers(300));
        string[] arguments = ["evaluate", "--data", file, "--target", "left", "--trees", "10", "--exclude", "name"];
        var (_, one, _) = await Clm.RunAsync([.. arguments, "--threads", "1", "--json"]);
        var (_, three, _) = await Clm.RunAsync([.. arguments, "--threads", "3", "--json"]);
        Assert.Equal(Aucs(one), Aucs(three));
        var (_, table, _) = await Clm.RunAsync(arguments);
        Assert.Contains(((double)JsonNode.Parse(one)!["meanAuc"]!).ToString("F4", CultureInfo.InvariantCulture), table, StringComparison.Ordinal);

        static double[] Aucs(string json) => [.. JsonNode.Parse(json)!["folds"]!.AsArray().Select(fold => (double)fold!["auc"]!)];
    }

    [Theory]
    [InlineData("y,x\n1,2\n", "--target z", "column z is missing; there are y, x")]
    [InlineData("y,x\n1,2\n1,3\n", "--target y", "all 2 rows have '1'")]
    [InlineData("y,x\n1,2\n0,3\n", "--target y", "at least 10 rows with the event for 5 folds, there are 1")]
    [InlineData("y,x,x\n1,2,3\n", "--target y", "column x is there twice")]
    [InlineData("y,x\n1,2\n0\n", "--target y", "line 3: has 1 fields")]
    [InlineData("y,x\n1,2\n0,2\n", "--target y", "no column is left to learn from")]
    [InlineData("y,x\n1,2\n0,3\n", "--target y --exclude y", "--exclude names the target")]
    [InlineData("y,x\n1,2\n0,3\n", "--target y --missing many", "--missing must be numbers")]
    [InlineData("y,x\n1,2\n0,3\n", "--target y --depth 13", "--depth must be from 1 to 12")]
    [InlineData("y,x\n1,2\n0,3\n", "--target y --model oracle", "oracle")]
    [InlineData("y,x\n1,1\n0,2\n1,3\n0,4\n1,5\n0,6\n1,7\n0,8\n1,9\n0,1\n1,2\n0,3\n1,4\n0,5\n1,6\n0,7\n1,8\n0,9\n1,1\n0,2\n", "--target y --rising z", "z is no column of numbers")]
    [InlineData("y,x\n1,2\n0,3\n", "--target y --folds no-such.csv", "no-such.csv")]
    public async Task Data_that_cannot_be_used_are_one_line_with_the_place_and_status_2(string content, string arguments, string told)
    {
        using var folder = new TemporaryFolder();
        var (status, output, errors) = await Clm.RunAsync(["evaluate", "--data", folder.Write("d.csv", content), .. arguments.Split(' ')]);
        Assert.Equal(2, status);
        Assert.Empty(output);
        Assert.Contains(told, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Training_writes_a_document_that_reads_back_and_scores_and_a_card_without_network()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("customers.csv", Customers(400));
        string document = Path.Combine(folder.Path, "model.json"), card = Path.Combine(folder.Path, "card.html");
        var (status, _, errors) = await Clm.RunAsync(
            "train", "--data", file, "--target", "left", "--trees", "20", "--rising", "complaints", "--purpose", "Whom to call <first>",
            "--output", document, "--card", card);
        Assert.True(status == 0, errors);

        var model = ModelDocuments.Read(await File.ReadAllBytesAsync(document));
        Assert.Equal(("left", ModelKinds.Trees, 400), (model.Id, model.Kind, model.Training.Rows));
        Assert.Equal(Direction.Rises, model.Features.Single(feature => feature.Name == "complaints").Direction);
        var table = DataTable.Read(file, new DataTableOptions { Exclude = ["name"] });
        var encoding = new InputEncoding(model.Features);
        var ensemble = TreeEnsemble.Read(model.Model);
        Assert.Equal(encoding.Names, ensemble.Features);
        int[] all = [.. Enumerable.Range(0, 400)];
        var rows = encoding.Encode(table.Columns, all);
        var row = new float[rows.Features.Count];
        var scores = Array.ConvertAll(all, at =>
        {
            rows.CopyRow(at, row);
            return model.Calibration!.Apply(ensemble.Margin(row));
        });
        var performance = BinaryPerformance.Measure(scores, BinaryTarget.Of(table, "left").Events);
        Assert.True(performance.Auc.Value > model.Metrics["auc"].Value);

        var html = await File.ReadAllTextAsync(card);
        Assert.Contains("Whom to call &lt;first&gt;", html, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme:dark", html, StringComparison.Ordinal);
        foreach (var chart in (string[])["ROC curve", "Calibration curve", "Lift by decile", "Importance of the columns", "Drift of the columns"])
            Assert.Contains($"aria-label=\"{chart}\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_file_and_seed_give_the_same_document()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["train", "--data", folder.Write("customers.csv", Customers(300)), "--target", "left", "--trees", "5", "--calibration", "isotonic"];
        var (_, one, _) = await Clm.RunAsync([.. arguments, "--threads", "1"]);
        var (_, two, _) = await Clm.RunAsync([.. arguments, "--threads", "2"]);
        Assert.Equal(one, two);
        Assert.Contains("\"kind\":\"isotonic\"", one, StringComparison.Ordinal);
    }

    /// <summary>Customers with a name each, who leave after complaints, in one region and on a plan of theirs.</summary>
    private static string Customers(int count)
    {
        var random = new Rng(11);
        var lines = Enumerable.Range(0, count).Select(i =>
        {
            var complaints = random.Below(6);
            var plan = random.Below(3);
            var leaves = random.Below(100) < (complaints * 14) - 15 + (plan == 2 ? 25 : 0);
            return $"customer {i},{complaints},{(i == 7 ? "inf" : i % 9 == 0 ? "" : $"{20 + random.Below(60)}")},{"abc"[plan]},{(leaves ? "gone" : "stayed")}";
        });
        return "name,complaints,age,plan,left\n" + string.Join('\n', lines) + "\n";
    }
}
