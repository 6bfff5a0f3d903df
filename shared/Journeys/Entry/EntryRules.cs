using System.Globalization;

namespace ServerlessCLM.Journeys;

public enum EntryRefusal { None, Conditions, Concurrent, Reentry, Full, Outranked, TooMany }

/// <summary>Whether a customer may enter, and what that does to other journeys.</summary>
/// <param name="Refusal">Why not.</param>
/// <param name="Reason">In words.</param>
/// <param name="Ends">Instances that the entry ends, because they compete and have a lower priority.</param>
public sealed record EntryVerdict(EntryRefusal Refusal, string Reason, IReadOnlyList<string> Ends)
{
    public bool IsAllowed => Refusal == EntryRefusal.None;
}

/// <summary>The rules of entry and re-entry. Pure.</summary>
public static class EntryRules
{
    /// <param name="journey">Which.</param>
    /// <param name="book">The customer's journeys.</param>
    /// <param name="others">The journeys that the customer is in, by digest.</param>
    /// <param name="running">Customers in the journey now, of all; looked at where it has a limit.</param>
    /// <param name="now">The clock.</param>
    public static EntryVerdict Judge(
        JourneyDocument journey, JourneyBook book, Func<JourneyEntryRecord, JourneyDocument?> others, long running, DateTimeOffset now)
    {
        var entry = journey.Entry;
        if (book.Running.Count() >= JourneyBook.MostRunning)
            return No(EntryRefusal.TooMany, string.Create(CultureInfo.InvariantCulture, $"the customer is in {JourneyBook.MostRunning} journeys already"));

        var own = book.Running.Count(known => known.Journey == journey.Id);
        if (own >= entry.Concurrent)
            return No(EntryRefusal.Concurrent, own == 1 ? "the customer is in it already" : string.Create(CultureInfo.InvariantCulture, $"the customer is in it {own} times already"));

        if (book.Last.TryGetValue(journey.Id, out var last) && !MayReenter(entry.Reentry, last, now, own > 0))
            return No(EntryRefusal.Reentry, entry.Reentry == JourneyEntry.Never ? "the customer was in it once, and nobody enters again" : $"the customer entered on {Instant.Text(last)}, and again only {entry.Reentry} later");

        if (entry.Most <= running)
            return No(EntryRefusal.Full, string.Create(CultureInfo.InvariantCulture, $"{running} customers are in it, as many as may be at once"));

        var ends = new List<string>();
        foreach (var other in book.Running)
        {
            if (others(other) is not { } document || !(journey.CompetesWith(document) || document.CompetesWith(journey)))
                continue;
            if (document.Priority >= journey.Priority)
                return No(EntryRefusal.Outranked, $"the customer is in {document.Id}, which competes and has the priority");
            ends.Add(other.Instance);
        }

        return new EntryVerdict(EntryRefusal.None, "", ends);

        static EntryVerdict No(EntryRefusal refusal, string reason) => new(refusal, reason, []);
    }

    /// <summary>Several at once, where the document allows that, are one entry to the re-entry rule of <c>never</c>.</summary>
    private static bool MayReenter(string reentry, DateTimeOffset last, DateTimeOffset now, bool isInIt) => reentry switch
    {
        JourneyEntry.Always => true,
        JourneyEntry.Never => isInIt,
        _ => now >= last + JourneyJson.Length(reentry),
    };
}
