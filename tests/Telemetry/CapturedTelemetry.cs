using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;
using ServerlessCLM.Functions.Telemetry;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Tests.Telemetry;

/// <summary>All that a host would tell about itself: log lines with their values and exceptions, spans as they leave, measurements with their tags.</summary>
internal sealed class CapturedTelemetry : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TracerProvider _traces;
    private readonly MeterListener _meters = new();

    public CapturedTelemetry()
    {
        _traces = TelemetryExport.Spans(Sdk.CreateTracerProviderBuilder()).SetSampler(new AlwaysOnSampler()).AddProcessor(new SimpleActivityExportProcessor(new Spans(_lines))).Build();
        _meters.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name is ProductMetrics.MeterName or "Microsoft.AspNetCore.Hosting")
                self.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _meters.Start();
    }

    /// <summary>Each begins with log, span or metric and its name.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _lines);

    public void Dispose()
    {
        _traces.Dispose();
        _meters.Dispose();
    }

    private static string Told(IEnumerable<KeyValuePair<string, object?>> values) =>
        string.Join(", ", values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value.Key}={value.Value}")));

    private void Measured<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _lines.Enqueue($"metric {instrument.Name} {value}: {Told(tags.ToArray())}");

    private sealed class Logger(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            lines.Enqueue($"log {category} scope: {state} {(state is IEnumerable<KeyValuePair<string, object?>> values ? Told(values) : "")}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Enqueue(
            $"log {category} {eventId.Id}: {formatter(state, exception)} {(state is IEnumerable<KeyValuePair<string, object?>> values ? Told(values) : "")} {exception}");
    }

    private sealed class Spans(ConcurrentQueue<string> lines) : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch)
            {
                lines.Enqueue($"span {span.OperationName}: {span.DisplayName} {span.StatusDescription} {Told(span.TagObjects)} {Told(span.Baggage.Select(item => KeyValuePair.Create(item.Key, (object?)item.Value)))} "
                    + string.Join(' ', span.Events.Select(told => $"{told.Name} {Told(told.Tags)}")) + string.Join(' ', span.Links.Select(link => Told(link.Tags ?? []))));
            }

            return ExportResult.Success;
        }
    }
}
