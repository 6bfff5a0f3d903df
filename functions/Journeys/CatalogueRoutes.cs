using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Documents;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Journeys;

namespace ServerlessCLM.Functions.Journeys;

/// <summary>The journeys that come with the product, to be looked at, and to be put in force as any other document.</summary>
public sealed class CatalogueRoutes(LiveJourneys live)
{
    [Function("ListCatalogue")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "catalogue/journeys")] HttpRequest request, CancellationToken cancellation)
    {
        var inForce = await live.GetAsync(cancellation);
        return JsonAnswer.Of(new JsonObject
        {
            ["journeys"] = new JsonArray([.. JourneyCatalogue.All.Select(journey => (JsonNode)new JsonObject
            {
                ["id"] = journey.Id, ["version"] = journey.Version, ["title"] = journey.Title, ["stage"] = JsonNamingPolicy.CamelCase.ConvertName(journey.Stage.ToString()),
                ["sector"] = JsonNamingPolicy.CamelCase.ConvertName(journey.Sector.ToString()), ["purpose"] = journey.Purpose, ["inForce"] = inForce.ContainsKey(journey.Id),
            })]),
        });
    }

    /// <remarks>The document, as <c>PUT documents/journeys/{id}</c> takes it.</remarks>
    [Function("GetCatalogueJourney")]
    public IResult Get(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "catalogue/journeys/{id}")] HttpRequest request, string id)
    {
        if (JourneyCatalogue.Documents.FirstOrDefault(document => (string?)document["id"] == id) is not { } found)
            return Problems.NotFound($"the catalogue has no journey {Rejection.Shorten(id, 64)}; GET catalogue/journeys lists them");

        request.HttpContext.Response.Headers.ETag = $"\"{DocumentStore.DigestOf(found)}\"";
        return JsonAnswer.Of((JsonObject)found.DeepClone());
    }
}
