using System.Diagnostics;
using System.Text.Json;

namespace ServerlessCLM.Telemetry;

/// <summary>
/// The product's spans. One trace leads from the event that came in over the signal that it raised and the journey that the signal started to the
/// decision and the message: what is sent on, and what is kept to be done later, carries the trace of its cause (W3C Trace Context).
/// </summary>
/// <remarks>Tags hold ids that tell nobody whose they are, and names out of documents; docs/operations.md lists them all.</remarks>
public static class ProductTraces
{
    public const string SourceName = "ServerlessCLM";

    /// <summary>Spans.</summary>
    public const string Intake = "clm.intake", Process = "clm.process", Decide = "clm.decide", JourneyStep = "clm.journey.step", Dispatch = "clm.dispatch", Webhook = "clm.webhook";

    /// <summary>The header, the event's property and the attribute of a CloudEvent by which a trace travels.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>What the Azure SDK names the same in events that it sends.</summary>
    private const string DiagnosticId = "Diagnostic-Id";

    /// <summary>Traces that a batch names as its causes at the most.</summary>
    private const int MaxLinks = 32;

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The trace that is being recorded here, as a header has it; null where none is.</summary>
    public static string? Current => Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    /// <summary>Begins a span below the current one; null where nobody listens.</summary>
    public static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal) => Source.StartActivity(name, kind);

    /// <summary>Begins a span that goes on with the trace of its cause, and links to what is current; below what is current where the cause has no trace.</summary>
    public static Activity? Continue(string name, string? cause, ActivityKind kind = ActivityKind.Internal)
    {
        if (!Source.HasListeners())
            return null;

        if (!ActivityContext.TryParse(cause, null, isRemote: true, out var parent))
            return Source.StartActivity(name, kind);

        ActivityLink[]? links = Activity.Current is { IdFormat: ActivityIdFormat.W3C } current && current.TraceId != parent.TraceId ? [new ActivityLink(current.Context)] : null;
        return Source.StartActivity(name, kind, parent, links: links);
    }

    /// <summary>Begins the span of a batch, linked to the traces of its events.</summary>
    public static Activity? Receive(string function, string hub, IReadOnlyList<EventData> events)
    {
        if (!Source.HasListeners())
            return null;

        var causes = new HashSet<ActivityContext>();
        for (var place = 0; place < events.Count && causes.Count < MaxLinks; place++)
        {
            if (ActivityContext.TryParse(PropertyOf(events[place]), null, isRemote: true, out var context))
                causes.Add(context);
        }

        return Source.StartActivity(Process, ActivityKind.Consumer, parentContext: default, links: causes.Select(cause => new ActivityLink(cause)))
            ?.SetTag(TraceTags.Function, function).SetTag(TraceTags.Hub, hub).SetTag(TraceTags.Count, events.Count);
    }

    /// <summary>Marks a span as failed. The failure's text stays out of it: it may repeat what came from outside.</summary>
    public static void Fail(this Activity? span, Exception failure) => span?.SetStatus(ActivityStatusCode.Error).SetTag(TraceTags.ErrorType, failure.GetType().FullName);

    /// <summary>The trace that an event belongs to: by its properties, or by the CloudEvents extension for distributed tracing. Null where it has none.</summary>
    public static string? Of(EventData data) => PropertyOf(data) ?? AttributeOf(data.EventBody.ToMemory().Span);

    private static string? PropertyOf(EventData data) =>
        data.Properties.TryGetValue(TraceParent, out var value) || data.Properties.TryGetValue(DiagnosticId, out value) ? Checked(value as string) : null;

    private static string? AttributeOf(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("\"traceparent\""u8) < 0)
            return null;

        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("traceparent"u8))
                return reader.Read() && reader.TokenType == JsonTokenType.String ? Checked(reader.GetString()) : null;
        }

        return null;
    }

    /// <summary>What came from outside goes on only if it is a trace and nothing else.</summary>
    private static string? Checked(string? text) => text is { Length: 55 } && ActivityContext.TryParse(text, null, out _) ? text : null;
}
