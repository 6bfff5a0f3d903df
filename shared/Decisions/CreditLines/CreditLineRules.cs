using System.Globalization;

namespace ServerlessCLM.Decisions.CreditLines;

public enum LineChange { Keep, Increase, Decrease }

/// <summary>A hard limit that speaks against a higher line, or any change.</summary>
/// <param name="Rule">Its code.</param>
/// <param name="Source">Where it is written.</param>
/// <param name="Words">What holds.</param>
/// <param name="Otherwise">What would have to be different.</param>
public sealed record LineLimit(string Rule, string Source, string Words, string Otherwise);

/// <summary>A reason as a customer is told it.</summary>
/// <param name="Family">Family of the feature catalogue.</param>
/// <param name="Feature">The feature.</param>
/// <param name="Words">In plain words.</param>
public sealed record LineReason(string Family, string Feature, string Words);

/// <summary>What is recommended, what it brings, and why.</summary>
/// <param name="Change">Increase, keep or decrease.</param>
/// <param name="Line">The line.</param>
/// <param name="Now">What the line of now brings.</param>
/// <param name="Then">What the line recommended brings.</param>
/// <param name="Limits">Hard limits that hold.</param>
/// <param name="Reasons">Principal reasons of a decrease, at most four.</param>
/// <param name="Otherwise">What would have altered the outcome.</param>
/// <param name="Candidates">All lines considered.</param>
public sealed record LineDecision(
    LineChange Change, decimal Line, LineOutcome Now, LineOutcome Then, IReadOnlyList<LineLimit> Limits, IReadOnlyList<LineReason> Reasons,
    IReadOnlyList<string> Otherwise, IReadOnlyList<LineOutcome> Candidates);

/// <summary>Of the lines that the hard limits leave, the one that earns most. Pure.</summary>
public static class CreditLineRules
{
    /// <summary>Reasons at the most (Reg B, comment 9(b)(2)-1).</summary>
    public const int MaxReasons = 4;

    public static LineDecision Decide(CreditLinePolicy policy, CreditLineInput input)
    {
        var decided = Choose(policy, input);
        return decided with { Otherwise = Otherwise(policy, input, decided.Change, decided.Limits) };
    }

    private static LineDecision Choose(CreditLinePolicy policy, CreditLineInput input)
    {
        var limits = Limits(policy, input);
        var frozen = limits.Any(limit => limit.Rule is "frozen" or "too_soon");
        var candidates = Candidates(policy, input);
        var now = policy.Economics.Of(input, input.Line);
        var ceiling = frozen || limits.Count > 0 ? input.Line : LargestAffordable(policy, input);
        var floor = frozen ? input.Line : Math.Max(input.Balance, policy.Least);
        var best = now;
        foreach (var candidate in candidates)
        {
            // A cut that nobody could explain is not made.
            var open = candidate.Line < input.Line ? candidate.Line >= floor && input.RiskReasons.Count > 0 : candidate.Line <= ceiling;
            if (open && candidate.Profit > best.Profit && candidate.Profit >= now.Profit + policy.LeastGain)
                best = candidate;
        }

        var change = best.Line > input.Line ? LineChange.Increase : best.Line < input.Line ? LineChange.Decrease : LineChange.Keep;
        var held = limits.Count == 0 && candidates.Any(candidate => candidate.Line > best.Line && candidate.Line > ceiling && candidate.Profit > best.Profit + policy.LeastGain)
            ? [AbilityLimit(policy, input, candidates.Where(candidate => candidate.Line > best.Line).MaxBy(candidate => candidate.Profit).Line)]
            : limits;
        LineReason[] reasons = change != LineChange.Decrease ? [] : [.. input.RiskReasons
            .DistinctBy(feature => feature.Family).Take(MaxReasons).Select(feature => new LineReason(feature.Family, feature.Name, feature.Phrase))];
        return new LineDecision(change, best.Line, now, best, held, reasons, [], candidates);
    }

    /// <summary>The least payment a month with the whole line used from the first day (Reg Z §1026.51(a)(2)(i)).</summary>
    public static decimal MinimumPayment(CreditLinePolicy policy, decimal line) => Math.Max(
        policy.AbilityToPay.MinimumAmount, line * (decimal)(policy.AbilityToPay.MinimumShare + (policy.Economics.Interest / 12)));

    /// <summary>The hard limits that hold against a higher line, in a fixed order.</summary>
    private static List<LineLimit> Limits(CreditLinePolicy policy, CreditLineInput input)
    {
        var limits = new List<LineLimit>();
        foreach (var flag in input.Flags.Where(policy.Frozen.Contains))
            limits.Add(new LineLimit("frozen", "law or policy", $"{flag} is set: nothing about the line changes", $"{flag} would have to end"));

        if (input.DaysSinceChange < policy.DaysBetween)
            limits.Add(new LineLimit("too_soon", "policy", $"the line was changed {input.DaysSinceChange} days ago", $"{policy.DaysBetween} days would have to have passed"));

        foreach (var flag in input.Flags.Where(policy.NoIncrease.Contains))
            limits.Add(new LineLimit("difficulty", "CONC 6.7", $"{flag} is set: the line is not raised", $"{flag} would have to end"));

        foreach (var feature in input.Difficulty)
            limits.Add(new LineLimit("difficulty", "CONC 6.7", $"at risk of financial difficulty: {feature.Phrase}", $"without {feature.Phrase}"));

        if (input.PersistentDebt > 0)
        {
            limits.Add(new LineLimit("persistent_debt", "CONC 6.7.27R", $"more paid in interest and charges than repaid for {input.PersistentDebt} months",
                "more would have to be repaid than is paid in interest and charges over 18 months"));
        }

        if (input.Age < policy.LeastAge)
            limits.Add(new LineLimit("age", "12 CFR 1026.51(b)", $"under {policy.LeastAge} years of age", "income of their own would have to be shown to somebody who looks at it"));

        if (input.MonthlyIncome is null)
            limits.Add(new LineLimit("income_unknown", "12 CFR 1026.51(a)", "nothing is known of the income", "income or assets would have to be known"));

        return limits;
    }

    /// <summary>The line whose least payment the income still bears.</summary>
    private static decimal LargestAffordable(CreditLinePolicy policy, CreditLineInput input)
    {
        var left = input.MonthlyIncome.GetValueOrDefault() * (decimal)(1 - policy.AbilityToPay.Reserve) - input.MonthlyObligations;
        return left < policy.AbilityToPay.MinimumAmount ? 0 : left / (decimal)(policy.AbilityToPay.MinimumShare + (policy.Economics.Interest / 12));
    }

    private static LineLimit AbilityLimit(CreditLinePolicy policy, CreditLineInput input, decimal wanted)
    {
        var payment = MinimumPayment(policy, wanted);
        var income = (payment + input.MonthlyObligations) / (decimal)(1 - policy.AbilityToPay.Reserve);
        return new LineLimit("ability_to_pay", "12 CFR 1026.51(a)",
            string.Create(CultureInfo.InvariantCulture, $"a line of {wanted:F2}, wholly used, would ask for {payment:F2} a month, which an income of {input.MonthlyIncome:F2} with obligations of {input.MonthlyObligations:F2} does not bear"),
            string.Create(CultureInfo.InvariantCulture, $"an income of {Math.Ceiling(income):F2} a month, or obligations lower by {Math.Ceiling((income - input.MonthlyIncome.GetValueOrDefault()) * (decimal)(1 - policy.AbilityToPay.Reserve)):F2}"));
    }

    private static List<LineOutcome> Candidates(CreditLinePolicy policy, CreditLineInput input) =>
        [.. policy.Steps.Select(step => step == 1 ? input.Line : Math.Floor(input.Line * (decimal)step / policy.Rounding) * policy.Rounding)
            .Where(line => line == input.Line || (line >= policy.Least && line <= policy.Most))
            .Distinct().Order().Select(line => policy.Economics.Of(input, line))];

    /// <summary>Smallest changes after which the outcome would be better for the customer: the limits' own, and the PD's.</summary>
    private static List<string> Otherwise(CreditLinePolicy policy, CreditLineInput input, LineChange change, IReadOnlyList<LineLimit> limits)
    {
        var changes = limits.Select(limit => limit.Otherwise).ToList();
        if (change == LineChange.Decrease && PdFor(policy, input, decided => decided.Change != LineChange.Decrease) is { } kept)
            changes.Add(string.Create(CultureInfo.InvariantCulture, $"with a risk of default of {kept:P2} a year instead of {input.Pd:P2} the line would stay"));
        else if (change == LineChange.Keep && limits.Count == 0 && PdFor(policy, input, decided => decided.Change == LineChange.Increase) is { } raised)
            changes.Add(string.Create(CultureInfo.InvariantCulture, $"with a risk of default of {raised:P2} a year instead of {input.Pd:P2} the line would be raised"));

        return changes;
    }

    /// <summary>The largest PD below the present one at which the outcome would be another; null where none is.</summary>
    private static double? PdFor(CreditLinePolicy policy, CreditLineInput input, Func<LineDecision, bool> better)
    {
        bool At(double pd) => better(Choose(policy, input with { Pd = pd }));
        if (!At(0))
            return null;

        double low = 0, high = input.Pd;
        for (var i = 0; i < 40; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = At(middle) ? (middle, high) : (low, middle);
        }

        return low;
    }
}
