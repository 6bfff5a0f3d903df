using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Journeys;

/// <summary>What journeys leave in a customer's commit: the book, the steps, the audit chain, and a count for everybody's figures.</summary>
public static class JourneyRecords
{
    /// <summary>The customer has entered.</summary>
    public static void Entered(CustomerSession session, JourneyEntryRecord entry, string by)
    {
        Audit(session, entry, "entered", entry.Entered, new JsonObject { ["cause"] = entry.Cause, ["by"] = by });
        JourneyCount.Emit(session, new JourneyCount(entry.Journey, entry.Version, entry.Instance, 0) { Entered = 1 }, entry.Entered);
    }

    /// <summary>Keeps steps that are not on record yet.</summary>
    /// <param name="session">The customer, with the row <see cref="CustomerRows.Journeys"/>.</param>
    /// <param name="run">Whose steps.</param>
    /// <param name="trail">In their order.</param>
    public static void Passed(CustomerSession session, JourneyRun run, IReadOnlyList<JourneyStep> trail)
    {
        var book = JourneyBook.Of(session);
        if (trail.Count == 0 || book.Find(run.Instance) is not { } entry || entry.Steps >= trail[^1].Number)
            return;

        var fresh = trail.Where(step => step.Number > entry.Steps).ToList();
        foreach (var step in fresh)
            session.Put(JourneyBook.StepRow(run.Instance, step), new JourneyStepRow(run.Instance, run.Journey, step), JourneysJson.Default.JourneyStepRow);

        if (entry.Version != run.Version)
        {
            // Who moves leaves the figures of the one version for those of the other.
            JourneyCount.Emit(session, new JourneyCount(entry.Journey, entry.Version, entry.Instance, fresh[0].Number) { Left = entry.Node is { } at ? [at] : [], Ended = "moved" }, fresh[0].At);
            JourneyCount.Emit(session, new JourneyCount(run.Journey, run.Version, run.Instance, 0) { Entered = 1 }, fresh[0].At);
        }

        book.With(entry with
        {
            Version = run.Version, Digest = run.Digest, Node = fresh[^1].Node, Since = fresh[^1].At, Steps = fresh[^1].Number, Passed = [.. entry.Passed.Union(fresh.Select(step => step.Node), StringComparer.Ordinal)],
        }).PutInto(session);
        JourneyCount.Emit(session, new JourneyCount(run.Journey, run.Version, run.Instance, fresh[^1].Number)
        {
            Reached = [.. fresh.Select(step => step.Node)],
            Left = [.. fresh.Where(step => step.By != "migration").Select(step => step.From).OfType<string>()],
            First = [.. fresh.Select(step => step.Node).Distinct(StringComparer.Ordinal).Where(node => !entry.Passed.Contains(node))],
        }, fresh[^1].At);
    }

    /// <summary>It has ended.</summary>
    public static void Ended(CustomerSession session, JourneyEntryRecord entry, JourneyState state, DateTimeOffset now)
    {
        Audit(session, entry, "ended", now, new JsonObject { ["outcome"] = JsonNamingPolicy.CamelCase.ConvertName(entry.Outcome!.Kind.ToString()), ["reason"] = entry.Outcome.Reason });
        JourneyCount.Emit(session, new JourneyCount(entry.Journey, entry.Version, entry.Instance, int.MaxValue)
        {
            Left = [state.Node], Ended = JsonNamingPolicy.CamelCase.ConvertName(entry.Outcome.Kind.ToString()),
        }, now);
    }

    private static void Audit(CustomerSession session, JourneyEntryRecord entry, string step, DateTimeOffset at, JsonObject more)
    {
        var content = new JsonObject { ["id"] = entry.Instance, ["step"] = step, ["journey"] = entry.Journey, ["version"] = entry.Version, ["digest"] = entry.Digest };
        foreach (var (name, value) in more)
            content[name] = value?.DeepClone();
        session.Record(new AuditRecord("journey", at, content));
    }
}

/// <summary>Goals of journeys as the rest of the product sees them.</summary>
public static class JourneyGoals
{
    /// <summary>The goal of an entry is reached: counted once, and told to experiments as the signal <c>goal_JOURNEY</c>.</summary>
    public static JourneyEntryRecord Reach(CustomerSession session, JourneyEntryRecord entry, DateTimeOffset now, double? value)
    {
        if (entry.Goal is not null)
            return entry;

        var id = JourneyIds.Part(entry.Instance, "goal", 1);
        var name = $"goal_{entry.Journey}";
        session.Emit(new Effect(id, EventStreams.SignalsHub, new JsonObject
        {
            ["specversion"] = "1.0", ["id"] = id, ["source"] = "/clm/journeys", ["type"] = Scoring.SignalEffects.EventType, ["subject"] = session.Customer.Value,
            ["time"] = Instant.Text(now), ["datacontenttype"] = "application/json",
            ["data"] = new JsonObject { ["id"] = id, ["name"] = name, ["at"] = Instant.Text(now), ["observed"] = value },
        }.ToJsonString()));
        JourneyCount.Emit(session, new JourneyCount(entry.Journey, entry.Version, entry.Instance, -1) { Converted = entry.Passed, Goals = 1, Value = value ?? 0 }, now);
        return entry with { Goal = now, Value = value };
    }
}

/// <summary>What one commit of a customer adds to a journey's figures; the data of a <c>clm.journey.v1</c> event.</summary>
/// <param name="Journey">Which.</param>
/// <param name="Version">Of it.</param>
/// <param name="Instance">Of which run; with <paramref name="Number"/> it tells a repetition.</param>
/// <param name="Number">Of the step.</param>
public sealed record JourneyCount(string Journey, int Version, string Instance, int Number)
{
    public const string EventType = "clm.journey.v1";

    /// <summary>When; ids are forgotten by it.</summary>
    public DateTimeOffset At { get; init; }

    public int Entered { get; init; }

    /// <summary>Nodes reached, as often as they were.</summary>
    public IReadOnlyList<string> Reached { get; init => field = value ?? []; } = [];

    public IReadOnlyList<string> Left { get; init => field = value ?? []; } = [];

    /// <summary>Nodes reached for the first time in this run.</summary>
    public IReadOnlyList<string> First { get; init => field = value ?? []; } = [];

    /// <summary>Nodes passed by somebody who reached the goal.</summary>
    public IReadOnlyList<string> Converted { get; init => field = value ?? []; } = [];

    public int Goals { get; init; }

    public double Value { get; init; }

    /// <summary>How it ended, when it did.</summary>
    public string? Ended { get; init; }

    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Instance}-{Version}-{Number}");

    public static void Emit(CustomerSession session, JourneyCount count, DateTimeOffset at) => session.Emit(new Effect(count.Id, EventStreams.SignalsHub, new JsonObject
    {
        ["specversion"] = "1.0", ["id"] = count.Id, ["source"] = "/clm/journeys", ["type"] = EventType, ["subject"] = session.Customer.Value,
        ["time"] = Instant.Text(at), ["datacontenttype"] = "application/json",
        ["data"] = JsonSerializer.SerializeToNode(count with { At = at }, JourneyCountJson.Default.JourneyCount),
    }.ToJsonString()));
}

[System.Text.Json.Serialization.JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault,
    Converters = [typeof(InstantConverter)])]
[System.Text.Json.Serialization.JsonSerializable(typeof(JourneyCount))]
[System.Text.Json.Serialization.JsonSerializable(typeof(JourneyFigures))]
public sealed partial class JourneyCountJson : System.Text.Json.Serialization.JsonSerializerContext;
