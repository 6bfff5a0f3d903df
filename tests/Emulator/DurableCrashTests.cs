using System.Collections.Concurrent;
using System.Globalization;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>
/// Generated orchestrations whose process is killed around commits: before one, so that it is lost, or after it, so that nobody
/// hears of it. A turn and an activity's end are one commit each, so that is at every await. All must end as they do in peace.
/// </summary>
public sealed class DurableCrashTests
{
    const int Seeds = 200;

    /// <summary>Single kills per seed, at commits drawn from it; CLM_CRASH_POINTS asks for more, 0 for each commit, before and after it.</summary>
    static readonly int Points = Setting("CLM_CRASH_POINTS", 1);

    [Fact]
    public async Task Orchestrations_that_are_killed_at_every_commit_end_as_in_peace()
    {
        var crashes = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var none = new CrashAt();
            var peace = await EndAsync(seed, none);

            var number = 0;
            var killed = await EndAsync(seed, new CrashAt(before: 0), () => number++ % 2 == 0 ? new CrashAt(after: 0) : new CrashAt(before: 0));
            Compare(peace, killed, $"seed {seed}, killed before and after every commit");
            crashes += killed.Crashes;

            foreach (var (at, before) in Kills(seed, none.Commits))
            {
                killed = await EndAsync(seed, before ? new CrashAt(before: at) : new CrashAt(after: at));
                Compare(peace, killed, $"seed {seed}, killed {(before ? "before" : "after")} commit {at}");
                crashes += killed.Crashes;
            }
        }

        Assert.True(crashes > 50 * Seeds, $"{crashes} crashes");
    }

    [Fact]
    public async Task An_event_carried_over_a_restart_took_the_place_of_the_next()
    {
        await using var hub = new TestHub(new DelegateCode().Orchestrator("Carry", async context =>
        {
            if (context.GetInput<string>() == "again")
                return await context.WaitForExternalEvent<string>("n") + await context.WaitForExternalEvent<string>("n");
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            context.ContinueAsNew("again");
            return null;
        }));
        var id = await hub.RunAsync("Carry");
        await hub.Client.RaiseEventAsync(id, "n", "1");
        await hub.Hub.WhenIdleAsync();
        await hub.ReopenAsync();
        await hub.Client.RaiseEventAsync(id, "n", "2");
        await hub.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal("12", (await hub.GetAsync(id)).ReadOutputAs<string>());
    }

    static IEnumerable<(int At, bool Before)> Kills(int seed, int commits)
    {
        var draws = new Rng((ulong)seed);
        return Points > 0
            ? Enumerable.Range(0, Points).Select(_ => (draws.Below(commits), draws.Below(2) == 0))
            : Enumerable.Range(0, 2 * commits).Select(point => (point / 2, point % 2 == 0));
    }

    static void Compare(Ending peace, Ending war, string what)
    {
        Assert.True(peace.Instances.SequenceEqual(war.Instances, StringComparer.Ordinal), $"{what}:\n{Difference(peace.Instances, war.Instances)}");
        Assert.True(peace.Effects.SequenceEqual(war.Effects, StringComparer.Ordinal), $"{what}, effects:\n{Difference(peace.Effects, war.Effects)}");
    }

    static string Difference(IReadOnlyList<string> peace, IReadOnlyList<string> war) =>
        string.Join('\n', peace.Except(war, StringComparer.Ordinal).Select(line => "- " + line).Concat(war.Except(peace, StringComparer.Ordinal).Select(line => "+ " + line)));

    static async Task<Ending> EndAsync(int seed, CrashAt first, Func<CrashAt>? next = null)
    {
        var effects = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        await using var hub = new TestHub(GeneratedOrchestration.CodeOf(seed, effects), first) { NextCrash = next ?? (static () => new()) };
        await GeneratedOrchestration.RunAsync(hub, seed);
        Assert.Empty(hub.Hub.SetAside);
        var instances = new List<string>();
        await foreach (var instance in hub.Client.GetAllInstancesAsync(new OrchestrationQuery(FetchInputsAndOutputs: true)))
        {
            instances.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{instance} {instance.CreatedAt:O} {instance.LastUpdatedAt:O} {instance.SerializedInput} -> {instance.SerializedOutput} {instance.FailureDetails?.ErrorMessage} {instance.SerializedCustomStatus}"));
            instances.AddRange(HistoryOf(hub, instance.InstanceId));
        }

        return new(instances, [.. effects.Keys.Order(StringComparer.Ordinal)], hub.Crashes);
    }

    /// <summary>Everything that happened to an instance in its last run, in no order: which turn takes what is no promise.</summary>
    static List<string> HistoryOf(TestHub hub, string id)
    {
        var (events, _) = hub.Hub.Store.Read(reader => reader.History(reader.Instance(id)!.Key, id));
        var ends = events.FindAll(item => item.Kind is HistoryKind.ActivityCompleted or HistoryKind.ActivityFailed or HistoryKind.TimerFired
            or HistoryKind.SubOrchestrationCompleted or HistoryKind.SubOrchestrationFailed);
        Assert.Distinct(ends.Select(item => item.Id));
        return [.. events.Where(item => item.Kind is not (HistoryKind.TurnStarted or HistoryKind.TimerFired))
            .Select(item => $"{id}: {item.Kind} {item.Id} {item.Name} {item.Target} {item.Ticks} {(item.Kind is HistoryKind.ActivityFailed or HistoryKind.SubOrchestrationFailed ? "" : item.Payload)}")
            .Order(StringComparer.Ordinal)];
    }

    static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    sealed record Ending(IReadOnlyList<string> Instances, IReadOnlyList<string> Effects, int Crashes);
}
