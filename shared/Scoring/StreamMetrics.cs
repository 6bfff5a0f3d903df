using System.Diagnostics.Metrics;

namespace ServerlessCLM.Scoring;

/// <summary>What the stream counts, for dashboards and for whoever runs the product in process. No personal data.</summary>
public static class StreamMetrics
{
    public const string MeterName = "ServerlessCLM";

    /// <summary>Payments by <c>outcome</c>: counted, too_late, redelivered, repeated, rejected, erased.</summary>
    public const string Payments = "clm.payments";

    /// <summary>Signals raised by payments.</summary>
    public const string Signals = "clm.signals";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> PaymentCounter = Meter.CreateCounter<long>(Payments, "{payment}");
    private static readonly Counter<long> SignalCounter = Meter.CreateCounter<long>(Signals, "{signal}");

    internal static void Count(in ScoringSummary summary)
    {
        Count("counted", summary.Counted - summary.TooLate);
        Count("too_late", summary.TooLate);
        Count("redelivered", summary.Redelivered);
        Count("repeated", summary.Repeated);
        Count("rejected", summary.Rejected);
        Count("erased", summary.Erased);
        SignalCounter.Add(summary.Signals);
    }

    private static void Count(string outcome, long payments)
    {
        if (payments > 0)
            PaymentCounter.Add(payments, new KeyValuePair<string, object?>("outcome", outcome));
    }
}
