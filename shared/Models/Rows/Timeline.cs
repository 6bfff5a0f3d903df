namespace ServerlessCLM.Models;

/// <summary>Something that became known of a customer, by the name under which the bank or the stream tells it.</summary>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Name">Name of a lifecycle event, outcome or signal.</param>
/// <param name="About">The product or channel concerned.</param>
/// <param name="Part">A share from 0 to 1, where it has one: of a written-off debt what came back.</param>
public readonly record struct Happening(long At, string Name, string? About = null, double? Part = null)
{
    /// <summary>Of a contact and its answer: the channel.</summary>
    public string? Channel { get; init; }

    /// <summary>Of a contact: the hour on the customer's clock; null where the clock is not known.</summary>
    public int? Hour { get; init; }
}

/// <summary>What became known of one customer, and until when nothing was missed. Training and watching judge outcomes by it alone.</summary>
public sealed class Timeline
{
    public const string AccountClosed = "account_closed", PaymentMissed = "payment_missed", ArrearsCured = "arrears_cured", Default = "default",
        WrittenOff = "written_off", ProductOpened = "product_opened", Dormant = "dormant_60", Impression = "impression", Click = "click", ContactWithheld = "contact_withheld", Spent = "spent";

    /// <summary>Days without a payment by hand after which <see cref="Dormant"/> is told.</summary>
    public const int DormantDays = 60;

    private const long Day = 86_400_000;

    private readonly Happening[] _happenings;

    /// <param name="happenings">In any order.</param>
    /// <param name="knownUntil">Unix milliseconds; what happens later is not known yet.</param>
    public Timeline(IEnumerable<Happening> happenings, long knownUntil)
    {
        _happenings = [.. happenings.Where(each => each.At <= knownUntil).OrderBy(each => each.At)];
        KnownUntil = knownUntil;
    }

    public long KnownUntil { get; }

    public IReadOnlyList<Happening> Happenings => _happenings;

    /// <summary>The first of a name after an instant and at or before another.</summary>
    public Happening? First(string name, long after, long until = long.MaxValue, string? about = null)
    {
        foreach (var each in _happenings)
        {
            if (each.At > until)
                return null;
            if (each.At > after && each.Name == name && (about is null || each.About == about))
                return each;
        }

        return null;
    }

    /// <summary>The first of a name over a channel after an instant and at or before another.</summary>
    public Happening? FirstOver(string channel, string name, long after, long until) =>
        _happenings.Cast<Happening?>().FirstOrDefault(each => each!.Value.At > after && each.Value.At <= until && each.Value.Name == name && each.Value.Channel == channel);

    /// <summary>The last of a name at or before an instant.</summary>
    public Happening? Last(string name, long until, string? about = null)
    {
        Happening? last = null;
        foreach (var each in _happenings)
        {
            if (each.At > until)
                break;
            if (each.Name == name && (about is null || each.About == about))
                last = each;
        }

        return last;
    }

    public bool InArrears(long at) =>
        Last(PaymentMissed, at) is { } missed && !(Last(ArrearsCured, at) is { } cured && cured.At >= missed.At);

    /// <summary>What a snapshot saw of the spending of the 90 days before it.</summary>
    public static Happening SpentBefore(long at, ReadOnlySpan<float> vector) =>
        new(at, Spent, Part: vector[(int)Features.Feature.PurchaseAmount90d] is var amount && float.IsFinite(amount) ? amount : 0);

    /// <summary>Days from one instant to a later one, begun ones counted.</summary>
    public static int Days(long from, long to) => (int)((to - from + Day - 1) / Day);

    public static long After(long at, int days) => at + (days * Day);
}
