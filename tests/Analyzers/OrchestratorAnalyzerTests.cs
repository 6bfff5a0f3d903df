using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using ServerlessCLM.Analyzers;

namespace ServerlessCLM.Tests.Analyzers;

/// <summary>What orchestrators may do and what not, as code that is compiled here.</summary>
public sealed class OrchestratorAnalyzerTests
{
    static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>A statement of an orchestrator, and what is said of it.</summary>
    public static TheoryData<string, string> Bad => new()
    {
        { "var now = DateTime.Now;", "'DateTime.Now' in orchestrator 'Run': a replay would read another time; take context.CurrentUtcDateTime" },
        { "var now = DateTime.UtcNow;", "'DateTime.UtcNow'" },
        { "var day = DateTime.Today;", "'DateTime.Today'" },
        { "var now = DateTimeOffset.Now;", "'DateTimeOffset.Now'" },
        { "var now = DateTimeOffset.UtcNow;", "'DateTimeOffset.UtcNow'" },
        { "var now = TimeProvider.System.GetUtcNow();", "'TimeProvider.GetUtcNow'" },
        { "Plan(_clock);", "'_clock' in orchestrator 'Run': a replay would read another time" },
        { "var watch = Stopwatch.StartNew();", "'Stopwatch.StartNew'" },
        { "var watch = new Stopwatch();", "'new Stopwatch'" },
        { "var zone = TimeZoneInfo.Local;", "'TimeZoneInfo.Local'" },
        { "var id = Guid.NewGuid();", "'Guid.NewGuid' in orchestrator 'Run': a replay would draw another value; take context.NewGuid()" },
        { "var id = Guid.CreateVersion7();", "'Guid.CreateVersion7'" },
        { "var draw = Random.Shared.Next();", "'Random.Next'" },
        { "var draws = new Random();", "'new Random'" },
        { "var bytes = RandomNumberGenerator.GetBytes(8);", "'RandomNumberGenerator.GetBytes'" },
        { "var hash = \"a\".GetHashCode();", "'String.GetHashCode' in orchestrator 'Run': its value differs from process to process" },
        { "var hash = HashCode.Combine(1, 2);", "'HashCode.Combine'" },
        { "await Task.Delay(1000);", "'Task.Delay' in orchestrator 'Run': it does not wait durably; use context.CreateTimer" },
        { "await context.WaitForExternalEvent<int>(\"e\").WaitAsync(TimeSpan.FromDays(1));", "'Task.WaitAsync'" },
        { "var timer = new PeriodicTimer(TimeSpan.FromDays(1));", "'new PeriodicTimer'" },
        { "await Task.Run(() => 1);", "'Task.Run' in orchestrator 'Run': an orchestrator runs on one thread" },
        { "await Task.Factory.StartNew(() => 1);", "'TaskFactory.StartNew'" },
        { "await context.CallActivityAsync(\"A\").ContinueWith(_ => 1);", "'Task.ContinueWith'" },
        { "Parallel.For(0, 3, _ => { });", "'Parallel.For'" },
        { "Thread.Sleep(1);", "'Thread.Sleep'" },
        { "new Thread(() => { }).Start();", "'new Thread'" },
        { "ThreadPool.QueueUserWorkItem(_ => { });", "'ThreadPool.QueueUserWorkItem'" },
        { "context.CallActivityAsync(\"A\").Wait();", "'Task.Wait' in orchestrator 'Run': it blocks the orchestrator's only thread" },
        { "await context.CallActivityAsync(\"A\").ConfigureAwait(false);", "'Task.ConfigureAwait' in orchestrator 'Run': the code after it would run on another thread" },
        { "await context.CallActivityAsync<int>(\"A\").ConfigureAwait(ConfigureAwaitOptions.ForceYielding);", "'Task.ConfigureAwait'" },
        { "var text = File.ReadAllText(\"a\");", "'File.ReadAllText' in orchestrator 'Run': a replay would do it again, or find another answer; move it to an activity" },
        { "Directory.CreateDirectory(\"a\");", "'Directory.CreateDirectory'" },
        { "using var stream = new FileStream(\"a\", FileMode.Open);", "'new FileStream'" },
        { "var page = await _http.GetStringAsync(\"http://bank\");", "'HttpClient.GetStringAsync'" },
        { "await _tables.CreateIfNotExistsAsync();", "'_tables'" },
        { "Console.WriteLine(1);", "'Console.WriteLine'" },
        { "Process.Start(\"a\");", "'Process.Start'" },
        { "var flag = Environment.GetEnvironmentVariable(\"FLAG\");", "'Environment.GetEnvironmentVariable' in orchestrator 'Run': a replay may find another value" },
        { "var many = Environment.ProcessorCount;", "'Environment.ProcessorCount'" },
        { "s_count++;", "'Functions.s_count' in orchestrator 'Run': it is state of the process" },
        { "var count = Counted;", "'Functions.Counted'" },
        { "s_seen.TryAdd(1, 1);", "'Functions.s_seen'" },
        { "Func<DateTime> now = () => DateTime.UtcNow;", "'DateTime.UtcNow'" },
        { "int Draw() => Random.Shared.Next(); var draw = Draw();", "'Random.Next'" },
        { "Func<Guid> id = Guid.NewGuid;", "'Guid.NewGuid'" },
        { "var due = Due();", "'DateTime.UtcNow' in 'Due', which orchestrator 'Run' calls: a replay would read another time" },
        { "var due = Far();", "'DateTime.UtcNow' in 'Due', which orchestrator 'Run' calls" },
        { "Func<DateTime> due = Due;", "'DateTime.UtcNow' in 'Due', which orchestrator 'Run' calls" },
        { "var late = IsLate;", "'DateTime.UtcNow' in 'get_IsLate', which orchestrator 'Run' calls" },
        { "var plan = new Plan1();", "'Random.Next' in '.ctor', which orchestrator 'Run' calls" },
        { "var at = _calendar.Next();", "'DateTime.Now' in 'Next', which orchestrator 'Run' calls" },
        { "var at = context.Soon();", "'DateTime.UtcNow' in 'Soon', which orchestrator 'Run' calls" },
    };

    public static TheoryData<string> Good =>
    [
        "var now = context.CurrentUtcDateTime;",
        "var id = context.NewGuid();",
        "await context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);",
        "await Task.WhenAll(context.CallActivityAsync(\"A\"), context.CallActivityAsync(\"B\"));",
        "var first = await Task.WhenAny(context.CallActivityAsync<int>(\"A\"), context.WaitForExternalEvent<int>(\"e\")); var value = first.Result;",
        "var done = Task.FromResult(1); await done; await Task.CompletedTask;",
        "await context.CallActivityAsync(\"A\").ConfigureAwait(true);",
        "await context.CallActivityAsync(nameof(Charge), 1);",
        "using var stop = new CancellationTokenSource(); stop.Cancel();",
        "var text = Path.Combine(\"a\", \"b\") + Environment.NewLine + Limit + s_steps.Length;",
        "var date = new DateTime(2026, 1, 1).AddDays(1) + TimeSpan.FromDays(DateTime.MaxValue.Day);",
        "try { await context.CallActivityAsync(\"A\"); } catch (IOException wrong) { throw new IOException(\"again\", wrong); }",
        "var json = JsonSerializer.Serialize(new Dictionary<string, int> { [\"a\"] = 1 });",
        "var status = System.Net.HttpStatusCode.OK;",
        "var at = Pure(context.CurrentUtcDateTime);",
        "context.SetCustomStatus(string.Create(CultureInfo.InvariantCulture, $\"{1}\"));",
        "context.CreateReplaySafeLogger<Functions>().LogInformation(\"once\");",
    ];

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task An_orchestrator_that_does_not_replay_is_refused(string statement, string message)
    {
        var found = await AnalyzeAsync(Source(statement));
        Assert.Contains(found, said => said.StartsWith("CLM001: " + message, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Good))]
    public async Task An_orchestrator_that_replays_is_let_be(string statement) => Assert.Empty(await AnalyzeAsync(Source(statement)));

    [Fact]
    public async Task Activities_and_what_no_orchestrator_calls_may_do_what_they_like() => Assert.Empty(await AnalyzeAsync(Source("await Task.CompletedTask;")));

    [Fact]
    public async Task The_attribute_of_Azure_counts_as_well()
    {
        var found = await AnalyzeAsync("""
            namespace Microsoft.Azure.Functions.Worker { public sealed class OrchestrationTriggerAttribute : System.Attribute { } }
            public class Functions
            {
                public System.DateTime Run([Microsoft.Azure.Functions.Worker.OrchestrationTrigger] object context) => System.DateTime.UtcNow;
            }
            """);
        Assert.Single(found, said => said.StartsWith("CLM001: 'DateTime.UtcNow' in orchestrator 'Run'", StringComparison.Ordinal));
    }

    static string Source(string statement) => $$"""
        using System; using System.Collections.Concurrent; using System.Collections.Generic; using System.Diagnostics; using System.Globalization;
        using System.IO; using System.Linq; using System.Net.Http; using System.Security.Cryptography; using System.Text.Json; using System.Threading;
        using System.Threading.Tasks; using Microsoft.Extensions.Logging; using ServerlessCLM.Emulator;
        public class Functions
        {
            const int Limit = 3;
            static readonly int[] s_steps = { 1, 2 };
            static readonly ConcurrentDictionary<int, int> s_seen = new();
            static int s_count;
            readonly TimeProvider _clock = TimeProvider.System;
            readonly HttpClient _http = new();
            readonly TableClient _tables = null!;
            readonly ICalendar _calendar = new Calendar();
            static int Counted { get; set; }
            [Function("Run")]
            public async Task<object> Run([OrchestrationTrigger] TaskOrchestrationContext context)
            {
                {{statement}}
                await context.CallActivityAsync("A");
                return null!;
            }
            [Function("Charge")]
            public async Task Charge([ActivityTrigger] int amount)
            {
                await Task.Delay(1);
                s_count++;
                File.WriteAllText(DateTime.UtcNow.ToString(), await _http.GetStringAsync("http://bank"));
            }
            static DateTime Due() => DateTime.UtcNow;
            static DateTime Far() => Due().AddDays(1);
            static DateTime Pure(DateTime now) => now.AddDays(1);
            static bool IsLate => DateTime.UtcNow.Hour > 20;
            static void Plan(TimeProvider clock) { }
        }
        public class Plan1 { public Plan1() => Draw = Random.Shared.Next(); public int Draw { get; } }
        public interface ICalendar { DateTime Next(); }
        public class Calendar : ICalendar { public DateTime Next() => DateTime.Now; }
        public static class Extensions { public static DateTime Soon(this TaskOrchestrationContext context) => DateTime.UtcNow; }
        """;

    /// <summary>What the compiler and the analyzer say of a source, as <c>id: message</c>; warnings aside.</summary>
    static async Task<List<string>> AnalyzeAsync(string source)
    {
        var compilation = CSharpCompilation.Create(
            "Checked",
            [CSharpSyntaxTree.ParseText(source)],
            References,
            new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var errors = compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Empty(errors);
        var found = await compilation.WithAnalyzers([new OrchestratorAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        return [.. found.Select(diagnostic => $"{diagnostic.Id}: {diagnostic.GetMessage()}")];
    }
}
