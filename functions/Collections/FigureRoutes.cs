using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessCLM.Functions.Http;
using ServerlessCLM.Journeys.Collections;

namespace ServerlessCLM.Functions.Collections;

/// <summary>The figures of collections: how much waits, and what came of promises and plans.</summary>
public sealed class FigureRoutes(CaseIndex index, AgreementTotals totals, TimeProvider time)
{
    [Function("GetCollectionsFigures")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "collections/figures")] HttpRequest request, CancellationToken cancellation)
    {
        var days = 90;
        if (request.Query["days"].ToString() is { Length: > 0 } given
            && (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out days) || days is < 1 or > AgreementTotals.MostDays))
            return Problems.Invalid("days", $"must be a whole number from 1 to {AgreementTotals.MostDays}");

        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var queues = await index.CountAsync(cancellation);
        return JsonAnswer.Of(new JsonObject
        {
            ["queues"] = new JsonArray([.. queues.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => (JsonNode)new JsonObject { ["queue"] = each.Key, ["cases"] = each.Value })]),
            ["days"] = new JsonArray([.. (await totals.ReadAsync(today.AddDays(1 - days), today, cancellation)).Select(day => (JsonNode)new JsonObject
            {
                ["day"] = day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ["promisesMade"] = day.Counts[0], ["promisesKept"] = day.Counts[1],
                ["promisesPartial"] = day.Counts[2], ["promisesBroken"] = day.Counts[3], ["plansAgreed"] = day.Counts[4], ["instalmentsMissed"] = day.Counts[5],
                ["plansCompleted"] = day.Counts[6],
            })]),
        });
    }
}
