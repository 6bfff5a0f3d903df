using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Messages.Channels;
using ServerlessCLM.Models;
using ServerlessCLM.Scoring;
using ServerlessCLM.Telemetry;

namespace ServerlessCLM.Journeys;

/// <summary>What has come of happenings: orchestrations to be started, and to be told. Both may be done again.</summary>
/// <param name="Starts">One that runs already, or has ended, is not to be started again.</param>
/// <param name="Told">One that has ended need not hear it.</param>
public sealed record JourneyNews(IReadOnlyList<JourneyStart> Starts, IReadOnlyList<(string Instance, JourneyHappening Happening)> Told)
{
    public static readonly JourneyNews None = new([], []);
}

/// <summary>
/// Takes what happens to customers to their journeys: who may enters, in the customer's commit, and who is in one is told. Told again, it finds the
/// entry that is there.
/// </summary>
public sealed partial class JourneyIntake(
    CustomerStore store, Outbox outbox, LiveJourneys journeys, LiveModels models, JourneyTotals totals, ProductOptions options, TimeProvider time)
{
    /// <summary>Takes events of the signals hub: signals, receipts and news of profiles and consents to the journeys, and journeys' own counts to their figures.</summary>
    public async Task<JourneyNews> TakeSignalsAsync(IReadOnlyList<EventData> events, CancellationToken cancellation)
    {
        var parsed = events.Select(data => (Event: JsonNode.Parse(data.EventBody.ToMemory().Span)!.AsObject(), Data: data)).ToList();
        var counts = parsed.Where(each => (string?)each.Event["type"] == JourneyCount.EventType).Select(each => (
            CustomerId.Parse((string)each.Event["subject"]!), Count: each.Event["data"].Deserialize(JourneyCountJson.Default.JourneyCount)!)).ToList();
        await totals.AddAsync(counts, cancellation);
        var news = await TakeAsync(parsed.Where(each => (string?)each.Event["type"] is SignalEffects.EventType or Profile.ChangedType or Consent.ChangedType or Receipts.EventType)
            .Select(each => (CustomerId.Parse((string)each.Event["subject"]!), HappeningOf(each.Event) with { Trace = ProductTraces.Of(each.Data) })), cancellation);
        counts.ForEach(each => ProductMetrics.Passed(each.Count));
        return news;
    }

    /// <summary>Takes events of the events hub: outcomes.</summary>
    public Task<JourneyNews> TakeEventsAsync(IReadOnlyList<EventData> events, CancellationToken cancellation) => TakeAsync(events.Select(data =>
        // What cannot be read was set aside by the function that takes events in, and is nothing here.
        CustomerEvent.TryParse(data.EventBody.ToMemory().Span, data.EnqueuedTime.ToUnixTimeMilliseconds(), out var read, out _) ? read switch
        {
            OutcomeEvent outcome => (outcome.Customer, OutcomeOf(outcome.Row) with { Trace = ProductTraces.Of(data) }),
            // News of the profile come from the commit that takes them in: here they may not be there yet.
            _ => ((CustomerId, JourneyHappening)?)null,
        } : null).OfType<(CustomerId, JourneyHappening)>(), cancellation);

    /// <summary>Takes happenings of many customers, each customer's in their order.</summary>
    public async Task<JourneyNews> TakeAsync(IEnumerable<(CustomerId Customer, JourneyHappening Happening)> happenings, CancellationToken cancellation)
    {
        var inForce = await journeys.GetAsync(cancellation);
        var (starts, told, entries, gate) = (new List<JourneyStart>(), new List<(string, JourneyHappening)>(), new List<OutboxEntry>(), new Lock());
        await Parallel.ForEachAsync(happenings.GroupBy(each => each.Customer, each => each.Happening),
            new ParallelOptions { MaxDegreeOfParallelism = options.CommitConcurrency, CancellationToken = cancellation },
            async (group, token) =>
            {
                var all = group.ToList();
                for (var next = 0; next < all.Count;)
                {
                    var (news, passed, entry) = await TakeAsync(group.Key, all, next, inForce, token);
                    next = passed;
                    lock (gate)
                    {
                        starts.AddRange(news.Starts);
                        told.AddRange(news.Told);
                        if (entry is not null)
                            entries.Add(entry);
                    }
                }
            });
        await outbox.DispatchAsync(entries, cancellation);
        return new JourneyNews(starts, told);
    }

    private async Task<(JourneyNews News, int Passed, OutboxEntry? Outbox)> TakeAsync(
        CustomerId customer, List<JourneyHappening> happenings, int from, IReadOnlyDictionary<string, CompiledJourney> inForce, CancellationToken cancellation)
    {
        var set = await models.GetAsync(cancellation);
        var full = await FullAsync(happenings, inForce, cancellation);
        while (true)
        {
            IReadOnlyList<JourneyEntryRecord> missing = [];
            var commit = await store.UpdateAsync(customer, session =>
            {
                if (session.Erased is not null)
                    return (JourneyNews.None, happenings.Count);

                var pass = new Pass(session, set, inForce, journeys, full, options.Tenant, time.GetUtcNow());
                missing = pass.Missing();
                return missing.Count > 0 ? (JourneyNews.None, from) : pass.Take(happenings, from);
            }, cancellation, RowsOf(happenings, inForce));
            if (missing.Count == 0)
                return (commit.Result.Item1, commit.Result.Item2, commit.Outbox);

            foreach (var entry in missing)
                await journeys.VersionAsync(entry.Journey, entry.Digest, cancellation);
        }
    }

    /// <summary>Customers in the journeys that have a limit and that something here could start.</summary>
    private async Task<IReadOnlyDictionary<string, long>> FullAsync(
        IEnumerable<JourneyHappening> happenings, IReadOnlyDictionary<string, CompiledJourney> inForce, CancellationToken cancellation)
    {
        var names = happenings.Select(happening => happening.Name).ToHashSet(StringComparer.Ordinal);
        var running = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var journey in inForce.Values.Select(compiled => compiled.Document).Where(journey => journey.Entry.Most is not null && journey.Entry.Signal.Any(names.Contains)))
            running[journey.Id] = (await totals.ReadAsync(journey.Id, journey.Version, cancellation)).Running;
        return running;
    }

    /// <summary>What is read of the customer: all that conditions see, where any journey could start.</summary>
    private static IReadOnlyList<string> RowsOf(List<JourneyHappening> happenings, IReadOnlyDictionary<string, CompiledJourney> inForce) =>
        happenings.Exists(happening => happening.Kind == HappeningKind.Signal && inForce.Values.Any(compiled => compiled.Document.Entry.Signal.Contains(happening.Name)
            || compiled.Document.Goal?.Signal.Contains(happening.Name) == true)) ? [CustomerRows.Journeys, .. Decisions.CustomerSnapshot.Rows] : [CustomerRows.Journeys];

    private static JourneyHappening HappeningOf(JsonObject cloudEvent)
    {
        if ((string?)cloudEvent["type"] is Profile.ChangedType or Consent.ChangedType)
        {
            var what = (string?)cloudEvent["type"] == Profile.ChangedType ? "profile" : "consent";
            return new JourneyHappening((string)cloudEvent["id"]!, HappeningKind.Profile, what, (DateTimeOffset)cloudEvent["time"]!, []);
        }

        var data = (JsonObject)cloudEvent["data"]!.DeepClone();
        foreach (var (name, value) in data["details"] as JsonObject ?? [])
        {
            if (!data.ContainsKey(name))
                data[name] = value?.DeepClone();
        }

        data.Remove("details");
        var kind = (string?)cloudEvent["type"] == Receipts.EventType ? HappeningKind.Outcome : HappeningKind.Signal;
        return new JourneyHappening((string)cloudEvent["id"]!, kind, (string)data["name"]!, (DateTimeOffset)cloudEvent["time"]!, data);
    }

    private static JourneyHappening OutcomeOf(OutcomeRow row) => new(row.Id, HappeningKind.Outcome, row.Outcome == "optOut" ? "opt_out" : row.Outcome, row.At, new JsonObject
    {
        ["name"] = row.Outcome, ["at"] = Instant.Text(row.At), ["channel"] = row.Channel, ["purpose"] = row.Purpose, ["message"] = row.DecisionId, ["decision"] = row.DecisionId,
        ["action"] = row.Action, ["amount"] = (double?)row.Amount,
    });
}
