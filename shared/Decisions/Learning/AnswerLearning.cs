using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Decisions.Learning;

/// <summary>Takes the answers among the signals of a batch.</summary>
public sealed class AnswerLearning(StrategyTotals totals)
{
    public Task TakeAsync(IReadOnlyCollection<EventData> events, CancellationToken cancellation) =>
        totals.AddAsync(events.Select(Read).OfType<AnswerEvent>(), cancellation);

    private static AnswerEvent? Read(EventData data)
    {
        var body = JsonNode.Parse(data.EventBody.ToMemory().Span)!.AsObject();
        return (string?)body["type"] == AnswerChange.EventType
            ? new AnswerEvent((string)body["id"]!, CustomerId.Parse((string)body["subject"]!), body["data"].Deserialize(CustomersJson.Default.AnswerChange)!)
            : null;
    }
}
