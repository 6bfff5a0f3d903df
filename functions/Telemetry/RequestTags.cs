using System.Diagnostics;
using OpenTelemetry;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Functions.Telemetry;

/// <summary>Takes from the spans of requests all that could name a customer: the address has their id in it, the route has not.</summary>
internal sealed class RequestTags : BaseProcessor<Activity>
{
    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal)
    {
        "http.request.method", "http.route", "http.response.status_code", "error.type", "network.protocol.version", "url.scheme",
    };

    public override void OnEnd(Activity data)
    {
        if (data.Source.Name == ProductTraces.SourceName)
            return;

        foreach (var (name, _) in data.TagObjects.ToList())
        {
            if (!Kept.Contains(name))
                data.SetTag(name, null);
        }

        // Without a route the name is the address.
        data.DisplayName = data.GetTagItem("http.route") is string route ? $"{data.GetTagItem("http.request.method")} {route}" : "request";
    }
}
