using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Journeys.Collections;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Functions.Collections;

/// <summary>
/// Does at once what signals of debts call for: decides whether young arrears are left alone, and puts what needs a person into the agents' queue. Counts what
/// came of promises and plans.
/// </summary>
public sealed class FollowArrears(SelfCure selfCure, CaseQueue cases, AgreementTotals totals, StreamBatches batches)
{
    public const string ConsumerGroup = "collections";

    /// <summary>Signals that put a call into the queue.</summary>
    private static readonly HashSet<string> Calls = new(StringComparer.Ordinal)
    {
        "dpd_6", "dpd_30", "dpd_60", "dpd_90", "dpd_120", ArrearsSignals.PromiseBroken, ArrearsSignals.PromisePartial, ArrearsSignals.PlanMissed,
    };

    [Function("FollowArrears")]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")]
    public Task RunAsync(
        [EventHubTrigger(EventStreams.SignalsHub, Connection = "EventHubs", ConsumerGroup = ConsumerGroup)] EventData[] events, CancellationToken cancellation) =>
        batches.RunAsync("FollowArrears", EventStreams.SignalsHub, events, own => FollowAsync(own, cancellation));

    private async Task FollowAsync(EventData[] events, CancellationToken cancellation)
    {
        var seen = new List<AgreementSignal>();
        foreach (var data in events)
        {
            var signal = JsonNode.Parse(data.EventBody.ToMemory().Span)!;
            if ((string?)signal["type"] != SignalEffects.EventType || (string?)signal["data"]?["debt"] is not { } debt)
                continue;

            var (customer, name) = (CustomerId.Parse((string)signal["subject"]!), (string)signal["data"]!["name"]!);
            seen.Add(new AgreementSignal(customer.Value, (string)signal["id"]!, name, (DateTimeOffset)signal["time"]!));
            try
            {
                if (name == ArrearsSignals.Entered)
                    await selfCure.DecideAsync(customer, debt, cancellation);
                else if (Calls.Contains(name))
                    await cases.OpenAsync(customer, new CaseRequest(CaseKind.Call, CollectionsCase.Agents, debt), $"signal {name}", (string)signal["id"]!, cancellation);
            }
            catch (CollectionsRefusedException gone) when (gone.Refusal == CollectionsRefusal.NotFound)
            {
                // Erased since: there is nobody to call.
            }
        }

        await totals.AddAsync(seen, cancellation);
    }
}
