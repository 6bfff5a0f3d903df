using System.Diagnostics;
using OpenTelemetry;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Functions.Telemetry;

/// <summary>Names the span of a request after its function, and says how it was answered.</summary>
/// <remarks>Not after its address, which has the customer's id in it.</remarks>
internal sealed class RequestSpans : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (Activity.Current is { Recorded: true } span && context.GetHttpContext() is { } http)
        {
            span.SetTag(TraceTags.Function, context.FunctionDefinition.Name).SetTag(TraceTags.Method, http.Request.Method);
            http.Response.OnCompleted(() =>
            {
                span.SetTag(TraceTags.Status, http.Response.StatusCode);
                return Task.CompletedTask;
            });
        }

        return next(context);
    }
}

/// <summary>Takes from spans that are not the product's own all that the product did not put there.</summary>
internal sealed class ForeignTags : BaseProcessor<Activity>
{
    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal) { TraceTags.Function, TraceTags.Method, TraceTags.Status, TraceTags.ErrorType };

    public override void OnEnd(Activity data)
    {
        if (data.Source.Name == ProductTraces.SourceName)
            return;

        foreach (var (name, _) in data.TagObjects.ToList())
        {
            if (!Kept.Contains(name))
                data.SetTag(name, null);
        }

        data.DisplayName = data.GetTagItem(TraceTags.Function) as string ?? "request";
    }
}
