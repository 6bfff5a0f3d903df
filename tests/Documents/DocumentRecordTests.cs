using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Documents;

namespace ServerlessCLM.Tests.Documents;

public class DocumentRecordTests
{
    private static readonly DateTimeOffset Start = Product.Now;

    private static readonly DocumentRecord Approved = DocumentRecord.New("strategy", "retail")
        .Save(1, Start.AddDays(10), "a", null, By("ann", 0)).Submit(1, By("ann", 1)).Approve(1, "a", By("bob", 2));

    [Fact]
    public void A_version_is_in_force_from_the_later_of_effect_and_approval_until_the_next()
    {
        Assert.Null(Approved.InForce(Start.AddDays(9)));
        Assert.Equal(1, Approved.InForce(Start.AddDays(10))!.Version);

        var next = Approved.Save(2, Start.AddDays(1), "b", null, By("bob", 20)).Submit(2, By("bob", 20)).Approve(2, "b", By("ann", 21));
        Assert.Equal(Start.AddDays(21), next.Versions[1].InForceFrom);
        Assert.Equal(1, next.InForce(Start.AddDays(21).AddTicks(-1))!.Version);
        Assert.Equal(2, next.InForce(Start.AddDays(21))!.Version);
    }

    [Fact]
    public void A_version_may_not_take_effect_before_the_one_that_it_follows()
    {
        var refused = Assert.Throws<DocumentRefusedException>(() => Approved.Save(2, Start.AddDays(5), "b", null, By("ann", 3)));
        Assert.Equal((DocumentRefusal.Conflict, "$.effective"), (refused.Refusal, refused.Field));
        Assert.Equal(DocumentRefusal.Conflict, Assert.Throws<DocumentRefusedException>(() => Approved.Save(2, null, "b", null, By("ann", 3))).Refusal);
    }

    [Fact]
    public void Whoever_saved_or_submitted_a_version_does_not_decide_on_it()
    {
        var submitted = DocumentRecord.New("strategy", "retail").Save(1, null, "a", null, By("ann", 0)).Save(1, null, "b", "a", By("bob", 1)).Submit(1, By("cleo", 2));
        foreach (var author in new[] { "ann", "BOB", "cleo" })
        {
            Assert.Equal(DocumentRefusal.SamePrincipal, Assert.Throws<DocumentRefusedException>(() => submitted.Approve(1, "b", By(author, 3))).Refusal);
            Assert.Equal(DocumentRefusal.SamePrincipal, Assert.Throws<DocumentRefusedException>(() => submitted.Reject(1, "b", By(author, 3))).Refusal);
        }

        Assert.Equal(DocumentStatus.Approved, submitted.Approve(1, "b", By("dan", 3)).Versions[0].Status);
    }

    [Fact]
    public void Only_what_was_seen_is_approved_or_replaced()
    {
        var submitted = DocumentRecord.New("strategy", "retail").Save(1, null, "a", null, By("ann", 0)).Submit(1, By("ann", 1));
        Assert.Equal(DocumentRefusal.Stale, Assert.Throws<DocumentRefusedException>(() => submitted.Approve(1, "b", By("bob", 2))).Refusal);
        Assert.Equal(DocumentRefusal.Stale, Assert.Throws<DocumentRefusedException>(() => submitted.Save(1, null, "c", null, By("ann", 2))).Refusal);
        var changed = submitted.Save(1, null, "c", "a", By("ann", 2));
        Assert.Equal(DocumentStatus.Draft, changed.Versions[0].Status);
        Assert.Equal(DocumentRefusal.Conflict, Assert.Throws<DocumentRefusedException>(() => changed.Approve(1, "c", By("bob", 3))).Refusal);
    }

    [Fact]
    public void An_approval_is_taken_back_before_its_version_is_in_force_and_not_after()
    {
        var rejected = Approved.Reject(1, "a", By("bob", 9));
        Assert.Null(rejected.InForce(Start.AddDays(100)));
        Assert.Equal(DocumentStatus.Draft, rejected.Save(1, null, "b", "a", By("ann", 9)).Versions[0].Status);
        Assert.Equal(DocumentRefusal.Conflict, Assert.Throws<DocumentRefusedException>(() => Approved.Reject(1, "a", By("bob", 10))).Refusal);
    }

    /// <summary>Whatever steps are tried in whatever order, refused or not.</summary>
    [Fact]
    public void Versions_never_overlap_history_only_grows_and_no_version_is_approved_by_its_author() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ArrayOf(40).ToArbitrary(), choices =>
        {
            var (record, hour) = (DocumentRecord.New("strategy", "retail"), 0);
            foreach (var choice in choices)
            {
                var act = new Act($"p{choice % 3}", Start.AddHours(hour += choice / 3 % 30), null);
                var version = Math.Max(1, (record.Versions.Count > 0 ? record.Versions[^1].Version : 0) + (choice / 90 % 2));
                var seen = record.Versions.FirstOrDefault(known => known.Version == version)?.Digest;
                var before = record;
                try
                {
                    record = (choice / 180 % 4) switch
                    {
                        0 => record.Save(version, choice / 720 % 2 == 0 ? null : Start.AddHours(choice / 1440 % 900), $"{choice}", seen, act),
                        1 => record.Submit(version, act),
                        2 => record.Approve(version, seen ?? "", act),
                        _ => record.Reject(version, seen ?? "", act),
                    };
                }
                catch (DocumentRefusedException)
                {
                    continue;
                }

                Assert.Equal(before.History, record.History.Take(before.History.Count));
                Assert.Equal(before.History.Count + 1, record.History.Count);
                Assert.Equal(before.InForce(act.At.AddTicks(-1)), record.InForce(act.At.AddTicks(-1)));
            }

            var approved = record.Versions.Where(version => version.Status == DocumentStatus.Approved).ToList();
            for (var place = 1; place < approved.Count; place++)
                Assert.True(approved[place - 1].InForceFrom < approved[place].InForceFrom);
            Assert.All(record.History.Where(step => step.Step == DocumentStep.Approved), approval =>
                Assert.DoesNotContain(record.History.TakeWhile(step => step != approval), step => step.Version == approval.Version && step.By == approval.By && step.Step is DocumentStep.Saved or DocumentStep.Submitted));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static Act By(string principal, int day) => new(principal, Start.AddDays(day), null);
}
