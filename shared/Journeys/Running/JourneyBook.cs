using System.Globalization;
using System.Text.Json.Serialization;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Journeys;

/// <summary>One time that a customer was in a journey.</summary>
/// <param name="Instance">Id of the orchestration.</param>
/// <param name="Journey">Which.</param>
/// <param name="Version">Of it.</param>
/// <param name="Digest">Of the version's content.</param>
/// <param name="Cause">What caused the entry.</param>
/// <param name="Entered">When.</param>
public sealed record JourneyEntryRecord(string Instance, string Journey, int Version, string Digest, string Cause, DateTimeOffset Entered)
{
    /// <summary>The node reached last, as far as it is on record, and when.</summary>
    public string? Node { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>Number of the last step on record.</summary>
    public int Steps { get; init; }

    /// <summary>Nodes passed, each once.</summary>
    public IReadOnlyList<string> Passed { get; init => field = value ?? []; } = [];

    public JourneyOutcome? Outcome { get; init; }

    public DateTimeOffset? Ended { get; init; }

    /// <summary>When the goal was reached, also after the end; and what it is worth.</summary>
    public DateTimeOffset? Goal { get; init; }

    public double? Value { get; init; }

    /// <summary>What started it, for what comes after its end.</summary>
    public System.Text.Json.Nodes.JsonObject? Signal { get; init; }

    [JsonIgnore]
    public bool IsRunning => Ended is null;
}

/// <summary>The journeys of a customer: one row of the partition.</summary>
/// <param name="Entries">Newest first: all that run, and the last that have ended.</param>
/// <param name="Last">When each journey was entered last.</param>
public sealed record JourneyBook(IReadOnlyList<JourneyEntryRecord> Entries, IReadOnlyDictionary<string, DateTimeOffset> Last)
{
    /// <summary>Ended journeys kept at the most, and running ones.</summary>
    public const int KeptEnded = 30, MostRunning = 40;

    public static readonly JourneyBook Empty = new([], new Dictionary<string, DateTimeOffset>());

    public IEnumerable<JourneyEntryRecord> Running => Entries.Where(entry => entry.IsRunning);

    public static JourneyBook Of(CustomerSession session) => session.Get(CustomerRows.Journeys, JourneysJson.Default.JourneyBook) ?? Empty;

    public JourneyEntryRecord? Find(string instance) => Entries.FirstOrDefault(entry => entry.Instance == instance);

    public JourneyBook With(JourneyEntryRecord entry)
    {
        var isNew = Find(entry.Instance) is null;
        List<JourneyEntryRecord> entries = isNew ? [entry, .. Entries] : [.. Entries.Select(known => known.Instance == entry.Instance ? entry : known)];
        var surplus = entries.Where(known => !known.IsRunning).Skip(KeptEnded).ToHashSet();
        return new JourneyBook(
            [.. entries.Where(known => !surplus.Contains(known))],
            isNew ? new Dictionary<string, DateTimeOffset>(Last, StringComparer.Ordinal) { [entry.Journey] = entry.Entered } : Last);
    }

    public void PutInto(CustomerSession session) => session.Put(CustomerRows.Journeys, this, JourneysJson.Default.JourneyBook);

    /// <summary>Row of a step.</summary>
    public static string StepRow(string instance, JourneyStep step) => CustomerRows.Dated(
        CustomerRows.JourneyStepPrefix, step.At.ToUnixTimeMilliseconds(), string.Create(CultureInfo.InvariantCulture, $"{instance}-{step.Number:D5}"));
}

/// <summary>A step as kept with the customer.</summary>
/// <param name="Instance">Of which run.</param>
/// <param name="Journey">Of which journey.</param>
/// <param name="Step">The step.</param>
public sealed record JourneyStepRow(string Instance, string Journey, JourneyStep Step);

/// <summary>How journeys are kept with customers.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(JourneyBook))]
[JsonSerializable(typeof(JourneyStepRow))]
[JsonSerializable(typeof(PersonTask))]
public sealed partial class JourneysJson : JsonSerializerContext;
