using FsCheck;
using FsCheck.Fluent;

namespace ServerlessCLM.Tests.Models;

/// <summary>Scores with many ties and their outcomes, at least two of each.</summary>
public sealed record Outcomes(double[] Scores, double[] Others, bool[] Events)
{
    public static Arbitrary<Outcomes> Any { get; } = Gen
        .Choose(0, 12).Select(score => score / 12.0)
        .SelectMany(_ => Gen.Choose(0, 12).Select(score => score / 12.0), (first, second) => (first, second))
        .SelectMany(_ => Gen.Choose(0, 1), (scores, hit) => (scores.first, scores.second, hit: hit == 1))
        .ListOf().Select(rows => rows.ToArray())
        .Where(rows => rows.Count(row => row.hit) >= 2 && rows.Count(row => !row.hit) >= 2)
        .Select(rows => new Outcomes([.. rows.Select(row => row.first)], [.. rows.Select(row => row.second)], [.. rows.Select(row => row.hit)]))
        .ToArbitrary();
}
