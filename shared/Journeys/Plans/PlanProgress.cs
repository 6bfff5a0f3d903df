using System.Globalization;
using NodaTime;

namespace ServerlessCLM.Journeys;

/// <summary>What a payment plan was agreed on.</summary>
/// <param name="Amount">Owed in total.</param>
/// <param name="Instalments">In how many parts; the last takes what rounding leaves.</param>
/// <param name="Every">Days, weeks or months between two, such as <c>P1M</c>.</param>
/// <param name="Start">The first is due one such while after it.</param>
/// <param name="Grace">How long after its date an instalment may come.</param>
public sealed record PlanTerms(decimal Amount, int Instalments, string Every, DateTimeOffset Start, TimeSpan Grace)
{
    /// <summary>Money that is due in total once an instalment is, in whole cents.</summary>
    /// <param name="instalment">From 1.</param>
    public decimal DueBy(int instalment) => instalment >= Instalments ? Amount : Math.Floor(Amount * 100 * instalment / Instalments) / 100;

    /// <summary>When an instalment is due: as many months after the start as there are, not a month after the one before, so that the 31st stays the last day.</summary>
    public DateTimeOffset DateOf(int instalment)
    {
        var count = int.Parse(Every.AsSpan(1, Every.Length - 2), CultureInfo.InvariantCulture) * instalment;
        var start = LocalDateTime.FromDateTime(Start.UtcDateTime);
        var due = Every[^1] switch { 'D' => start.PlusDays(count), 'W' => start.PlusWeeks(count), _ => start.PlusMonths(count) };
        return new DateTimeOffset(due.ToDateTimeUnspecified(), TimeSpan.Zero);
    }
}

/// <summary>Where a plan stands. Pure.</summary>
/// <param name="Terms">What was agreed on.</param>
/// <param name="Paid">So far.</param>
/// <param name="Next">The instalment that is looked at next, from 1.</param>
public sealed record PlanProgress(PlanTerms Terms, decimal Paid = 0, int Next = 1)
{
    public bool IsKept => Paid >= Terms.Amount;

    /// <summary>When it is looked at next.</summary>
    public DateTimeOffset LookAt => Terms.DateOf(Next) + Terms.Grace;

    public PlanProgress With(decimal payment) => payment > 0 ? this with { Paid = Paid + payment } : this;

    /// <summary>The time of an instalment and its grace is over.</summary>
    /// <returns>Null where what is due by then was not paid.</returns>
    public PlanProgress? Past() => Paid < Terms.DueBy(Next) ? null : this with { Next = Next + 1 };
}
