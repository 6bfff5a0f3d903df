using System.Text.Json;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Proof;

namespace ServerlessCLM.Tests.Messages;

/// <summary>
/// Texts that must not go out, and harmless ones that look like them, in five languages. Rules are made with corpus/tuning.jsonl before
/// one's eyes; corpus/held-out.jsonl tells how they do on what nobody looked at.
/// </summary>
public class MessageCorpusTests
{
    /// <summary>Share of harmless texts that may be refused.</summary>
    private const double Tolerance = 0.02;

    [Theory]
    [InlineData("tuning")]
    [InlineData("held-out")]
    public void No_violation_passes(string half)
    {
        var violations = Read(half).Where(item => item.Expect == "refuse").ToList();
        var passed = violations.Where(item => Prove(item).Accepted).Select(item => $"{item.Id}: {item.Body}").ToList();
        TestContext.Current.TestOutputHelper?.WriteLine($"{half}: {violations.Count} violations, {passed.Count} passed");
        Assert.True(passed.Count == 0, string.Join('\n', passed));
    }

    [Fact]
    public void Next_to_no_harmless_text_is_refused()
    {
        var harmless = Read("tuning").Concat(Read("held-out")).Where(item => item.Expect == "accept").ToList();
        var refused = harmless.Where(item => !Prove(item).Accepted).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine($"{harmless.Count} harmless, {refused.Count} refused");
        Assert.True(refused.Count <= harmless.Count * Tolerance, $"{refused.Count} of {harmless.Count}: {string.Join(", ", refused.Select(item => item.Id))}");
    }

    [Theory]
    [InlineData("tuning")]
    [InlineData("held-out")]
    public void Each_violation_is_refused_by_the_check_that_is_there_for_it(string half)
    {
        var missed = Read(half)
            .Where(item => item.Check is not null && Prove(item).Refusals.All(verdict => verdict.Check != item.Check))
            .Select(item => $"{item.Id}: {item.Body}").ToList();
        Assert.True(missed.Count == 0, string.Join('\n', missed));
    }

    [Fact]
    public void The_corpus_is_large_enough_and_half_of_it_is_held_out()
    {
        var (tuning, heldOut) = (Read("tuning"), Read("held-out"));
        Assert.True(tuning.Count + heldOut.Count >= 600);
        Assert.True(heldOut.Count >= 280);
        Assert.True(tuning.Concat(heldOut).Count(item => item.Expect == "accept") >= 100);
        Assert.Equal(tuning.Count + heldOut.Count, tuning.Concat(heldOut).Select(item => item.Id).Distinct().Count());
    }

    private static ProofResult Prove(Case item) =>
        MessageProof.Prove(Briefs.Of(item.Brief, item.Language), new Draft(item.Body, item.Brief == "sms" ? null : "Bank"));

    private static List<Case> Read(string half) =>
        [.. File.ReadLines(TestData.Sample("Messages", "corpus", $"{half}.jsonl")).Select(line => JsonSerializer.Deserialize<Case>(line, JsonSerializerOptions.Web)!)];

    private sealed record Case(string Id, string Language, string Brief, string Expect, string? Check, string Body);
}
