using Microsoft.Extensions.Logging;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Channels;

namespace ServerlessCLM.Functions.Messages;

/// <summary>Hands over what a failing gateway or a crash has left behind.</summary>
public sealed class DeliverMessages(Dispatch dispatch, ILogger<DeliverMessages> logger)
{
    [Function("DeliverMessages")]
    public async Task RunAsync([TimerTrigger("20 * * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        var (handed, waiting) = await dispatch.ResumeAsync(cancellation);
        if (handed + waiting > 0)
            logger.Delivered(handed, waiting);
    }
}

/// <summary>Takes old messages off the list of the embedded outbox.</summary>
public sealed class ForgetOutbox(MessageIndex index, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    [Function("ForgetOutbox")]
    public Task RunAsync([TimerTrigger("0 40 3 * * *")] TimerInfo timer, CancellationToken cancellation) =>
        index.ForgetAsync(time.GetUtcNow() - Kept, cancellation);
}
