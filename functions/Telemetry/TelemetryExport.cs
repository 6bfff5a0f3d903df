using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Functions.Telemetry;

/// <summary>Sends spans and metrics to the collector that <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names, by OTLP. Without it nothing is recorded.</summary>
/// <remarks>The other settings are OpenTelemetry's own, such as <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, <c>OTEL_TRACES_SAMPLER</c> and <c>OTEL_METRIC_EXPORT_INTERVAL</c>.</remarks>
internal sealed class TelemetryExport(IConfiguration settings) : IHostedService, IDisposable
{
    public const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>The framework's own names.</summary>
    private const string RequestsSource = "Microsoft.AspNetCore", RequestsMeter = "Microsoft.AspNetCore.Hosting", RuntimeMeter = "System.Runtime";

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public static void Add(FunctionsApplicationBuilder builder)
    {
        if (builder.Configuration[EndpointSetting] is { Length: > 0 })
            builder.Services.AddHostedService<TelemetryExport>();
    }

    /// <summary>Logs as well, where no host stands in front that does it.</summary>
    public static void AddLogs(FunctionsApplicationBuilder builder)
    {
        if (builder.Configuration[EndpointSetting] is { Length: > 0 })
        {
            builder.Logging.AddOpenTelemetry(logs =>
            {
                logs.IncludeFormattedMessage = true;
                logs.SetResourceBuilder(Resource()).AddOtlpExporter();
            });
            // It tells a developer the key of the first start, and nobody else.
            builder.Logging.AddFilter<OpenTelemetryLoggerProvider>("ServerlessCLM.Emulator.HostKeys", LogLevel.None);
        }
    }

    /// <summary>Which spans there are, and what of them may leave.</summary>
    public static TracerProviderBuilder Spans(TracerProviderBuilder traces) =>
        traces.SetResourceBuilder(Resource()).AddSource(ProductTraces.SourceName, RequestsSource).AddProcessor(new ForeignTags());

    /// <summary>Which metrics there are.</summary>
    public static MeterProviderBuilder Figures(MeterProviderBuilder metrics) =>
        metrics.SetResourceBuilder(Resource()).AddMeter(ProductMetrics.MeterName, RequestsMeter, RuntimeMeter);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _traces = Spans(Sdk.CreateTracerProviderBuilder().ConfigureServices(services => services.AddSingleton(settings))).AddOtlpExporter().Build();
        _metrics = Figures(Sdk.CreateMeterProviderBuilder().ConfigureServices(services => services.AddSingleton(settings))).AddOtlpExporter().Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <remarks>Last, so that what other services do while they stop is sent as well; a collector that is away holds it up for ten seconds at the most.</remarks>
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private static ResourceBuilder Resource() => ResourceBuilder.CreateDefault().AddService("serverlessclm").AddEnvironmentVariableDetector();
}
