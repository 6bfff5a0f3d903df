using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Functions;

/// <summary>The demo's documents, put in force by two people as any other, and a decision for each of its customers.</summary>
internal sealed class DemoDecisions(DocumentStore documents, DocumentWorkflow workflow, IEnumerable<DocumentKind> kinds, NextBestActions deciding, TimeProvider time)
{
    public const string Author = "ada@demo.example", Approver = "ben@demo.example";

    /// <summary>Puts the starter strategy in force.</summary>
    /// <returns>Its id.</returns>
    public Task<string> PutInForceAsync(CancellationToken cancellation) => PutInForceAsync("strategy", StarterStrategies.Documents()[0], cancellation);

    /// <summary>Puts a document in force unless one of its id is there already.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> PutInForceAsync(string kindName, JsonObject document, CancellationToken cancellation)
    {
        var (id, kind) = ((string)document["id"]!, kinds.First(kind => kind.Name == kindName));
        if (await documents.FindAsync(kind.Name, id, cancellation) is not { } known)
        {
            await workflow.SaveAsync(kind, id, document, null, Author, "to begin with", cancellation);
            known = (await documents.FindAsync(kind.Name, id, cancellation))!;
        }

        // A run that was stopped in between goes on where it was.
        var first = known.Versions[0];
        if (first.Status == DocumentStatus.Draft)
            first = (await workflow.SubmitAsync(kind, id, first.Version, Author, null, cancellation)).Versions[0];
        if (first.Status == DocumentStatus.Submitted)
            await workflow.DecideAsync(kind, id, first.Version, approve: true, first.Digest, Approver, "for the demo", cancellation);
        return id;
    }

    /// <summary>The decision of the day for each customer; asked again on the same day, the same.</summary>
    public async Task<IReadOnlyList<DecisionAnswer>> DecideAsync(IEnumerable<string> customers, string strategy, CancellationToken cancellation)
    {
        var (now, answers) = (time.GetUtcNow(), new List<DecisionAnswer>());
        var cause = string.Create(CultureInfo.InvariantCulture, $"demo {now:yyyy-MM-dd}");
        foreach (var customer in customers)
            answers.Add(await deciding.DecideAsync(CustomerId.Parse(customer), new DecisionRequest(Strategy: strategy), cause, now, cancellation));
        return answers;
    }

    /// <summary>What was decided, and where to see why.</summary>
    public static void Describe(StringBuilder text, string strategy, IReadOnlyList<DecisionAnswer> answers, string address, string key)
    {
        text.Append(CultureInfo.InvariantCulture, $"\nNext best actions by the strategy {strategy}, written by {Author} and approved by {Approver}:\n");
        foreach (var kind in answers.CountBy(answer => answer.Chosen ?? "nothing").OrderByDescending(kind => kind.Value).ThenBy(kind => kind.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"  {kind.Value,6:N0}  {kind.Key}\n");

        if ((answers.FirstOrDefault(answer => answer.Chosen is not null) ?? answers.FirstOrDefault()) is not { } shown)
            return;

        text.Append("\nWhy this one, why not the others, and what would change it; then make it again from its record, and decide anew:\n")
            .Append(CultureInfo.InvariantCulture, $"  curl -s {key} {address}/api/decisions/{shown.DecisionId}\n")
            .Append(CultureInfo.InvariantCulture, $"  curl -s {key} -X POST {address}/api/decisions/{shown.DecisionId}/replay\n")
            .Append(CultureInfo.InvariantCulture, $"  curl -s {key} -H \"content-type: application/json\" -d '{{\"channel\":\"app\",\"placement\":\"home\"}}' {address}/api/customers/{shown.CustomerId}/decisions\n");
    }
}
