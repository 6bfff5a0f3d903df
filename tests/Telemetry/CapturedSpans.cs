using System.Collections.Concurrent;
using System.Diagnostics;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Tests.Telemetry;

/// <summary>The product's spans of one trace, as they end, whatever other tests do meanwhile.</summary>
internal sealed class CapturedSpans : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _spans = new();

    public CapturedSpans(ActivityTraceId trace)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is ProductTraces.SourceName or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == trace || options.Links?.Any(link => link.Context.TraceId == trace) == true ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.TraceId == trace || span.Links.Any(link => link.Context.TraceId == trace))
                    _spans.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<Activity> Of(string name) => [.. _spans.Where(span => span.OperationName == name)];

    public void Dispose() => _listener.Dispose();
}
