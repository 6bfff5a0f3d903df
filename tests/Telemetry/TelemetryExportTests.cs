using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Tests.Telemetry;

public class TelemetryExportTests
{
    [Fact]
    public async Task A_collector_gets_spans_and_metrics_by_OTLP_before_the_host_has_stopped()
    {
        var got = new ConcurrentDictionary<string, string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var collector = builder.Build();
        collector.MapPost("/v1/{signal}", async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            got.AddOrUpdate((string)context.Request.RouteValues["signal"]!, Encoding.Latin1.GetString(body.ToArray()), (_, before) => before + Encoding.Latin1.GetString(body.ToArray()));
        });
        await collector.StartAsync();
        await using (var product = await Product.StartAsync(data: null, $"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Urls.First()}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"))
        {
            var (status, _) = await product.SendAsync(HttpMethod.Post, "api/transactions", Encoding.UTF8.GetString(Product.Payment("C-1", "p-1", Product.Now)));
            Assert.Equal(202, status);
            await product.DrainAsync("transactions");
        }

        foreach (var span in (string[])["clm.intake", "clm.process", "PostTransactions", "serverlessclm"])
            Assert.Contains(span, got["traces"], StringComparison.Ordinal);
        foreach (var metric in (string[])["clm.payments", "clm.batch.lag", "http.server.request.duration", "serverlessclm"])
            Assert.Contains(metric, got["metrics"], StringComparison.Ordinal);
    }
}
