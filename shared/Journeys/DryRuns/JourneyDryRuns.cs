using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCLM.Decisions;
using ServerlessCLM.Decisions.Learning;
using ServerlessCLM.Experiments;
using ServerlessCLM.Governance;
using ServerlessCLM.Messages.Templates;
using ServerlessCLM.Models;

namespace ServerlessCLM.Journeys;

/// <summary>Dry runs of journeys: a draft and the version in force on the same customers, on a virtual clock, without anything being written or sent.</summary>
public sealed class JourneyDryRuns(
    CustomerSampler sampler, LiveJourneys journeys, LiveModels models, LiveExperiments experiments, LiveStrategies strategies, Policies policies, TemplateLibrary templates,
    UniversalHoldout holdout, TimeProvider time)
{
    /// <summary>How long a dry run may take; whoever asks waits for it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <param name="draft">The version that is looked at.</param>
    /// <param name="asked">With whom, how long, and what is assumed.</param>
    /// <param name="cancellation">Stops it between two customers.</param>
    /// <returns>The figures, or why there are none: it takes too long.</returns>
    public async Task<(DryRunResult? Result, Rejection? Fault)> RunAsync(CompiledJourney draft, DryRunRequest asked, CancellationToken cancellation)
    {
        var (inForce, now) = (await journeys.GetAsync(cancellation), time.GetUtcNow());
        var current = inForce.GetValueOrDefault(draft.Document.Id);
        var isSample = asked.Segment == DryRunSegment.Sample;
        var compared = current is null ? new[] { draft.Document } : [draft.Document, current.Document];
        var setting = new DryRunSetting(
            asked.Seed, now, TimeSpan.FromDays(asked.Days), asked.Everyone, asked.Assumed.For(compared, lives: !isSample), await policies.GetAsync(cancellation),
            await templates.GetAsync(cancellation), await strategies.GetAsync(cancellation), await experiments.GetAsync(cancellation), inForce, holdout);
        var customers = isSample
            ? (await sampler.TakeAsync(asked.Customers, (ulong)asked.Seed, now, cancellation)).Customers.Select(customer => new DryRunCustomer(
                customer.Id.Value, customer.Snapshot with { Answers = customer.History.Answers }, []))
            : SimulatedSegment.Of(setting, asked.Customers, await models.GetAsync(cancellation));

        var (began, done, one, other) = (Stopwatch.GetTimestamp(), 0, new ForecastTally(draft.Document), current is null ? null : new ForecastTally(current.Document));
        foreach (var customer in customers)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(began) > Patience)
                return (null, new Rejection("customers", string.Create(CultureInfo.InvariantCulture, $"after {Patience.TotalSeconds} seconds {done} of {asked.Customers} were through: ask for fewer customers or days")));

            new DryRunPass(setting, customer, draft, one).Go();
            if (other is not null)
                new DryRunPass(setting, customer, current!, other).Go();
            done++;
        }

        return (new DryRunResult(
            draft.Document.Id, isSample ? "sample" : "simulated", asked.Seed, asked.Days, now, setting.Assumed, one.Forecast(), other?.Forecast(),
            current is null ? null : Compare(NodesOf(current), NodesOf(draft)), one.Examples), null);
    }

    /// <summary>What the nodes of two versions have in common.</summary>
    public static StructureChange Compare(JsonObject before, JsonObject after) => new(
        [.. after.Select(node => node.Key).Where(name => !before.ContainsKey(name))],
        [.. before.Select(node => node.Key).Where(name => !after.ContainsKey(name))],
        [.. after.Where(node => before.ContainsKey(node.Key) && !JsonNode.DeepEquals(before[node.Key], node.Value)).Select(node => node.Key)]);

    private static JsonObject NodesOf(CompiledJourney journey) => JsonNode.Parse(journey.Content)!["nodes"]!.AsObject();
}
