using ServerlessCLM.Decisions;
using ServerlessCLM.Documents;
using ServerlessCLM.Experiments;
using ServerlessCLM.Messages.Templates;

namespace ServerlessCLM.Journeys;

/// <summary>Reads what journeys may name from the documents as they stand: those in force or approved, and the latest of those that are still open.</summary>
public sealed class JourneyNamesReader(DocumentStore documents, TemplateLibrary templates, LiveJourneys journeys, JourneyOptions options)
{
    public async Task<JourneyNames> ReadAsync(CancellationToken cancellation)
    {
        var (actions, experiments) = (new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal));
        foreach (var shipped in JourneyCatalogue.Strategies)
            actions.UnionWith(Strategy.Read(shipped).Actions.Select(action => action.Id));
        foreach (var shipped in ShippedExperiments.All)
            experiments[shipped.Id] = [.. shipped.Arms.Select(arm => arm.Name)];
        foreach (var record in await documents.ListAsync("strategy", cancellation))
            actions.UnionWith(Strategy.Read(await documents.ContentAsync("strategy", record.Id, record.Versions[^1].Digest, cancellation)).Actions.Select(action => action.Id));

        foreach (var record in await documents.ListAsync("experiment", cancellation))
        {
            if (ExperimentDocuments.Read(await documents.ContentAsync("experiment", record.Id, record.Versions[^1].Digest, cancellation)).Experiment is { } experiment)
                experiments[record.Id] = [.. experiment.Arms.Select(arm => arm.Name)];
        }

        var written = (await documents.ListAsync("template", cancellation)).Select(record => record.Id);
        return new JourneyNames(
            [.. (await templates.GetAsync(cancellation)).Keys.Union(written, StringComparer.Ordinal)], actions, experiments,
            (await journeys.GetAsync(cancellation)).ToDictionary(journey => journey.Key, journey => journey.Value.Document), [.. options.Webhooks.Keys]);
    }
}
