namespace ServerlessCLM.Telemetry;

/// <summary>Tags of spans: those of the product, and OpenTelemetry's own where it has one.</summary>
public static class TraceTags
{
    public const string
        DecisionId = "clm.decision.id", Strategy = "clm.strategy", Action = "clm.action", MessageId = "clm.message.id",
        Gateway = "clm.gateway", Verdict = "clm.verdict", Code = "clm.code", Journey = "clm.journey", JourneyInstance = "clm.journey.instance",
        Node = "clm.journey.node", Function = "clm.function", Hub = "messaging.destination.name", Count = "messaging.batch.message_count", Method = "http.request.method",
        Status = "http.response.status_code", ErrorType = "error.type";
}
