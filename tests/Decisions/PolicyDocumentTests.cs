using ServerlessCLM.Decisions.Authorizations;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Tests.Decisions;

public class PolicyDocumentTests : ProductTests
{
    [Fact]
    public async Task An_approved_policy_holds_within_a_minute_and_a_refusal_by_it_is_on_record()
    {
        await using var product = await StartAsync();
        Assert.Equal("Approve", (await AuthorizeAsync(product, "R-1")).Decision);
        var policy = PolicyKindTests.Shipped(new AuthorizationPolicyKind());
        policy["limits"]!["transaction"] = "10.00";
        await StrategyInForce.PutAsync(product, new AuthorizationPolicyKind(), policy);
        Assert.Equal("Approve", (await AuthorizeAsync(product, "R-2")).Decision);
        product.Clock.Advance(SoleDocument<AuthorizationPolicy>.Kept);
        Assert.Equal("Decline", (await AuthorizeAsync(product, "R-3")).Decision);

        var (_, audit) = await product.SendAsync(HttpMethod.Get, "api/audit/customers/C-1");
        var entry = Assert.Single(audit!["trail"]!.AsArray(), each => (string?)each!["kind"] == "authorization");
        Assert.Equal(("61", "card-authorization 1", 20m), ((string)entry!["content"]!["code"]!, (string)entry["content"]!["policy"]!, (decimal)entry["content"]!["amount"]!));
    }

    private static async Task<(string Decision, string Code)> AuthorizeAsync(Product product, string id)
    {
        var (status, answer) = await product.SendAsync(HttpMethod.Post, "api/authorizations", $$"""
            {"customerId":"C-1","id":"{{id}}","accountId":"A-1","amount":20.00,"currency":"EUR","mcc":"5411","merchant":"Grocer 12","country":"DE","channel":"chip"}
            """);
        Assert.True(status == 200, answer!.ToJsonString());
        return ((string)answer["decision"]!, (string)answer["responseCode"]!);
    }
}
