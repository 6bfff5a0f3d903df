namespace ServerlessCLM.Conditions;

/// <summary>What the place of an expression takes.</summary>
public enum ExpressionUse
{
    /// <summary>A value of any type.</summary>
    Any,

    /// <summary>True or false.</summary>
    Condition,

    /// <summary>A number.</summary>
    Amount,
}

/// <summary>What is to be said of an expression while somebody writes it.</summary>
/// <param name="Expression">The compiled expression; null where it has errors.</param>
/// <param name="Findings">In the order of the text.</param>
public sealed record ExpressionCheck<TInputs>(Expression<TInputs>? Expression, IReadOnlyList<ExpressionRemark> Findings)
    where TInputs : class
{
    /// <summary>Checks one expression by itself, as the documents that hold it are checked.</summary>
    public static ExpressionCheck<TInputs> Of(Vocabulary<TInputs> vocabulary, string text, ExpressionUse use)
    {
        try
        {
            var expression = use switch
            {
                ExpressionUse.Condition => vocabulary.Condition(text),
                ExpressionUse.Amount => vocabulary.Amount(text),
                _ => vocabulary.Compile(text),
            };
            return new(expression, [.. RuleAnalysis.Of(expression)
                .Select(fault => new ExpressionRemark(fault.Finding, IsWarning: use != ExpressionUse.Condition || fault.Fault != RuleFault.NeverTrue))
                .OrderBy(remark => remark.Finding.Position)]);
        }
        catch (ConditionException wrong)
        {
            return new(null, [.. wrong.Findings.Select(finding => new ExpressionRemark(finding, IsWarning: false))]);
        }
    }
}

/// <param name="Finding">Where, and in words.</param>
/// <param name="IsWarning">Whether a document with it is still valid.</param>
public readonly record struct ExpressionRemark(ConditionFinding Finding, bool IsWarning);
