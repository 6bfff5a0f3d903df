using ServerlessCLM.Customers;
using ServerlessCLM.Messages.Replies;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Functions.Messages;

/// <summary>Reads replies, from wherever they come into the stream of outcomes, in a consumer group of its own.</summary>
public sealed class ReadReplies(ReplyDesk desk, StreamBatches batches)
{
    public const string ConsumerGroup = "replies";

    [Function("ReadReplies")]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")]
    public Task RunAsync(
        [EventHubTrigger(EventStreams.EventsHub, Connection = "EventHubs", ConsumerGroup = ConsumerGroup)] EventData[] events, CancellationToken cancellation) =>
        batches.RunAsync("ReadReplies", EventStreams.EventsHub, events, own => ReadAsync(own, cancellation));

    private async Task ReadAsync(EventData[] events, CancellationToken cancellation)
    {
        foreach (var data in events)
        {
            // What cannot be read is set aside by whoever takes the events in; only replies matter here.
            if (CustomerEvent.TryParse(data.EventBody.ToMemory().Span, data.EnqueuedTime.ToUnixTimeMilliseconds(), out var read, out _)
                && read is OutcomeEvent { Row: { Outcome: "reply", Text: not null } row })
                await desk.ReadAsync(read.Customer, row, language: null, cancellation);
        }
    }
}
