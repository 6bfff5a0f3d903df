using NodaTime;
using ServerlessCLM.Models;

namespace ServerlessCLM.Journeys;

/// <summary>Where and when a contact is most likely answered, among what the gate allows.</summary>
/// <param name="At">When: now, or at the beginning of a later hour of the customer's next 24.</param>
/// <param name="Best">Channel and local hour, and what the response model expects there.</param>
/// <param name="Compared">Channels and hours that were allowed and known to the model.</param>
public readonly record struct SendChoice(DateTimeOffset At, SendTime Best, int Compared)
{
    private const int Hours = 24;

    /// <param name="response">The models of response; without one of a channel that channel is not compared.</param>
    /// <param name="features">The customer, as a vector of the feature catalogue.</param>
    /// <param name="channels">In the order of preference, which decides among equals.</param>
    /// <param name="zone">The customer's.</param>
    /// <param name="now">The instant.</param>
    /// <param name="mayWait">Whether a later hour may be chosen; otherwise the channel alone is.</param>
    /// <param name="isAllowed">Whether the gate allows a channel at an instant.</param>
    /// <returns>Null where no model knows any channel that is allowed.</returns>
    public static SendChoice? Of(
        ResponseModel response, ReadOnlySpan<float> features, IReadOnlyList<string> channels, DateTimeZone zone, DateTimeOffset now, bool mayWait,
        Func<string, DateTimeOffset, bool> isAllowed)
    {
        var from = NodaTime.Instant.FromDateTimeOffset(now);
        var (hour, slots) = (from.InZone(zone).Hour, new Dictionary<ContactSlot, DateTimeOffset>());
        for (var ahead = 0; ahead < (mayWait ? Hours : 1); ahead++)
        {
            var at = SendTime.Next(from, zone, (hour + ahead) % Hours).ToDateTimeOffset();
            foreach (var channel in channels)
            {
                if (response.Channels.Contains(channel) && isAllowed(channel, at))
                    slots[new ContactSlot(channel, (hour + ahead) % Hours)] = at;
            }
        }

        return SendTime.Best(response, features, slots.Keys) is { } best ? new SendChoice(slots[best.Slot], best, slots.Count) : null;
    }
}
