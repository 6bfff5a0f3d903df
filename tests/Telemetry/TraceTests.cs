using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Telemetry;
using ServerlessCLM.Tests.Decisions;
using ServerlessCLM.Tests.Journeys;
using ServerlessCLM.Tests.Messages;

namespace ServerlessCLM.Tests.Telemetry;

/// <summary>One trace leads from a payment to the message that it brought about.</summary>
public class TraceTests
{
    private const string Cause = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    [Fact]
    public async Task A_payment_its_signal_journey_decision_and_message_are_one_trace()
    {
        var trace = ActivityTraceId.CreateRandom();
        using var spans = new CapturedSpans(trace);
        var now = Product.Now;
        await using var provider = await FakeProvider.StartAsync(() => now);
        await using var product = await JourneyProduct.StartAsync(
            $"--Clm:Gateways:email:Endpoint={provider.Address}", $"--Clm:Gateways:email:Secrets:0={FakeProvider.Secret}", "--Clm:Gateways:AllowPrivateAddresses=true");
        await StrategyInForce.PutAsync(product.Parts, StrategyInForce.Cards());
        await product.PutAsync(JsonNode.Parse("""
            {
              "id": "first-use", "version": 1, "stage": "activate", "sector": "card", "purpose": "marketing", "entry": { "signal": "first_use" }, "start": "choose",
              "nodes": {
                "choose": { "decide": ["cashback", "nothing"], "channel": "best", "next": "tell", "none": "tell" },
                "tell": { "message": "first-purchase-reminder", "channel": "email", "next": "end", "refused": "end" },
                "end": { "end": "done" }
              }
            }
            """)!.AsObject());
        await product.AddCustomerAsync("C-1");
        now = product.Now;

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/transactions");
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        request.Headers.Add("baggage", "customer=C-1");
        request.Content = new StringContent(Encoding.UTF8.GetString(Product.Payment("C-1", "p-1", product.Now)), Encoding.UTF8, "application/json");
        using var answer = await product.Parts.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        await product.SettleAsync();

        var intake = Assert.Single(spans.Of(ProductTraces.Intake));
        var batch = Assert.Single(spans.Of(ProductTraces.Process), span => (string?)span.GetTagItem(TraceTags.Function) == "ScoreTransactions");
        Assert.Equal(intake.SpanId, Assert.Single(batch.Links).Context.SpanId);
        var steps = spans.Of(ProductTraces.JourneyStep);
        Assert.NotEmpty(steps);
        Assert.All(steps, step => Assert.Equal((trace, "first-use"), (step.TraceId, (string?)step.GetTagItem(TraceTags.Journey))));
        var decision = Assert.Single(spans.Of(ProductTraces.Decide));
        Assert.Equal((trace, "cards@1"), (decision.TraceId, (string?)decision.GetTagItem(TraceTags.Strategy)));
        var id = (string)decision.GetTagItem(TraceTags.DecisionId)!;
        Assert.Equal(id, (string?)(await product.GetAsync($"decisions/{id}"))["decisionId"]);
        var dispatch = Assert.Single(spans.Of(ProductTraces.Dispatch));
        Assert.Equal((trace, "Allow"), (dispatch.TraceId, (string?)dispatch.GetTagItem(TraceTags.Verdict)));
        Assert.Equal(id, (string?)steps.Single(step => step.SpanId == dispatch.ParentSpanId).GetTagItem(TraceTags.DecisionId));
        var webhook = Assert.Single(spans.Of(ProductTraces.Webhook));
        Assert.Equal((dispatch.SpanId, 200), (webhook.ParentSpanId, (int)webhook.GetTagItem(TraceTags.Status)!));
        Assert.Equal((webhook.Id, null), Assert.Single(provider.Traces));
    }

    [Fact]
    public async Task What_a_crash_left_in_the_outbox_is_sent_with_the_trace_of_its_cause()
    {
        await using var product = await Product.PartsAsync();
        var customer = CustomerId.Parse("C-1");
        await product.Get<CustomerStore>().UpdateAsync(customer, session =>
        {
            session.PutBlock([]);
            session.Cause = EventHubsModelFactory.EventData(BinaryData.FromString("{}"), new Dictionary<string, object?> { [ProductTraces.TraceParent] = Cause });
            session.Emit(new Effect("e-1", EventStreams.SignalsHub, "{}"));
            return true;
        }, CancellationToken.None);
        product.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, await product.Get<Outbox>().RelayAsync(CancellationToken.None));

        var hub = product.Get<EventHubsNamespace>().GetHub(EventStreams.SignalsHub);
        var sent = new List<EventData>();
        foreach (var partition in hub.Partitions)
            new PartitionCursor(partition, 0).Read(sent, 10);

        Assert.Equal(Cause, ProductTraces.Of(Assert.Single(sent)));
    }

    [Theory]
    [InlineData("""{"id":"1","traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01","data":{}}""", true)]
    [InlineData("""{"id":"1","data":{"traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}}""", false)]
    [InlineData("""{"id":"1","traceparent":"Ann Lee, 12 High Street, whose account is long enough.."}""", false)]
    [InlineData("""{"id":"1","traceparent":7}""", false)]
    [InlineData("""{"id":"1"}""", false)]
    public void An_event_brings_its_trace_as_an_attribute_and_nothing_else_passes_for_one(string body, bool has) =>
        Assert.Equal(has ? Cause : null, ProductTraces.Of(new EventData(BinaryData.FromString(body))));

    [Theory]
    [InlineData("traceparent")]
    [InlineData("Diagnostic-Id")]
    public void A_property_of_the_event_comes_before_the_attribute(string property)
    {
        var data = new EventData(BinaryData.FromString("""{"traceparent":"00-00000000000000000000000000000001-0000000000000001-00"}"""));
        data.Properties[property] = Cause;
        Assert.Equal(Cause, ProductTraces.Of(data));
    }
}
