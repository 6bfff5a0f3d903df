using ServerlessCLM.Features;

namespace ServerlessCLM.Decisions.CreditLines;

/// <summary>What a line is decided on. Amounts are in units of the customer's currency.</summary>
/// <param name="Line">The line now, above 0.</param>
/// <param name="Balance">What is drawn, not negative.</param>
/// <param name="Pd">Probability of default within a year.</param>
/// <param name="Lgd">Share of the exposure that is lost in default.</param>
/// <param name="YearlySpend">Card spend of a year.</param>
/// <param name="MonthlyIncome">Income a month; null where nothing is known.</param>
/// <param name="MonthlyObligations">Regular obligations a month.</param>
/// <param name="Age">Years; null where unknown.</param>
/// <param name="DaysSinceChange">Days since the line was last changed; null for never.</param>
/// <param name="PersistentDebt">Months in persistent debt: 0, 18, 27 or 36.</param>
/// <param name="Flags">Flags of the profile that are set.</param>
/// <param name="Difficulty">Features that tell of difficulty ahead.</param>
/// <param name="RiskReasons">What makes the PD what it is, heaviest first, one feature of a family; what a decrease is explained by.</param>
public sealed record CreditLineInput(
    decimal Line, decimal Balance, double Pd, double Lgd, decimal YearlySpend, decimal? MonthlyIncome, decimal MonthlyObligations, int? Age,
    int? DaysSinceChange, int PersistentDebt, IReadOnlyList<string> Flags, IReadOnlyList<FeatureDefinition> Difficulty,
    IReadOnlyList<FeatureDefinition> RiskReasons);

/// <summary>A month of a card account, from the lifecycle event <c>card_statement</c>.</summary>
/// <param name="At">When the statement closed.</param>
/// <param name="Charges">Interest, fees and charges paid.</param>
/// <param name="Repaid">Principal repaid.</param>
public readonly record struct CardStatement(DateTimeOffset At, decimal Charges, decimal Repaid);

/// <summary>
/// Persistent debt (FCA Handbook, CONC 6.7.27R to 6.7.39R): over 18 months more paid in interest, fees and charges than principal repaid. The firm
/// acts at 18 months, again when it has gone on for another nine, and again after eighteen.
/// </summary>
public static class PersistentDebt
{
    public const int Months = 18;

    /// <returns>0, 18, 27 or 36: the months for which it has gone on, as far as the rules tell them apart.</returns>
    public static int Stage(IEnumerable<CardStatement> statements, DateTimeOffset now)
    {
        var all = statements.Where(statement => statement.At <= now).ToList();
        if (!Holds(all, now))
            return 0;

        return !Holds(all, now.AddMonths(-9)) ? 18 : Holds(all, now.AddMonths(-18)) ? 36 : 27;
    }

    private static bool Holds(List<CardStatement> statements, DateTimeOffset until)
    {
        var seen = statements.Where(statement => statement.At <= until && statement.At > until.AddMonths(-Months)).ToList();
        // With months missing nobody can say what eighteen of them add up to.
        return seen.Count >= Months - 1 && seen.Sum(statement => statement.Charges) > seen.Sum(statement => statement.Repaid);
    }
}
