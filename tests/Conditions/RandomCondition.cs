using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Conditions;

namespace ServerlessCLM.Tests.Conditions;

/// <summary>Random conditions over <see cref="Applicant"/>, each with what a naive evaluation of it says.</summary>
/// <param name="Text">As it would be written.</param>
/// <param name="Naive">True, false, or null for unknown.</param>
internal sealed record RandomCondition(string Text, Func<Applicant, bool?> Naive)
{
    private static readonly string[] Relations = ["<", "<=", ">", ">=", "==", "!="];

    public static readonly Gen<Applicant> Applicants =
        from features in Gen.Choose(0, 3).ArrayOf(Applicant.FeatureNames.Length)
        from rest in Gen.Choose(0, 2).ArrayOf(4)
        select new Applicant
        {
            Features = [.. features.Select(value => value == 3 ? float.NaN : value)],
            Hardship = rest[0] == 2 ? null : rest[0] == 1,
            Deceased = rest[1] == 2 ? null : rest[1] == 1,
            Visits = rest[2] == 2 ? null : rest[2],
            Country = rest[3] == 2 ? null : rest[3] == 1 ? "DE" : "US",
        };

    public static Gen<RandomCondition> Of(int depth) => depth == 0 ? Leaf : Gen.OneOf(Leaf,
        from operand in Of(depth - 1) select new RandomCondition($"!({operand.Text})", a => !operand.Naive(a)),
        from isAnd in Gen.Elements(true, false) from operands in Of(depth - 1).ArrayOf(3) select Logical(isAnd, operands),
        from parts in Of(depth - 1).ArrayOf(3)
        select new RandomCondition($"({parts[0].Text} ? {parts[1].Text} : {parts[2].Text})",
            a => parts[0].Naive(a) is { } holds ? (holds ? parts[1] : parts[2]).Naive(a) : null));

    private static Gen<RandomCondition> Leaf => Gen.OneOf(
        from place in Gen.Choose(0, 3) from relation in Gen.Elements(Relations) from constant in Gen.Choose(0, 2)
        select new RandomCondition($"features.{Applicant.FeatureNames[place]} {relation} {constant}",
            a => float.IsNaN(a.Features[place]) ? null : Related(a.Features[place], relation, constant)),
        from pair in Gen.Choose(0, 3).ArrayOf(2) from relation in Gen.Elements(Relations)
        select new RandomCondition($"features.{Applicant.FeatureNames[pair[0]]} {relation} features.{Applicant.FeatureNames[pair[1]]}",
            a => float.IsNaN(a.Features[pair[0]]) || float.IsNaN(a.Features[pair[1]]) ? null : Related(a.Features[pair[0]], relation, a.Features[pair[1]])),
        from relation in Gen.Elements(Relations) from constant in Gen.Choose(0, 2)
        select new RandomCondition($"{constant} {relation} visits", a => a.Visits is { } visits ? Related(constant, relation, visits) : null),
        Gen.Elements(
            new RandomCondition("flags.hardship", a => a.Hardship),
            new RandomCondition("flags.deceased", a => a.Deceased),
            new RandomCondition("has(flags.deceased)", a => a.Deceased is not null),
            new RandomCondition("has(features.balance)", a => !float.IsNaN(a.Features[2])),
            new RandomCondition("profile.country == 'DE'", a => a.Country is null ? null : a.Country == "DE"),
            new RandomCondition("profile.country in ['US', 'GB']", a => a.Country is null ? null : a.Country == "US"),
            new RandomCondition("true", _ => true),
            new RandomCondition("false", _ => false)));

    private static RandomCondition Logical(bool isAnd, RandomCondition[] operands) => new(
        operands.Length == 0 ? isAnd ? "true" : "false" : $"({string.Join(isAnd ? " && " : " || ", operands.Select(operand => operand.Text))})",
        a =>
        {
            var values = operands.Select(operand => operand.Naive(a)).ToList();
            return values.Contains(!isAnd) ? !isAnd : values.Contains(null) ? null : isAnd;
        });

    private static bool Related(double left, string relation, double right) => relation switch
    {
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        ">=" => left >= right,
        "==" => left == right,
        _ => left != right,
    };

    public override string ToString() => Text;
}
