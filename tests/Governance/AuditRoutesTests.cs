using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Tests.Cli;
using ServerlessCLM.Tests.Decisions;
using ServerlessCLM.Tests.Emulator.Hosting;

namespace ServerlessCLM.Tests.Governance;

public class AuditRoutesTests
{
    [Fact]
    public async Task Consents_are_on_record_and_verify_over_HTTP()
    {
        await using var product = await Product.StartAsync();
        await product.SendAsync(HttpMethod.Put, "api/customers/C-1/consents/marketing/email", """{"status":"granted","source":"form 7"}""");
        await product.SendAsync(HttpMethod.Put, "api/customers/C-1/consents/marketing/email", """{"status":"withdrawn"}""");

        var (status, audit) = await product.SendAsync(HttpMethod.Get, "api/audit/customers/C-1");
        Assert.Equal((200, true), (status, (bool)audit!["intact"]!));
        Assert.Equal(["granted", "withdrawn"], audit["trail"]!.AsArray().Select(entry => (string)entry!["content"]!["status"]!));
        var (_, export) = await product.SendAsync(HttpMethod.Get, "api/customers/C-1/export");
        Assert.Equal("form 7", (string)export!["audit"]![0]!["content"]!["source"]!);

        Assert.Equal(204, (await product.SendAsync(HttpMethod.Delete, "api/customers/C-1")).Status);
        (status, audit) = await product.SendAsync(HttpMethod.Get, "api/audit/customers/C-1");
        Assert.Equal((200, true, 3), (status, (bool)audit!["intact"]!, audit["trail"]!.AsArray().Count));
        (_, audit) = await product.SendAsync(HttpMethod.Post, "api/audit/verification", "{}");
        Assert.Equal((true, 1, 3), ((bool)audit!["intact"]!, (int)audit["erased"]!, (int)audit["entries"]!));
        Assert.Equal(404, (await product.SendAsync(HttpMethod.Get, "api/audit/customers/C-9")).Status);
    }

    [Theory]
    [InlineData("""{"customers":[]}""", "customers")]
    [InlineData("""{"customers":["a b"]}""", "customers[0]")]
    [InlineData("""{"customers":["C-1"],"from":"00"}""", "customers")]
    [InlineData("""{"from":"zz"}""", "from")]
    [InlineData("""{"from":"20","to":"10"}""", "to")]
    [InlineData("""{"everybody":true}""", "everybody")]
    [InlineData("[]", "$")]
    [InlineData("{", "$")]
    public async Task A_wrong_request_is_told(string body, string field)
    {
        await using var product = await Product.StartAsync();
        var (status, problem) = await product.SendAsync(HttpMethod.Post, "api/audit/verification", body);
        Assert.Equal((400, field), (status, (string)problem!["field"]!));
    }

    [Fact]
    public async Task The_command_verifies_a_running_host_and_a_data_folder_alike_and_its_status_tells()
    {
        using var folder = new TestFolder();
        await using (var product = await Product.StartAsync(folder.Path))
        {
            foreach (var customer in new[] { "C-1", "C-2" })
                await product.SendAsync(HttpMethod.Put, $"api/customers/{customer}/consents/marketing/email", """{"status":"granted"}""");
            var (hosted, text, errors) = await Clm.RunAsync("audit", "verify", "--url", product.Client.BaseAddress!.ToString(), "--key", Product.Key, "--json");
            Assert.True(hosted == 0, errors);
            Assert.Equal((2, 2, true), ((int)JsonNode.Parse(text)!["entries"]!, (int)JsonNode.Parse(text)!["customers"]!, (bool)JsonNode.Parse(text)!["intact"]!));
        }

        // Another host may run meanwhile, on the port that is used where none is named.
        using var other = TakeDefaultPort();
        var (status, output, error) = await Clm.RunAsync("audit", "verify", "--data", folder.Path);
        Assert.True(status == 0, error);
        Assert.Contains("2 entries of 2 customers", output, StringComparison.Ordinal);

        await using (var product = await Product.PartsAsync(folder.Path))
        {
            var customer = CustomerId.Parse("C-2");
            await product.Get<CustomerTables>().Of(customer).DeleteEntityAsync(customer.PartitionKey("bank"), CustomerRows.Audit(1), Azure.ETag.All);
        }

        (status, output, _) = await Clm.RunAsync("audit", "verify", "--data", folder.Path, "--customer", "C-2");
        Assert.Equal(1, status);
        Assert.Contains("Missing: C-2 1", output, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("audit verify", "--url or --data")]
    [InlineData("audit verify --data no/such/folder", "master.key")]
    [InlineData("audit verify --url gopher://x", "http://127.0.0.1:7071")]
    public async Task Unusable_arguments_are_told(string arguments, string told)
    {
        var (status, _, errors) = await Clm.RunAsync(arguments.Split(' '));
        Assert.Equal(2, status);
        Assert.Contains(told, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_makes_decisions_of_a_data_folder_again_and_names_what_was_tampered_with()
    {
        using var folder = new TestFolder();
        var ids = new List<string>();
        string strategy;
        await using (var product = await Product.StartAsync(folder.Path))
        {
            await StrategyInForce.PutAsync(product, StrategyInForce.Cards());
            foreach (var customer in (string[])["C-1", "C-2", "C-3"])
            {
                await product.SendAsync(HttpMethod.Put, $"api/customers/{customer}/profile", """{"country":"DE","timeZone":"Europe/Berlin","products":{"card":"classic"}}""");
                ids.Add((string)(await product.SendAsync(HttpMethod.Post, $"api/customers/{customer}/decisions", """{"channel":"app"}""")).Body!["decisionId"]!);
            }

            strategy = (await product.Get<DecisionRecords>().FindAsync(ids[0], CancellationToken.None))!.StrategyDigest;
        }

        // Another host may run meanwhile, on the port that is used where none is named.
        using var other = TakeDefaultPort();
        var (status, output, error) = await Clm.RunAsync("audit", "replay", "--data", folder.Path);
        Assert.True(status == 0, error + output);
        Assert.Contains("3 decisions of 3 customers made again, 0 of them otherwise", output, StringComparison.Ordinal);

        // One whose bytes are changed, one that somebody with the keys has replaced by another that replays, and one that is taken away.
        await using (var product = await Product.PartsAsync(folder.Path))
        {
            var (store, tables, third) = (product.Get<CustomerStore>(), product.Get<CustomerTables>(), CustomerId.Parse("C-3"));
            await DecisionRetentionTests.AlterAsync(product, CustomerId.Parse("C-1"), ids[0]);
            await store.UpdateAsync(CustomerId.Parse("C-2"), session =>
            {
                var record = DecisionRecord.Read(session.GetBytes(CustomerRows.Decision(ids[1])).Span);
                session.Put(CustomerRows.Decision(ids[1]), (record with { Cause = "somebody else" }).Seal().Row);
                return true;
            }, CancellationToken.None, CustomerRows.Decision(ids[1]));
            await tables.Of(third).DeleteEntityAsync(third.PartitionKey("bank"), CustomerRows.Decision(ids[2]), Azure.ETag.All);
        }

        (status, output, _) = await Clm.RunAsync("audit", "replay", "--data", folder.Path);
        Assert.Equal(1, status);
        Assert.Contains($"{ids[0]}: the record cannot be read", output, StringComparison.Ordinal);
        Assert.Contains($"{ids[1]}: the audit chain tells of another record", output, StringComparison.Ordinal);
        Assert.Contains($"{ids[2]}: the record is gone, and the audit chain tells of it", output, StringComparison.Ordinal);
        Assert.Contains("2 decisions of 3 customers made again, 3 of them otherwise", output, StringComparison.Ordinal);
        (status, output, _) = await Clm.RunAsync("audit", "replay", "--data", folder.Path, "--decision", ids[2], "--json");
        Assert.Equal((1, ids[2]), (status, (string)JsonNode.Parse(output)!["different"]![0]!["decisionId"]!));
        (status, _, error) = await Clm.RunAsync("audit", "replay", "--data", folder.Path, "--decision", "no-such-decision");
        Assert.Equal(2, status);
        Assert.Contains("there is no decision no-such-decision", error, StringComparison.Ordinal);

        await using (var product = await Product.StartAsync(folder.Path))
        {
            Assert.Equal(409, (await product.SendAsync(HttpMethod.Get, $"api/decisions/{ids[0]}")).Status);
            var (_, replay) = await product.SendAsync(HttpMethod.Post, $"api/decisions/{ids[0]}/replay");
            Assert.Equal((false, null), ((bool)replay!["identical"]!, (string?)replay["recordDigest"]));
        }

        // A strategy's content that is no longer kept.
        var kept = Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Where(file => file.Contains(strategy, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(kept);
        kept.ForEach(File.Delete);
        (status, output, _) = await Clm.RunAsync("audit", "replay", "--data", folder.Path, "--customer", "C-2");
        Assert.Equal(1, status);
        Assert.Contains($"strategy cards@1 with digest {strategy} is not kept", output, StringComparison.Ordinal);
    }

    private static TcpListener TakeDefaultPort()
    {
        var listener = new TcpListener(IPAddress.Loopback, 7071);
        try
        {
            listener.Start();
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            // Just as well.
        }

        return listener;
    }
}
