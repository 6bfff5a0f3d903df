using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Customers;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions;
using ServerlessCLM.Scoring;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Cli.Replay;

/// <summary>The whole product in this process: the edge, the hub on disk, the trigger, the durable store.</summary>
internal sealed class HostedReplay(DirectoryInfo data, int batch)
{
    private const int Lanes = 4;

    public async Task RunAsync(ReplayPlan plan, ReplaySummary summary, ProgressLine progress, CancellationToken cancellation)
    {
        using var host = ServerlessClm.Create([$"--{EmulatorOptions.DataDirectorySetting}={data.FullName}", $"--{EmulatorOptions.PortSetting}=0",
            "--Logging:LogLevel:Default=Warning"]);
        using var outcomes = Listen(summary);
        await host.StartAsync(cancellation);
        try
        {
            var intake = host.Services.GetRequiredService<EventIntake>();
            var hubs = host.Services.GetRequiredService<EventHubsNamespace>();
            long sent = 0;
            await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(async () =>
            {
                foreach (var chunk in plan.Chunks(lane, Lanes, batch))
                {
                    var taken = await intake.TakeTransactionsAsync(chunk, cancellation);
                    summary.Outcome("refused_at_edge", taken.Rejected);
                    var lag = hubs.GetLag(EventStreams.TransactionsHub);
                    progress.Add(chunk.Count, (double)(Interlocked.Add(ref sent, chunk.Count) - lag) / plan.Events);
                }
            }, cancellation)));
            await hubs.WaitUntilDrainedAsync(EventStreams.TransactionsHub, cancellationToken: cancellation);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    private static MeterListener Listen(ReplaySummary summary)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == ProductMetrics.MeterName)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (instrument.Name == ProductMetrics.Payments)
                summary.Outcome((string)tags[0].Value!, value);
            else if (instrument.Name == ProductMetrics.Signals)
                summary.Signal("all", value);
        });
        listener.Start();
        return listener;
    }
}
