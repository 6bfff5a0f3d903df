using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Features;

namespace ServerlessCLM.Tests.Cli;

/// <summary>The commands as a process: what they print and how they end.</summary>
public class CommandTests
{
    [Theory]
    [InlineData("replay --format berka --directory no/such/folder --in-process", "no such folder")]
    [InlineData("replay --format camt --file no-such-file.xml --in-process", "no such file")]
    [InlineData("replay --format gossip --file x --in-process", "berka")]
    [InlineData("replay --format camt --file x", "--url or --in-process")]
    [InlineData("replay --format camt --in-process", "--directory or --file")]
    [InlineData("replay --format camt --file x --url nowhere", "--url must be like")]
    [InlineData("replay --format camt --file x --in-process --repeat 0", "--repeat must be from 1")]
    [InlineData("replay --format camt --file x --in-process --repeat many", "many")]
    [InlineData("features --format camt --file x", "--as-of")]
    [InlineData("features --format camt --file x --as-of no-such-file.csv", "no such file")]
    [InlineData("simulate --customers 0", "--customers must be from 1")]
    [InlineData("simulate --days 9999", "--days must be from 1 to 3650")]
    [InlineData("sing", "sing")]
    public async Task Unusable_arguments_are_one_clear_message_and_status_2(string arguments, string told)
    {
        var (status, output, errors) = await Clm.RunAsync(arguments.Split(' '));
        Assert.Equal(2, status);
        Assert.Empty(output);
        Assert.Contains(told, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seed_of_faults_is_replayed_and_judged()
    {
        var (status, output, errors) = await Clm.RunAsync("simulate", "--faults", "--seed", "3", "--customers", "2", "--days", "2", "--json", "--verbose");
        var summary = JsonNode.Parse(output)!;
        Assert.Equal((0, true, 0), (status, (bool)summary["holds"]!, summary["violations"]!.AsArray().Count));
        var injected = summary["faults"]!.AsArray().Sum(fault => (long)fault!["count"]!);
        Assert.True(injected > 0);
        Assert.Equal(injected, errors.Split('\n').Count(line => line.StartsWith("fault ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("date,amount\n2026-01-01,3\n", "customer or customer_id or account or account_id")]
    [InlineData("customer,amount\nC-1,3\n", "date or as_of")]
    [InlineData("customer,date\nC-1,soon\n", "line 2")]
    [InlineData("customer,date\nC-9,2026-01-01\n", "C-9")]
    [InlineData("", "customer or customer_id")]
    public async Task An_as_of_file_that_cannot_be_used_is_told_with_the_place(string content, string told)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("as-of.csv", content);
        var (status, _, errors) = await Clm.RunAsync("features", "--format", "cloudevents", "--file", folder.Write("payments.json", Payments("C-1", 3)), "--as-of", file);
        Assert.Equal(2, status);
        Assert.Contains(told, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Features_are_those_of_strictly_earlier_payments_in_the_order_asked()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("payments.json", Payments("C-1", 10));
        var asOf = folder.Write("as-of.csv", "label,customer,date\nx,C-1,2026-11-05\ny,C-1,2026-11-01\nz,C-1,2026-12-01\n");
        var (status, output, _) = await Clm.RunAsync("features", "--format", "cloudevents", "--file", file, "--as-of", asOf, "--keep", "label");

        Assert.Equal(0, status);
        var lines = output.TrimEnd().Split('\n').Select(line => line.Split(',')).ToArray();
        Assert.Equal(["customer", "date", "label", .. FeatureCatalogue.All.Select(feature => feature.Name)], lines[0]);
        var purchases = 3 + FeatureCatalogue.IndexOf("purchases_30d");
        Assert.Equal(["C-1 2026-11-05 x 4", "C-1 2026-11-01 y 0", "C-1 2026-12-01 z 9"],
            lines[1..].Select(line => $"{line[0]} {line[1]} {line[2]} {line[purchases]}"));
    }

    [Fact]
    public async Task Features_as_json_are_the_same_figures()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("payments.json", Payments("C-1", 10));
        var asOf = folder.Write("as-of.csv", "customer,date\nC-1,2026-11-05\n");
        var (_, csv, _) = await Clm.RunAsync("features", "--format", "cloudevents", "--file", file, "--as-of", asOf);
        var (_, json, _) = await Clm.RunAsync("features", "--format", "cloudevents", "--file", file, "--as-of", asOf, "--json");
        var row = csv.Split('\n')[1].Split(',')[2..];
        var features = JsonNode.Parse(json)![0]!["features"]!.AsObject();
        Assert.Equal(row, features.Select(feature => feature.Value is { } value ? ((float)value).ToString("R", CultureInfo.InvariantCulture) : ""));
    }

    [Fact]
    public async Task One_row_per_Berka_loan_from_earlier_transactions_only()
    {
        var directory = TestData.Shared("berka");
        var (status, output, _) = await Clm.RunAsync("features", "--format", "berka", "--directory", directory, "--as-of", Path.Combine(directory, "loan.csv.gz"));
        Assert.Equal(0, status);
        var lines = output.TrimEnd().Split('\n');
        Assert.Equal(683, lines.Length);
        Assert.StartsWith("account_id,date,", lines[0], StringComparison.Ordinal);
        var tenure = 2 + FeatureCatalogue.IndexOf("tenure_days");
        Assert.True(lines[1..].Count(line => line.Split(',')[tenure].Length > 0) >= 354);
    }

    [Fact]
    public async Task A_replay_counts_every_payment_in_memory_and_through_the_durable_store_alike()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("payments.json", Payments("C-1", 30, Payments("C-2", 20)));
        var (status, memory, _) = await Clm.RunAsync("replay", "--format", "cloudevents", "--file", file, "--in-process", "--repeat", "3", "--json");
        Assert.Equal(0, status);
        var (_, durable, errors) = await Clm.RunAsync("replay", "--format", "cloudevents", "--file", file, "--in-process", "--repeat", "3", "--json", "--data", Path.Combine(folder.Path, "clm"));
        Assert.True(durable.Length > 0, errors);
        foreach (var summary in new[] { JsonNode.Parse(memory)!, JsonNode.Parse(durable)! })
        {
            Assert.Equal((150, 6, 150), ((int)summary["events"]!, (int)summary["customers"]!, (int)summary["outcomes"]!["counted"]!));
        }

        Assert.Equal(
            JsonNode.Parse(memory)!["signals"]!.AsObject().Sum(signal => (int)signal.Value!),
            (int)JsonNode.Parse(durable)!["signals"]!["all"]!);

        // The same again: its ids are known.
        var (_, again, _) = await Clm.RunAsync("replay", "--format", "cloudevents", "--file", file, "--in-process", "--repeat", "3", "--json", "--data", Path.Combine(folder.Path, "clm"));
        Assert.Equal(150, (int)JsonNode.Parse(again)!["outcomes"]!["repeated"]!);
    }

    private static string Payments(string customer, int count, string before = "") => before + string.Concat(Enumerable.Range(0, count).Select(i =>
        System.Text.Encoding.UTF8.GetString(Product.Payment(customer, $"{customer}-{i}", new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero).AddDays(i % 20))) + "\n"));
}
