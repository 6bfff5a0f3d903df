namespace ServerlessCLM.Scoring;

/// <summary>Where signals begin and end; defaults that a bank may edit. An episode that has been raised is raised again
/// only after it has ended, which takes more than falling back over the line where it began.</summary>
public sealed record SignalThresholds
{
    public static SignalThresholds Default { get; } = new();

    /// <summary>Rise of pay, held for two cycles, over the pay before them.</summary>
    public double SalaryRise { get; init; } = 0.08;

    /// <summary>Days after the usual cycle of 31 before pay is missing.</summary>
    public int SalaryGraceDays { get; init; } = 7;

    /// <summary>Months of pay needed before its absence means anything.</summary>
    public int SalaryMonths { get; init; } = 2;

    /// <summary>Days without a payment by hand.</summary>
    public int DormantDays { get; init; } = 60;

    public int LongDormantDays { get; init; } = 180;

    /// <summary>Days without a card purchase in a category that led when it was last bought in.</summary>
    public int CategoryLapsedDays { get; init; } = 60;

    /// <summary>Purchases that make a category worth missing.</summary>
    public int CategoryPurchases { get; init; } = 4;

    /// <summary>A balance is idle above this many months of outflow.</summary>
    public double IdleMonths { get; init; } = 3;

    /// <summary>An idle balance that was raised has ended below this many months of outflow.</summary>
    public double IdleEndMonths { get; init; } = 2.5;

    public int IdleDays { get; init; } = 60;

    /// <summary>Share of the credit limit in use.</summary>
    public double Utilisation { get; init; } = 0.90;

    public double UtilisationEnd { get; init; } = 0.75;

    public int UtilisationDays { get; init; } = 10;

    /// <summary>The balance of the last weeks over that of the last months.</summary>
    public double BalanceDecline { get; init; } = 0.60;

    public double BalanceDeclineEnd { get; init; } = 0.80;

    /// <summary>A deposit is large from this many months of inflow.</summary>
    public double DepositMonths { get; init; } = 2;

    /// <summary>Payments in that make a history to compare a deposit with.</summary>
    public int DepositInflows { get; init; } = 5;

    /// <summary>Days of history before idle balance, balance decline and large deposit mean anything.</summary>
    public int HistoryDays { get; init; } = 60;

    /// <summary>Declined payments within <see cref="DeclineHours"/>.</summary>
    public const int Declines = 3;

    public int DeclineHours { get; init; } = 24;

    /// <summary>Payments to a notary or estate agent within this many days are one cause.</summary>
    public int HomeQuietDays { get; init; } = 180;
}
