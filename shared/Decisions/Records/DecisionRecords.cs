using System.Text.Json.Nodes;
using Azure;
using ServerlessCLM.Customers;
using ServerlessCLM.Documents;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Decisions;

/// <summary>The records of decisions: found by id, told in words, and made again.</summary>
public sealed class DecisionRecords(CustomerStore store, LiveStrategies strategies, Policies policies, DecisionIds ids)
{
    /// <summary>A decision's record; null where there is none, or its customer was erased.</summary>
    public async Task<DecisionRecord?> FindAsync(string id, CancellationToken cancellation) =>
        ids.TryFind(id, out var customer) && await store.ReadRowAsync(customer, CustomerRows.Decision(id), cancellation) is { } row ? DecisionRecord.Read(row) : null;

    /// <summary>All records of a customer.</summary>
    /// <exception cref="InvalidDataException">One cannot be read.</exception>
    public async IAsyncEnumerable<DecisionRecord> OfAsync(CustomerId customer, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var row in store.ReadRowsAsync(customer, CustomerRows.DecisionPrefix, cancellation))
            yield return DecisionRecord.Read(row.Content);
    }

    /// <summary>The case that a record was made of, with the documents as they were.</summary>
    /// <exception cref="InvalidDataException">A document is not what it was, or a pack of the product's is no longer known.</exception>
    /// <exception cref="RequestFailedException">A document is not in the store.</exception>
    public async Task<DecisionCase> CaseOfAsync(DecisionRecord record, CancellationToken cancellation)
    {
        var strategy = await strategies.OfAsync(record.Strategy, record.StrategyDigest, cancellation);
        return new DecisionCase(record.Id, strategy.With(record.Learning), record.Inputs, await policies.OfAsync(record.Policies, cancellation), record.Request, record.Groups);
    }

    /// <summary>Makes a decision again from its record and the documents as they were, and holds the record against the audit chain.</summary>
    /// <returns>Null where there is no such decision, its record was forgotten by rule, or its customer was erased.</returns>
    public async Task<DecisionReplay?> ReplayAsync(string id, CancellationToken cancellation)
    {
        if (!ids.TryFind(id, out var customer))
            return null;

        var recorded = await RecordedDecisions.OfAsync(store, customer, cancellation);
        await foreach (var row in store.ReadRowsAsync(customer, CustomerRows.Decision(id), cancellation))
            return await ReplayAsync(row, recorded, cancellation);
        return recorded.Gone(id);
    }

    /// <summary>Makes all decisions of customers again.</summary>
    public async Task<ReplayReport> ReplayAsync(IEnumerable<CustomerId> customers, CancellationToken cancellation, Action? one = null)
    {
        var (looked, decisions, different) = (0, 0L, new List<DecisionReplay>());
        foreach (var customer in customers)
        {
            looked++;
            var (recorded, found) = (await RecordedDecisions.OfAsync(store, customer, cancellation), new HashSet<string>(StringComparer.Ordinal));
            await foreach (var row in store.ReadRowsAsync(customer, CustomerRows.DecisionPrefix, cancellation))
            {
                decisions++;
                found.Add(IdOf(row));
                if (await ReplayAsync(row, recorded, cancellation) is { Identical: false } replay)
                    different.Add(replay);
                one?.Invoke();
            }

            different.AddRange(recorded.Ids.Where(id => !found.Contains(id)).Select(recorded.Gone).OfType<DecisionReplay>());
        }

        return new ReplayReport(looked, decisions, different);
    }

    /// <summary>Makes all decisions of the customers whose id has a hash prefix again.</summary>
    public async Task<ReplayReport> ReplayAsync(byte prefix, CancellationToken cancellation, Action? one = null) =>
        await ReplayAsync(await store.ListAsync(prefix, cancellation).ToListAsync(cancellation), cancellation, one);

    /// <summary>The record for people: every action with its verdicts, and for losers why not and what would change it.</summary>
    public async Task<JsonObject> DescribeAsync(DecisionRecord record, CancellationToken cancellation) =>
        DecisionView.Of(record, await CaseOfAsync(record, cancellation), explained: true);

    private async Task<DecisionReplay> ReplayAsync(CustomerRow row, RecordedDecisions recorded, CancellationToken cancellation)
    {
        DecisionRecord record;
        try
        {
            record = DecisionRecord.Read(row.Content);
        }
        catch (InvalidDataException damaged)
        {
            return new DecisionReplay(IdOf(row), Identical: false, null, null, [], $"the record cannot be read: {damaged.Message}");
        }

        var replay = await ReplayAsync(record, cancellation);
        return replay.Identical && recorded.WhyNot(record) is { } reason ? replay with { Identical = false, Reason = reason } : replay;
    }

    private async Task<DecisionReplay> ReplayAsync(DecisionRecord record, CancellationToken cancellation)
    {
        DecisionCase decided;
        try
        {
            decided = await CaseOfAsync(record, cancellation);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return new DecisionReplay(record.Id, Identical: false, record.Digest, null, [], $"strategy {record.StrategyName} with digest {record.StrategyDigest} is not kept");
        }
        catch (InvalidDataException gone)
        {
            return new DecisionReplay(record.Id, Identical: false, record.Digest, null, [], gone.Message);
        }

        using var outcome = decided.Decide();
        var (again, _) = DecisionRecord.Of(record.Customer, record.Cause, outcome).Seal();
        if (again.Digest == record.Digest)
            return new DecisionReplay(record.Id, Identical: true, record.Digest, again.Digest, [], null);

        var (before, after) = (DecisionView.Of(record, decided, explained: false), DecisionView.Of(again, decided, explained: false));
        before.Remove(DecisionView.RecordDigest);
        after.Remove(DecisionView.RecordDigest);
        var differences = JsonDifference.Between(before, after);
        return new DecisionReplay(record.Id, Identical: false, record.Digest, again.Digest, differences,
            differences.Count == 0 ? "the same came out, and the record of it is written otherwise" : null);
    }

    private static string IdOf(CustomerRow row) => row.Row[CustomerRows.DecisionPrefix.Length..];
}
