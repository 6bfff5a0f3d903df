using ServerlessCLM.Documents;

namespace ServerlessCLM.Experiments;

/// <summary>The experiments of the journeys that come with the product: in force until the institution's own take their place.</summary>
public static class ShippedExperiments
{
    /// <summary>By id. Each has version 0, so that the institution's first version of one counts from the beginning.</summary>
    public static IReadOnlyList<ExperimentDocument> All { get; } = [.. ShippedDocuments.Read("experiments/").Select(document => ExperimentDocuments.Read(document) switch
    {
        ({ } experiment, _) => experiment with { Version = 0 },
        var (_, wrong) => throw new InvalidOperationException($"the experiment {document["id"]} that comes with the product cannot be read: {wrong[0]}"),
    })];
}
