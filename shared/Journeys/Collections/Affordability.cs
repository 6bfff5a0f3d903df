using System.Text.Json.Nodes;
using ServerlessCLM.Features;

namespace ServerlessCLM.Journeys.Collections;

/// <summary>What a customer says of a month, taken into account only where it leaves them more.</summary>
/// <param name="Income">What comes in.</param>
/// <param name="Spending">What goes out, debts aside.</param>
public sealed record StatedBudget(decimal? Income, decimal? Spending);

/// <summary>A month of a customer, in whole cents.</summary>
/// <param name="Income">What comes in.</param>
/// <param name="Obligations">Direct debits, standing orders and loan instalments, and what is to be paid of debts beside the plan.</param>
/// <param name="Living">Essential spending and cash, or what a month of living costs at the least.</param>
/// <param name="IsSeen">Whether income was seen in payments, and not stated alone.</param>
public sealed record MonthlyBudget(decimal Income, decimal Obligations, decimal Living, bool IsSeen)
{
    /// <summary>What is left of a month.</summary>
    public decimal Disposable => Math.Max(0, Income - Obligations - Living);
}

/// <summary>
/// Disposable income from payments, in the order of the Standard Financial Statement (Money and Pensions Service): income less fixed costs, less flexible
/// costs, is what may go to debts. Whatever is uncertain is counted against the instalment.
/// </summary>
/// <remarks>
/// Income is the lower of the mean pay of eight months and what is stated. Fixed costs are the direct debits, standing orders and loan instalments of 90
/// days, by month. Flexible costs are card purchases of 90 days, by month, times the share of groceries, fuel, transport, housing, utilities, health and
/// education in spending, and all cash withdrawn; at the least the policy's cost of living; at the least what is stated. FCA CONC 7.3.5G and 7.3.6G ask for
/// repayments that a customer can meet without going without essentials.
/// </remarks>
public static class Affordability
{
    /// <summary>Days of history below which a month is not known.</summary>
    public const int HistoryDays = 90;

    private const decimal MonthsSeen = 3;

    private static readonly Feature[] Essentials =
        [Feature.ShareGroceries, Feature.ShareFuel, Feature.ShareTransport, Feature.ShareHousing, Feature.ShareUtilities, Feature.ShareHealth, Feature.ShareEducation];

    /// <summary>The customer's month; null where payments and what is stated do not tell it.</summary>
    /// <param name="vector">The feature catalogue's values.</param>
    /// <param name="profile">The profile, whose <c>monthlyIncome</c> is a statement.</param>
    /// <param name="ongoing">What falls due a month of debts beside the plan.</param>
    /// <param name="stated">What the customer says.</param>
    /// <param name="policy">For the cost of living.</param>
    public static MonthlyBudget? Of(ReadOnlySpan<float> vector, JsonObject? profile, decimal ongoing, StatedBudget? stated, PlanRules policy)
    {
        if (!(vector[(int)Feature.TenureDays] >= HistoryDays))
            return null;

        var seen = Money(vector[(int)Feature.SalaryMean]);
        var said = Lower(stated?.Income, profile?["monthlyIncome"] is JsonValue value && value.TryGetValue(out decimal told) ? told : null);
        if (Lower(seen, said) is not { } income)
            return null;

        var share = 0f;
        foreach (var essential in Essentials)
            share += float.IsFinite(vector[(int)essential]) ? vector[(int)essential] : 0;
        var flexible = ((Money(vector[(int)Feature.PurchaseAmount90d]) ?? 0) * (decimal)Math.Min(share, 1)) + (Money(vector[(int)Feature.CashAmount90d]) ?? 0);
        var obligations = (Money(vector[(int)Feature.ObligationAmount90d]) ?? 0) / MonthsSeen;
        var living = Math.Max(flexible / MonthsSeen, policy.Living);
        if (stated?.Spending is { } spending)
            living = Math.Max(living, spending - obligations);
        return new MonthlyBudget(Down(income), Up(obligations + ongoing), Up(living), seen is not null);
    }

    private static decimal? Lower(decimal? one, decimal? other) => one is null ? other : other is null ? one : Math.Min(one.Value, other.Value);

    private static decimal? Money(float value) => float.IsFinite(value) ? (decimal)Math.Round(Math.Clamp(value, 0, 1e12), 2) : null;

    private static decimal Down(decimal amount) => decimal.Floor(amount * 100) / 100;

    private static decimal Up(decimal amount) => decimal.Ceiling(amount * 100) / 100;
}
