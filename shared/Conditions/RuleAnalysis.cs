using System.Collections.Immutable;

namespace ServerlessCLM.Conditions;

public enum RuleFault
{
    /// <summary>The rule, or the rules together, can never be true: an error.</summary>
    NeverTrue,

    /// <summary>A part is never reached or never decides.</summary>
    Unreachable,

    /// <summary>A part is never false where it is asked.</summary>
    NeverFalse,
}

/// <summary>What is wrong with rules that all compile.</summary>
/// <param name="Rule">Which of the rules.</param>
/// <param name="Fault">What it is.</param>
/// <param name="Finding">Where, and in words.</param>
public readonly record struct RuleFinding(int Rule, RuleFault Fault, ConditionFinding Finding);

/// <summary>
/// Finds rules that can never be true and parts that never matter, from comparisons of the same expression with constants: ranges,
/// equalities, lists, truths and presence.
/// </summary>
/// <remarks>
/// A rule is followed through at most <see cref="MaxAlternatives"/> alternatives; beyond them what is known is forgotten. What is found is
/// therefore always so, but not everything that is so is found. A value that is missing makes no rule true, so never true stays so.
/// </remarks>
public static class RuleAnalysis
{
    internal const int MaxAlternatives = 64;

    /// <param name="together">Rules of which all must be true, in the order in which they are asked.</param>
    public static IReadOnlyList<RuleFinding> Of<TInputs>(params IReadOnlyList<Expression<TInputs>> together)
    {
        var (findings, facts) = (new List<RuleFinding>(), new Facts([ImmutableDictionary<string, Domain>.Empty]));
        for (var rule = 0; rule < together.Count && !facts.IsImpossible; rule++)
        {
            var walk = new RuleWalk(rule, together[rule].Types, findings);
            facts = walk.Narrow(together[rule].Syntax, facts, isFirst: rule == 0);
        }

        return findings;
    }
}

/// <summary>What is known of expressions, by how they are printed, in each of the alternatives that are left.</summary>
internal sealed record Facts(IReadOnlyList<ImmutableDictionary<string, Domain>> Alternatives)
{
    public static readonly Facts None = new([]);

    public bool IsImpossible => Alternatives.Count == 0;

    public Facts With(string expression, Func<Domain, Domain?> narrow)
    {
        var left = new List<ImmutableDictionary<string, Domain>>(Alternatives.Count);
        foreach (var alternative in Alternatives)
        {
            if (narrow(alternative.GetValueOrDefault(expression, Domain.Anything)) is { } domain)
                left.Add(alternative.SetItem(expression, domain));
        }

        return new Facts(left);
    }

    public Facts Or(Facts other) => Alternatives.Count + other.Alternatives.Count <= RuleAnalysis.MaxAlternatives
        ? new Facts([.. Alternatives, .. other.Alternatives])
        : new Facts([ImmutableDictionary<string, Domain>.Empty]);
}
