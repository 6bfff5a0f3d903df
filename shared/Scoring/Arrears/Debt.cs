using System.Text.Json.Serialization;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Scoring;

/// <summary>Where a debt stands. Buckets are of days past due; 30 and 90 are those of IFRS 9 (5.5.11, B5.5.37).</summary>
public enum DebtStage { Current, Days1To5, Days6To29, Days30To59, Days60To89, Days90Plus, Cured, ChargedOff, Closed }

/// <summary>An amount that falls due on a day.</summary>
/// <param name="Due">The last day on which it is paid in time.</param>
/// <param name="Amount">In the debt's currency.</param>
/// <param name="Paid">What of it is paid.</param>
public sealed record Instalment(DateOnly Due, decimal Amount, decimal Paid = 0)
{
    [JsonIgnore]
    public decimal Unpaid => Amount - Paid;
}

/// <summary>A payment of a debt.</summary>
/// <param name="Id">Of the payment, or of the event that told of it: the same payment counts once.</param>
/// <param name="At">When it counted.</param>
/// <param name="Amount">In the debt's currency.</param>
/// <param name="Allocated">What of it paid instalments; the rest lowered the balance alone.</param>
/// <param name="IsReturned">Whether it was taken back.</param>
public sealed record DebtPayment(string Id, DateTimeOffset At, decimal Amount, decimal Allocated, bool IsReturned = false);

/// <summary>The highest mark that the oldest unpaid instalment has reached.</summary>
public sealed record DebtMark(DateOnly Due, int Days);

/// <summary>
/// One debt: what falls due, what is paid, and what was agreed about it. Changed by facts alone, each at its instant, after everything that time
/// brought before it; what comes of it does not depend on how often somebody looked.
/// </summary>
/// <param name="Id">As the bank names it.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed partial record Debt(string Id, string Currency)
{
    /// <summary>Paid instalments kept at the most.</summary>
    private const int PaidKept = 12;

    /// <summary>Payments kept at the most, to know one that is told again.</summary>
    private const int PaymentsKept = 60;

    /// <summary>Ended promises, plans and settlements kept at the most.</summary>
    private const int PastKept = 8;

    /// <summary>Unpaid instalments at the most: ten years of months.</summary>
    public const int MaxUnpaid = 120;

    /// <summary>How long a debt counts as cured: three months after default (EBA/GL/2016/07 §71), one after less.</summary>
    private const int CuredDays = 30, CuredDaysAfterDefault = 90, DefaultDays = 90, SignificantDays = 30;

    /// <summary>The latest instant that was looked into; nothing happens before it any more.</summary>
    public DateTimeOffset AsOf { get; init; }

    /// <summary>All that is owed, due or not.</summary>
    public decimal Balance { get; init; }

    /// <summary>In the order of their days, one a day.</summary>
    public IReadOnlyList<Instalment> Instalments { get; init; } = [];

    /// <summary>The newest first.</summary>
    public IReadOnlyList<DebtPayment> Payments { get; init; } = [];

    public DebtMark? Mark { get; init; }

    /// <summary>Times that arrears were cured.</summary>
    public int Cures { get; init; }

    public DateTimeOffset? CuredAt { get; init; }

    /// <summary>The highest mark of the arrears that were cured last.</summary>
    public int CuredFrom { get; init; }

    /// <summary>The highest mark of the arrears there are.</summary>
    public int Worst { get; init; }

    public DateTimeOffset? ChargedOffAt { get; init; }

    /// <summary>When a settlement ended the debt.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>The last day on which the customer is left alone, as one who is likely to pay without a contact.</summary>
    public DateOnly? LeftAloneUntil { get; init; }

    /// <summary>The latest promise, open or ended.</summary>
    public PromiseToPay? Promise { get; init; }

    /// <summary>The latest plan, active or ended.</summary>
    public RepaymentPlan? Plan { get; init; }

    /// <summary>The latest settlement, open or ended.</summary>
    public Settlement? Settlement { get; init; }

    /// <summary>Promises before the latest, the newest first.</summary>
    public IReadOnlyList<PromiseToPay> PastPromises { get; init; } = [];

    public IReadOnlyList<RepaymentPlan> PastPlans { get; init; } = [];

    public IReadOnlyList<Settlement> PastSettlements { get; init; } = [];

    /// <summary>The oldest instalment that is not paid, past due or not.</summary>
    [JsonIgnore]
    public Instalment? Oldest => ClosedAt is not null || ChargedOffAt is not null ? null : Instalments.FirstOrDefault(instalment => instalment.Unpaid > 0);

    [JsonIgnore]
    public bool HasOpenPromise => Promise is { Status: PromiseStatus.Open };

    [JsonIgnore]
    public bool HasActivePlan => Plan is { Status: PlanStatus.Active };

    /// <summary>Whether something was agreed that holds: nobody is reminded of what is being kept.</summary>
    [JsonIgnore]
    private bool IsHeld => HasOpenPromise || HasActivePlan;

    public bool IsLeftAlone(DateOnly today) => LeftAloneUntil >= today;

    public int DaysPastDue(DebtCalendar calendar, DateOnly today) => Oldest is { } oldest ? calendar.DaysPastDue(oldest.Due, today) : 0;

    /// <summary>What is unpaid of instalments that are past due.</summary>
    public decimal PastDue(DebtCalendar calendar, DateOnly today) => Oldest is null ? 0
        : Instalments.Where(instalment => calendar.DaysPastDue(instalment.Due, today) > 0).Sum(instalment => instalment.Unpaid);

    public DebtStage Stage(DebtCalendar calendar, DateOnly today) => (ClosedAt, ChargedOffAt, DaysPastDue(calendar, today)) switch
    {
        ({ }, _, _) => DebtStage.Closed,
        (_, { }, _) => DebtStage.ChargedOff,
        (_, _, >= DefaultDays) => DebtStage.Days90Plus,
        (_, _, >= 60) => DebtStage.Days60To89,
        (_, _, >= SignificantDays) => DebtStage.Days30To59,
        (_, _, >= 6) => DebtStage.Days6To29,
        (_, _, >= 1) => DebtStage.Days1To5,
        _ => IsOnProbation(calendar, today) ? DebtStage.Cured : DebtStage.Current,
    };

    /// <summary>
    /// The impairment stage of IFRS 9 that days past due alone presume: 3 from 90 days and until a default is cured for good, 2 from 30 days, else 1.
    /// Other signs of a significant increase in credit risk may raise it.
    /// </summary>
    public int ImpairmentStage(DebtCalendar calendar, DateOnly today) => Stage(calendar, today) switch
    {
        DebtStage.ChargedOff or DebtStage.Days90Plus => 3,
        DebtStage.Cured when CuredFrom >= DefaultDays => 3,
        DebtStage.Days30To59 or DebtStage.Days60To89 => 2,
        _ => 1,
    };

    private bool IsOnProbation(DebtCalendar calendar, DateOnly today) => CuredAt is { } cured
        && today.DayNumber - calendar.Today(cured).DayNumber < (CuredFrom >= DefaultDays ? CuredDaysAfterDefault : CuredDays);
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(Debt))]
[JsonSerializable(typeof(ArrearsStanding))]
public sealed partial class DebtJson : JsonSerializerContext;
