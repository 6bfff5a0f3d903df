using System.Text.Json.Nodes;
using NodaTime;
using ServerlessCLM.Customers;
using ServerlessCLM.Decisions;
using ServerlessCLM.Governance;
using ServerlessCLM.Models;

namespace ServerlessCLM.Journeys;

public sealed partial class JourneyExecution
{
    /// <summary>The channel, and for what is not urgent the hour, at which the models of response expect an answer; why is put on record.</summary>
    /// <returns>Null where they know nothing of the customer.</returns>
    private static SendChoice? MostAnswered(
        CustomerSession session, ModelSet models, JourneyWork work, IReadOnlyList<ContactRequest> requests, PolicySet policies, DateTimeOffset now)
    {
        var snapshot = CustomerSnapshot.Of(session, models, now);
        if (requests.Count == 0 || snapshot.Models.Count == 0 || (string?)Profile(session)["timeZone"] is not { } name || DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is not { } zone)
            return null;

        // Once put off it is sent as soon as it may be: features change, and a later hour could always be a little better.
        var mayWait = work.State.Postponements == 0 && requests[0].Purpose is "marketing" or "research";
        var choice = SendChoice.Of(new ResponseModel(models), snapshot.Features, [.. requests.Select(request => request.Channel)], zone, now, mayWait, (channel, at) =>
        {
            var request = requests.First(request => request.Channel == channel);
            return ContactGate.Judge(ContactReservations.StandingOf(session, request), request, policies, at).Kind == VerdictKind.Allow;
        });
        if (choice is { Best: var best })
        {
            session.Record(new AuditRecord("sendTime", now, new JsonObject
            {
                ["id"] = requests[0].Id, ["journey"] = work.Run.Journey, ["channel"] = best.Slot.Channel, ["hour"] = best.Slot.Hour, ["at"] = Instant.Text(choice.Value.At),
                ["probability"] = Math.Round(best.Response.Probability, 6), ["lowerBound"] = Math.Round(best.Response.LowerBound, 6), ["compared"] = choice.Value.Compared,
            }));
        }

        return choice;
    }
}
