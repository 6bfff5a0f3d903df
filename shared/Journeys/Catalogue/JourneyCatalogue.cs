using System.Text.Json.Nodes;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Journeys;

/// <summary>The journeys that come with the product, and the strategy of the actions that they offer.</summary>
/// <remarks>Their messages are among <see cref="Messages.Templates.TemplateLibrary.Shipped"/>, their experiments <see cref="Experiments.ShippedExperiments"/>.</remarks>
public static class JourneyCatalogue
{
    /// <summary>The journeys as documents, by id.</summary>
    public static IReadOnlyList<JsonObject> Documents { get; } = ShippedDocuments.Read("journeys/");

    /// <summary>The journeys, in the order of a customer's life.</summary>
    public static IReadOnlyList<JourneyDocument> All { get; } = [.. Documents.Select(JourneyJson.Read).OrderBy(journey => journey.Stage).ThenBy(journey => journey.Sector)];

    /// <summary>The strategies as documents: one, of the actions of all journeys.</summary>
    public static IReadOnlyList<JsonObject> Strategies { get; } = ShippedDocuments.Read("journey-strategies/");
}
