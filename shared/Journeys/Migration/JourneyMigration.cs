using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Conditions;
using ServerlessCLM.Customers;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Journeys;

/// <summary>What is asked of a migration.</summary>
/// <param name="From">The version that is left.</param>
/// <param name="To">The version that is gone to.</param>
/// <param name="Map">Nodes of the one by nodes of the other, where names have changed.</param>
/// <param name="DryRun">Whether it is only looked at.</param>
public sealed record MigrationRequest(int From, int To, IReadOnlyDictionary<string, string> Map, bool DryRun)
{
    /// <returns>What is wrong with it.</returns>
    public static Rejection? Read(JsonObject body, out MigrationRequest request)
    {
        request = new MigrationRequest(0, 0, new Dictionary<string, string>(), DryRun: true);
        foreach (var (name, _) in body)
        {
            if (name is not ("from" or "to" or "map" or "dryRun"))
                return new Rejection(Rejection.Shorten(name, 64), "is not a member; there are from, to, map, dryRun");
        }

        if (Whole(body["from"]) is not { } from)
            return new Rejection("from", "must be a version, a whole number from 1");
        if (Whole(body["to"]) is not { } to || to == from)
            return new Rejection("to", "must be another version, a whole number from 1");
        if (body["dryRun"] is not null && body["dryRun"]!.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
            return new Rejection("dryRun", "must be true or false");

        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (body["map"] is not null and not JsonObject)
            return new Rejection("map", "must be an object of nodes by nodes");
        foreach (var (node, target) in body["map"] as JsonObject ?? [])
        {
            if (target?.GetValueKind() != JsonValueKind.String)
                return new Rejection($"map.{Rejection.Shorten(node, 64)}", "must be the name of a node");
            map[node] = (string)target!;
        }

        request = new MigrationRequest(from, to, map, body["dryRun"] is null || (bool)body["dryRun"]!);
        return null;

        static int? Whole(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue(out int number) && number >= 1 ? number : null;
    }
}

/// <summary>Somebody who would move.</summary>
/// <param name="Customer">Who.</param>
/// <param name="Instance">By which run.</param>
/// <param name="From">The node they are at.</param>
/// <param name="To">The node they would go to.</param>
/// <param name="Again">Templates that they were sent already and could be sent again from there on.</param>
public sealed record MigrationMove(CustomerId Customer, string Instance, string From, string To, IReadOnlyList<string> Again);

/// <summary>Somebody who would stay on the old version, and why.</summary>
public sealed record MigrationStay(CustomerId Customer, string Instance, string? Node, string Reason);

/// <summary>Who would move where.</summary>
public sealed record MigrationPlan(CompiledJourney Target, IReadOnlyList<MigrationMove> Moves, IReadOnlyList<MigrationStay> Stays);

/// <summary>Moves customers from one version of a journey to another.</summary>
public sealed class JourneyMigration(CustomerStore store, DocumentStore documents, LiveJourneys journeys, JourneyIntake intake, TimeProvider time)
{
    /// <returns>The plan, or what is wrong with the request.</returns>
    public async Task<(MigrationPlan? Plan, Rejection? Fault)> PlanAsync(string journey, MigrationRequest request, CancellationToken cancellation)
    {
        if (await documents.FindAsync(JourneyDocument.Kind, journey, cancellation) is not { } record)
            return (null, new Rejection("journey", $"there are no versions of {Rejection.Shorten(journey, 64)}"));
        if (record.Versions.FirstOrDefault(version => version.Version == request.From) is not { Status: DocumentStatus.Approved } old)
            return (null, new Rejection("from", $"{journey} has no approved version {request.From}"));
        if (record.InForce(time.GetUtcNow()) is not { } current || current.Version != request.To)
            return (null, new Rejection("to", $"must be the version in force, {record.InForce(time.GetUtcNow())?.Version}"));

        var (from, to) = (await journeys.VersionAsync(journey, old.Digest, cancellation), await journeys.VersionAsync(journey, current.Digest, cancellation));
        foreach (var (node, target) in request.Map)
        {
            if (!from.Document.Nodes.ContainsKey(node))
                return (null, new Rejection($"map.{Rejection.Shorten(node, 64)}", $"is no node of version {request.From}{NearestName.Hint(node, from.Document.Nodes.Keys)}"));
            if (!to.Document.Nodes.ContainsKey(target))
                return (null, new Rejection($"map.{node}", $"{Rejection.Shorten(target, 64)} is no node of version {request.To}{NearestName.Hint(target, to.Document.Nodes.Keys)}"));
        }

        var (moves, stays) = (new List<MigrationMove>(), new List<MigrationStay>());
        for (var prefix = 0; prefix < JourneySchedules.Prefixes; prefix++)
        {
            await foreach (var customer in store.ListAsync((byte)prefix, cancellation))
            {
                foreach (var entry in (await intake.BookAsync(customer, cancellation))?.Running ?? [])
                {
                    if (entry.Journey != journey || entry.Digest != from.Digest)
                        continue;
                    if (Judge(from.Document, to.Document, request.Map, entry) is var (target, reason) && target is null)
                        stays.Add(new MigrationStay(customer, entry.Instance, entry.Node, reason!));
                    else
                        moves.Add(new MigrationMove(customer, entry.Instance, entry.Node!, target, Again(from.Document, to.Document, target, entry.Passed)));
                }
            }
        }

        return (new MigrationPlan(to, moves, stays), null);
    }

    /// <summary>What the runs that move are to be told.</summary>
    public JourneyNews NewsOf(MigrationPlan plan)
    {
        var (target, now) = (plan.Target, time.GetUtcNow());
        return new JourneyNews([], [.. plan.Moves.Select(move => (move.Instance, new JourneyHappening(
            $"{move.Instance}-{target.Digest}", HappeningKind.Move, "migration", now, new JsonObject
            {
                ["version"] = target.Document.Version, ["digest"] = target.Digest, ["document"] = target.Content, ["from"] = move.From, ["to"] = move.To,
            })))]);
    }

    /// <summary>The node that somebody moves to, or why they stay.</summary>
    public static (string? Target, string? Reason) Judge(JourneyDocument from, JourneyDocument to, IReadOnlyDictionary<string, string> map, JourneyEntryRecord entry)
    {
        if (entry.Node is not { } node)
            return (null, "has only just entered");
        if (from.Nodes[node] is TaskNode or PaymentPlanNode or SubJourneyNode)
            return (null, $"{node} waits for a person, a plan or another journey, which belongs to its version");
        var target = map.GetValueOrDefault(node, node);
        return to.Nodes.ContainsKey(target) ? (target, null) : (null, $"version {to.Version} has no node {target}; name one in map");
    }

    /// <summary>Templates of contacts that were passed, and that can be reached again from a node.</summary>
    public static IReadOnlyList<string> Again(JourneyDocument from, JourneyDocument to, string target, IReadOnlyList<string> passed)
    {
        var sent = passed.Select(node => from.Nodes.GetValueOrDefault(node)).OfType<ContactNode>().Select(node => node.Template).ToHashSet(StringComparer.Ordinal);
        return [.. JourneyGraph.Reached(to, target).Select(node => to.Nodes[node]).OfType<ContactNode>().Select(node => node.Template)
            .Where(sent.Contains).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}
