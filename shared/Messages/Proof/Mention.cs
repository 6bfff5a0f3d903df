namespace ServerlessCLM.Messages.Proof;

internal enum MentionKind { Bare, Money, Rate, Count, Day, DayOfMonth, Month, Weekday, Period, Unreadable }

/// <summary>A place in a text that says a number, an amount, a rate, a quantity or a day.</summary>
/// <param name="Start">In the folded text.</param>
/// <param name="End">After its last character.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Value">Amount, percent, count; month or weekday (1 is Monday) for those kinds.</param>
internal readonly record struct Mention(int Start, int End, MentionKind Kind, decimal Value = 0)
{
    /// <summary>ISO 4217, of money.</summary>
    public string? Currency { get; init; }

    public CountUnit Unit { get; init; }

    /// <summary>A whole date; of <see cref="MentionKind.DayOfMonth"/> day and month alone count.</summary>
    public DateOnly Date { get; init; }

    /// <summary>Last day of a <see cref="MentionKind.Period"/>.</summary>
    public DateOnly Until { get; init; }

    /// <summary>Why it cannot be read as one thing.</summary>
    public string? Problem { get; init; }

    public static Mention Unreadable(int start, int end, string problem) => new(start, end, MentionKind.Unreadable) { Problem = problem };
}
