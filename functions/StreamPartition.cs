using System.Text.Json;

namespace ServerlessCLM.Functions;

/// <summary>The partition that a batch of events came from.</summary>
internal static class StreamPartition
{
    /// <exception cref="InvalidOperationException">The trigger did not say; without the partition a redelivery cannot be told.</exception>
    public static string Of(FunctionContext context)
    {
        if (context.BindingContext.BindingData.TryGetValue("PartitionContext", out var value) && value?.ToString() is { Length: > 0 } json)
        {
            using var partition = JsonDocument.Parse(json);
            if (partition.RootElement.TryGetProperty("PartitionId", out var id) && id.GetString() is { Length: > 0 } text)
                return text;
        }

        throw new InvalidOperationException("the event hub trigger gave no PartitionContext with a PartitionId");
    }
}
