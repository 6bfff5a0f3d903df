using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessCLM.Customers;
using ServerlessCLM.Documents;
using ServerlessCLM.Emulator;
using ServerlessCLM.Functions;
using ServerlessCLM.Functions.Journeys;
using ServerlessCLM.Journeys;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Bench.Journeys;

/// <summary>Journeys in the whole product: signals entering, customers waiting; and, by itself, a virtual year.</summary>
internal static class JourneysBench
{
    private static readonly DateTimeOffset Start = new(2027, 1, 1, 8, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(TextWriter output)
    {
        await EntriesAsync(output);
        await WaitingAsync(output);
    }

    /// <summary>Signals in the hub until each has its run: entry committed, orchestration on disk, all flushed.</summary>
    private static async Task EntriesAsync(TextWriter output)
    {
        const int Signals = 10_000;
        await using var host = await HostAsync(null);
        await PutAsync(host, Patient());
        await Parallel.ForAsync(0, Signals, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (i, cancellation) =>
            await host.Get<CustomerStore>().UpdateAsync(Customer(i), session => session.Changed = true, cancellation));

        // An approved journey is in force within half a minute: signals before that enter nothing.
        while (!(await host.Get<LiveJourneys>().GetAsync(CancellationToken.None)).ContainsKey("patient"))
            await Task.Delay(500);
        var started = Stopwatch.GetTimestamp();
        await host.Get<EventStreams>().Signals.WriteAsync([.. Enumerable.Range(0, Signals).Select(i => new OutgoingEvent(Customer(i).Value, Signal(Customer(i), i)))], CancellationToken.None);
        var (client, tenant) = (new EmulatorDurableTaskClient(host.Get<TaskHub>()), host.Get<ProductOptions>().Tenant);
        for (var i = 0; i < Signals;)
        {
            if (await client.GetInstanceAsync(JourneyIds.Instance(tenant, Customer(i).Value, "patient", $"{Customer(i)}-{i}")) is not null)
                i++;
            else
                await Task.Delay(20);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Signals:N0} signals into their journeys, durable: {seconds:N1} s, {Signals / seconds:N0}/s (target 1,000/s)"));
    }

    private static async Task WaitingAsync(TextWriter output)
    {
        const int Waiting = 100_000;
        await using var host = await HostAsync(null, "--CLM_UNSYNCED=true");
        var compiled = CompiledJourney.Of(Patient());
        var client = new EmulatorDurableTaskClient(host.Get<TaskHub>());
        foreach (var chunk in Enumerable.Range(0, Waiting).Chunk(5_000))
        {
            await Task.WhenAll(chunk.Select(i =>
            {
                var run = new JourneyRun("bench", Customer(i).Value, "patient", 1, compiled.Digest, JourneyIds.Instance("bench", Customer(i).Value, "patient", "bench"), new JsonObject { ["name"] = "go" });
                var start = new JourneyStart(run, compiled.Content, Interpreter.Begin(compiled.Document, DateTimeOffset.UnixEpoch.AddYears(80)) with { Trail = [] });
                return client.ScheduleNewOrchestrationInstanceAsync(RunJourney.Name, start, new StartOrchestrationOptions(run.Instance));
            }));
        }

        await host.Get<TaskHub>().WhenIdleAsync();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        await output.WriteLineAsync($"{Waiting:N0} customers waiting in a journey: {GC.GetTotalMemory(forceFullCollection: true) >> 20:N0} MB live, {process.WorkingSet64 >> 20:N0} MB resident (target 1 GB)");
    }

    /// <summary>10,000 customers, each in four journeys over the year, each of which waits twice and writes two messages.</summary>
    public static async Task YearAsync(TextWriter output)
    {
        const int Customers = 10_000, Entries = 4;
        var clock = new VirtualClock(Start);
        await using var host = await HostAsync(clock, "--CLM_UNSYNCED=true");
        await PutAsync(host, Writing());
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Customers; i++)
        {
            await host.Get<CustomerStore>().UpdateAsync(Customer(i), session =>
            {
                var profile = Profile.Empty.Replace(new JsonObject { ["country"] = "DE", ["language"] = "en", ["email"] = "a@example.com" });
                profile.PutInto(session, Profile.Empty, Start);
                new Consent("marketing", "email", ConsentStatus.Granted, Start, "form").PutInto(session);
                return true;
            }, CancellationToken.None, CustomerRows.Profile, CustomerRows.Consent("marketing", "email"));
        }

        var time = host.Get<VirtualTime>();
        await time.AdvanceToAsync(Start.AddMinutes(1), CancellationToken.None);
        for (var day = 0; day < 365; day++)
        {
            if (day % 30 == 29)
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"day {day + 1} of 365 after {Stopwatch.GetElapsedTime(started).TotalSeconds:N0} s"));
            await host.Get<EventStreams>().Signals.WriteAsync([.. Enumerable.Range(0, Customers).Where(i => day < Entries * 90 && (day - i) % 90 == 0)
                .Select(i => new OutgoingEvent(Customer(i).Value, Signal(Customer(i), day)))], CancellationToken.None);
            await time.AdvanceToAsync(Start.AddDays(day + 1), CancellationToken.None);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var figures = await host.Get<JourneyTotals>().ReadAsync("writing", 1, CancellationToken.None);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"a virtual year of {Customers:N0} customers: {figures.Entered:N0} runs, {figures.Nodes.Values.Sum(node => node.Reached):N0} steps, {seconds:N0} s (target 300 s)"));
    }

    private static async Task<JourneyHost> HostAsync(VirtualClock? clock, params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("clm-bench-").FullName;
        var host = ServerlessClm.Create([$"--CLM_DATA={folder}", "--CLM_PORT=0", "--CLM_FUNCTION_KEY=bench", .. settings], services =>
        {
            services.AddLogging(logging => logging.ClearProviders());
            if (clock is not null)
                services.AddVirtualTime(clock, new VirtualTimeSettings(1));
        });
        await host.StartAsync();
        return new JourneyHost(host, folder);
    }

    private static async Task PutAsync(JourneyHost host, JsonObject journey)
    {
        var (workflow, kind, id) = (host.Get<DocumentWorkflow>(), host.Get<IEnumerable<DocumentKind>>().Single(each => each.Name == JourneyDocument.Kind), (string)journey["id"]!);
        await workflow.SaveAsync(kind, id, journey, null, "ann", null, CancellationToken.None);
        await workflow.SubmitAsync(kind, id, 1, "ann", null, CancellationToken.None);
        await workflow.DecideAsync(kind, id, 1, approve: true, DocumentStore.DigestOf(journey), "bob", null, CancellationToken.None);
    }

    private static CustomerId Customer(int number) => CustomerId.Parse(string.Create(CultureInfo.InvariantCulture, $"C-{number}"));

    private static byte[] Signal(CustomerId customer, int number)
    {
        var (id, at) = (string.Create(CultureInfo.InvariantCulture, $"{customer}-{number}"), Instant.Text(Start));
        return Encoding.UTF8.GetBytes(new JsonObject
        {
            ["specversion"] = "1.0", ["id"] = id, ["source"] = "/clm/signals", ["type"] = SignalEffects.EventType, ["subject"] = customer.Value, ["time"] = at,
            ["data"] = new JsonObject { ["id"] = id, ["name"] = "go", ["at"] = at },
        }.ToJsonString());
    }

    private static JsonObject Patient() => Journey("patient", """{ "start": { "wait": "P30D", "next": "end" }, "end": { "end": "completed" } }""");

    private static JsonObject Writing() => Journey("writing", """
        {
          "start": { "wait": "P7D", "next": "one" }, "one": { "message": "first-purchase-reminder", "channel": "email", "next": "rest", "refused": "rest" },
          "rest": { "wait": "P14D", "next": "two" }, "two": { "message": "first-purchase-reminder", "channel": "email", "next": "end", "refused": "end" },
          "end": { "end": "completed" }
        }
        """);

    private static JsonObject Journey(string id, string nodes) => JsonNode.Parse($$"""
        {
          "id": "{{id}}", "version": 1, "stage": "activate", "sector": "card", "purpose": "marketing",
          "entry": { "signal": "go", "reentry": "always" }, "goal": { "signal": "first_use", "within": "P60D" }, "start": "start", "nodes": {{nodes}}
        }
        """)!.AsObject();

    private sealed class JourneyHost(IHost host, string folder) : IAsyncDisposable
    {
        public T Get<T>() where T : notnull => host.Services.GetRequiredService<T>();

        public async ValueTask DisposeAsync()
        {
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
