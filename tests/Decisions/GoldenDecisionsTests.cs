using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Documents;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Tests.Decisions;

/// <summary>
/// Decisions for 50 simulated customers, kept byte for byte: <c>golden/decisions.jsonl</c> has a record a line, <c>golden/why-not.txt</c> what is said
/// of each action. After a change that is meant, write them anew with <c>CLM_GOLDEN=write</c> and read the difference.
/// </summary>
public sealed class GoldenDecisionsTests
{
    private static readonly PolicySet Policies = PolicySet.Of(PolicyDefaults.Documents());

    private static readonly ReadyStrategy Strategy = new(StarterStrategies.Documents().Single(), new StrategyLearning(
        new Dictionary<string, AnswerCounts> { ["savings-plan"] = new(14, 310), ["budget-talk"] = new(40, 61.5) },
        [new BudgetState(0.25, 640), new BudgetState(0, double.PositiveInfinity)]));

    [Fact]
    public void Fifty_customers_get_the_decisions_on_file_byte_for_byte()
    {
        var (records, told) = (new StringBuilder(), new StringBuilder());
        var ids = new DecisionIds(new MasterKeys(new Dictionary<int, byte[]> { [1] = new byte[MasterKeys.KeySize] }, 1));
        foreach (var (customer, snapshot) in SimulatedCustomers.All())
        {
            var request = Request(customer);
            var decided = new DecisionCase(ids.Of(customer, "golden"), Strategy, snapshot, Policies, request, DecisionGroups.None);
            using var outcome = decided.Decide();
            var (record, json) = DecisionRecord.Of(customer, "golden", outcome).ToJson();
            records.Append(Encoding.UTF8.GetString(json.Span)).Append('\n');
            Tell(told, DecisionView.Of(record, decided, explained: true));
        }

        Check("decisions.jsonl", records.ToString());
        Check("why-not.txt", told.ToString());
    }

    [Fact]
    public void Every_record_on_file_replays_to_the_same_bytes()
    {
        var (count, chosen) = (0, new HashSet<int>());
        foreach (var line in File.ReadLines(PathOf("decisions.jsonl")))
        {
            var bytes = Encoding.UTF8.GetBytes(line);
            var record = DecisionRecord.Parse(bytes);
            Assert.Equal((Strategy.Digest, true), (record.StrategyDigest, Policies.References.SequenceEqual(record.Policies)));
            using var outcome = new DecisionCase(record.Id, Strategy.With(record.Learning), record.Inputs, Policies, record.Request, record.Groups).Decide();
            var (_, json) = DecisionRecord.Of(record.Customer, record.Cause, outcome).ToJson();
            Assert.True(bytes.AsSpan().SequenceEqual(json.Span), $"{record.Customer}: {string.Join(", ", JsonDifference.Between(JsonNode.Parse(bytes), JsonNode.Parse(json.Span)).Take(5))}");
            count++;
            chosen.Add(record.Choice.Action);
        }

        Assert.Equal(50, count);
        Assert.True(chosen.Count >= 4, "the file must show more than one kind of decision");
    }

    [Fact]
    public void A_record_kept_as_a_row_reads_back_as_it_was()
    {
        foreach (var line in File.ReadLines(PathOf("decisions.jsonl")).Take(5))
        {
            var record = DecisionRecord.Parse(Encoding.UTF8.GetBytes(line));
            var (written, row) = record.Seal();
            var (_, json) = DecisionRecord.Read(row).ToJson();
            Assert.Equal(line, Encoding.UTF8.GetString(json.Span));
            Assert.Equal(record.Digest, written.Digest);
        }
    }

    private static DecisionRequest Request(CustomerId customer) => (Digest64.Of(customer.Value) % 4) switch
    {
        0 => new DecisionRequest("app", "home"),
        1 => new DecisionRequest("email"),
        2 => new DecisionRequest(Limit: 1, Actions: ["savings-plan", "budget-talk", "spending-overview"]),
        _ => new DecisionRequest(),
    };

    private static void Tell(StringBuilder told, JsonObject view)
    {
        told.Append($"{view["customerId"]}: {view["choice"]!["action"] ?? "nothing"}\n");
        foreach (var action in view["actions"]!.AsArray().Where(action => action!["whyNot"] is not null))
        {
            told.Append($"  {action!["id"]}: {action["whyNot"]}\n");
            foreach (var change in action["change"]?.AsArray() ?? [])
                told.Append($"    + {change!["words"]}\n");
            if (action["noChange"] is { } none)
                told.Append($"    - {none}\n");
        }
    }

    private static void Check(string file, string text)
    {
        if (Environment.GetEnvironmentVariable("CLM_GOLDEN") == "write")
            File.WriteAllText(PathOf(file), text);
        var (expected, actual) = (File.ReadAllLines(PathOf(file)), text.TrimEnd('\n').Split('\n'));
        for (var line = 0; line < Math.Max(expected.Length, actual.Length); line++)
            Assert.True(line < expected.Length && line < actual.Length && expected[line] == actual[line], $"{file} differs from line {line + 1} on; CLM_GOLDEN=write writes it anew");
    }

    private static string PathOf(string file, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "golden", file);
}
