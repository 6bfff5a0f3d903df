using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Tests.Cli;
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
