using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Journeys;

/// <summary>What came of bringing a customer into a journey.</summary>
/// <param name="Verdict">Whether they may enter.</param>
/// <param name="Instance">Id of the run, the first one's where the same cause had come before.</param>
/// <param name="Entry">As it stands in the customer's book.</param>
/// <param name="News">What is to be started and told.</param>
public sealed record EntryResult(EntryVerdict Verdict, string Instance, JourneyEntryRecord? Entry, JourneyNews News);

public sealed partial class JourneyIntake
{
    /// <summary>Brings a customer into a journey. The same cause is the same entry.</summary>
    /// <param name="customer">Who.</param>
    /// <param name="journey">Id of a journey in force.</param>
    /// <param name="cause">What for: an idempotency key, another journey's step, a schedule's instant.</param>
    /// <param name="by">Who or what brings them, for the record.</param>
    /// <param name="signal">What its expressions see as <c>signal</c>.</param>
    /// <param name="cancellation">Stops before the commit.</param>
    /// <param name="segment">A condition that must hold as well.</param>
    /// <returns>Null where no such journey is in force, or nothing is known of the customer.</returns>
    public async Task<EntryResult?> EnterAsync(
        CustomerId customer, string journey, string cause, string by, JsonObject signal, CancellationToken cancellation, string? segment = null)
    {
        var inForce = await journeys.GetAsync(cancellation);
        if (inForce.GetValueOrDefault(journey) is not { } compiled)
            return null;

        var set = await models.GetAsync(cancellation);
        var running = new Dictionary<string, long>(StringComparer.Ordinal);
        if (compiled.Document.Entry.Most is not null)
            running[journey] = (await totals.ReadAsync(journey, compiled.Document.Version, cancellation)).Running;
        while (true)
        {
            IReadOnlyList<JourneyEntryRecord> missing = [];
            var commit = await store.UpdateAsync(customer, session =>
            {
                if (session.Erased is not null || !session.Exists)
                    return null;

                var now = time.GetUtcNow();
                var pass = new Pass(session, set, inForce, journeys, running, options.Tenant, now);
                missing = pass.Missing();
                if (missing.Count > 0 || (segment is not null && !compiled[segment].Holds(JourneyInputs.Of(session, set, now, signal, null))))
                    return new EntryResult(new EntryVerdict(EntryRefusal.Conditions, "the customer is not in the segment", []), "", null, JourneyNews.None);

                var (verdict, start) = pass.Enter(compiled, cause, by, signal, null);
                var instance = JourneyIds.Instance(options.Tenant, customer.Value, journey, cause);
                return new EntryResult(verdict, instance, JourneyBook.Of(session).Find(instance), start is null ? pass.News : pass.News with { Starts = [start] });
            }, cancellation, [CustomerRows.Journeys, .. Decisions.CustomerSnapshot.Rows]);
            if (commit.Outbox is { } entry)
                await outbox.DispatchAsync([entry], cancellation);
            if (missing.Count == 0)
                return commit.Result;

            foreach (var unknown in missing)
                await journeys.VersionAsync(unknown.Journey, unknown.Digest, cancellation);
        }
    }

    /// <summary>Brings the customer of a journey into the one that its node names.</summary>
    /// <returns>The instance, and what is to be started and told; no start where the customer may not enter.</returns>
    public async Task<(string Instance, JourneyNews News)> EnterAsync(JourneyWork work, CancellationToken cancellation)
    {
        var node = (SubJourneyNode)(await journeys.VersionAsync(work.Run.Journey, work.Run.Digest, cancellation)).Document.Nodes[work.State.Node];
        var result = await EnterAsync(CustomerId.Parse(work.Run.Customer), node.Journey, work.Command.Id!, work.Run.Instance, work.Run.Signal, cancellation);
        return (result?.Instance ?? "", result?.News ?? JourneyNews.None);
    }

    /// <summary>Looks at the customers of a hash prefix for a journey that is entered by schedule or segment.</summary>
    /// <param name="compiled">Which.</param>
    /// <param name="prefix">Of the customers' ids.</param>
    /// <param name="occurrence">When the look was due.</param>
    /// <param name="cancellation">Stops between two customers.</param>
    public async Task<JourneyNews> LookAsync(CompiledJourney compiled, byte prefix, DateTimeOffset occurrence, CancellationToken cancellation)
    {
        var (starts, told) = (new List<JourneyStart>(), new List<(string, JourneyHappening)>());
        var at = Instant.Text(occurrence);
        await foreach (var customer in store.ListAsync(prefix, cancellation))
        {
            var signal = new JsonObject { ["name"] = compiled.Document.Entry.Segment is null ? "schedule" : "segment", ["at"] = at };
            if (await EnterAsync(customer, compiled.Document.Id, string.Create(CultureInfo.InvariantCulture, $"look {at}"), "look", signal, cancellation, compiled.Document.Entry.Segment) is not { } result)
                continue;
            starts.AddRange(result.News.Starts);
            told.AddRange(result.News.Told);
        }

        return new JourneyNews(starts, told);
    }

    /// <summary>The customer's journeys; null where nothing is known of the customer.</summary>
    public async Task<JourneyBook?> BookAsync(CustomerId customer, CancellationToken cancellation) => (await store.UpdateAsync(
        customer, session => session.Exists && session.Erased is null ? JourneyBook.Of(session) : null, cancellation, CustomerRows.Journeys)).Result;
}
