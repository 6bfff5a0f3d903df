using NodaTime;

namespace ServerlessCLM.Models;

/// <summary>A channel and local hour at which a contact would be allowed.</summary>
/// <param name="Channel">As consents name it.</param>
/// <param name="Hour">0 to 23, on the customer's clock.</param>
public readonly record struct ContactSlot(string Channel, int Hour);

/// <summary>Where and when to reach a customer.</summary>
/// <param name="Slot">The channel and hour.</param>
/// <param name="Response">What is expected there.</param>
public readonly record struct SendTime(ContactSlot Slot, ResponseEstimate Response)
{
    /// <summary>
    /// The best of the slots: the one with the highest lower bound, so that a slot of which little is known does not win by luck; among equals the
    /// more probable one, then the one named first. Null where no slot is known to the model.
    /// </summary>
    /// <param name="model">Of the response.</param>
    /// <param name="features">The customer, as a vector of the feature catalogue.</param>
    /// <param name="slots">What rules allow, in the order of preference.</param>
    public static SendTime? Best(ResponseModel model, ReadOnlySpan<float> features, IEnumerable<ContactSlot> slots)
    {
        SendTime? best = null;
        foreach (var slot in slots)
        {
            if (model.Estimate(features, slot.Channel, slot.Hour) is { } response && (best is not { } known || Exceeds(response, known.Response)))
                best = new SendTime(slot, response);
        }

        return best;
    }

    /// <summary>The first instant from another on at which the customer's clock shows an hour: that instant itself within the hour, otherwise the
    /// hour's beginning today or tomorrow. An hour that the clock skips begins when the clock goes on.</summary>
    public static NodaTime.Instant Next(NodaTime.Instant from, DateTimeZone zone, int hour)
    {
        var now = from.InZone(zone);
        if (now.Hour == hour)
            return from;

        var day = now.Hour < hour ? now.Date : now.Date.PlusDays(1);
        return zone.AtLeniently(day.At(new LocalTime(hour, 0))).ToInstant();
    }

    private static bool Exceeds(ResponseEstimate one, ResponseEstimate other) => one.LowerBound > other.LowerBound
        || (one.LowerBound == other.LowerBound && one.Probability > other.Probability);
}
