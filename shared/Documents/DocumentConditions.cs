using ServerlessCLM.Conditions;

namespace ServerlessCLM.Documents;

/// <summary>Compiles a document's expressions, and puts what is wrong with them where they stand.</summary>
public static class DocumentConditions
{
    /// <summary>A condition, or null where it is wrong: then the findings say why, with the character.</summary>
    public static Expression<TInputs>? Condition<TInputs>(this Findings findings, Vocabulary<TInputs> vocabulary, string path, string text) where TInputs : class =>
        findings.Compiled(path, () => vocabulary.Condition(text));

    /// <summary>An amount, or null where it is wrong: then the findings say why, with the character.</summary>
    public static Expression<TInputs>? Amount<TInputs>(this Findings findings, Vocabulary<TInputs> vocabulary, string path, string text) where TInputs : class =>
        findings.Compiled(path, () => vocabulary.Amount(text));

    private static Expression<TInputs>? Compiled<TInputs>(this Findings findings, string path, Func<Expression<TInputs>> compile) where TInputs : class
    {
        try
        {
            return compile();
        }
        catch (ConditionException wrong)
        {
            foreach (var finding in wrong.Findings)
                findings.Error(path, finding.Reason, finding.Position);
            return null;
        }
    }
}
