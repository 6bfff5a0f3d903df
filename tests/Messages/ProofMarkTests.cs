using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Proof;

namespace ServerlessCLM.Tests.Messages;

/// <summary>The places of a draft that are proven or refused, as they are shown to who approves it.</summary>
public class ProofMarkTests
{
    private static readonly string[] Pieces =
    [
        "1,234.50 EUR", "EUR", "€", "120", "1.234,50", "4.9 %", "12 March 2027", "12.3.2027", "tomorrow", "Friday", "12:00\nam", "three", "zwei Wochen", "fünfzig", "half",
        "{{given_name}}", "{{amount_due}}", "{{nobody}}", "{{", "Gold 3", "Gold 3000", "+49 30 1234567", "Café Müller 24", "https://bank.example/pay", "www.evil.example",
        "help@evil.example", "Annegret", "DE02 1203 0000 0000 2020 51", "guaranteed", "Straße", "ﬀ", "e\u0301", "\u00AD", "\u200B", "😀", "<script>alert(1)</script>", "\n", ".", ",", "-", "a",
    ];

    /// <summary>Of whatever a text is made: marks lie in it in order and apart, and say what stands there; where the places of a refusal are known one is marked.</summary>
    [Fact]
    public void Marks_never_overlap_and_each_says_what_stands_in_its_place() => Prop.ForAll(Drafts().ToArbitrary(), written =>
    {
        var (brief, draft) = (Briefs.Of(written.Kind, written.Language), written.Draft);
        var marks = MessageProof.Mark(brief, draft);
        foreach (var (part, text) in ((DraftPart, string)[])[(DraftPart.Subject, draft.Subject ?? ""), (DraftPart.Body, draft.Body)])
        {
            var end = 0;
            foreach (var mark in marks.Where(mark => mark.Part == part))
            {
                Assert.True(mark.Start >= end && mark.Length > 0, $"{mark} begins before {end}");
                end = mark.Start + mark.Length;
                Assert.True(end <= text.Length, $"{mark} ends after the text");
                Assert.Equal(text.Substring(mark.Start, mark.Length), mark.Text);
                Assert.True(mark.By is null == mark.Reason is not null, $"{mark} is either proven or refused");
            }
        }

        var refused = MessageProof.Prove(brief, draft).Refusals.Where(verdict => verdict.Check is "numbers" or "links" || verdict.Reason == "stands for no fact of the brief");
        Assert.True(!refused.Any() || marks.Any(mark => mark.Reason is not null), "a refusal with a place has a mark");
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_mark_tells_the_fact_that_proves_it()
    {
        var marks = MessageProof.Mark(Briefs.Of("arrears", "en"), new Draft(
            "Dear {{given_name}}, you owe EUR 1,234.50 by Friday, 12 March 2027, for Café Müller 24. Pay at https://bank.example/pay, or call +49 30 1234567 within two weeks.", "Your 3 instalments"));
        Assert.Equal(
        [
            (DraftPart.Subject, "3", "facts.instalments", "3"), (DraftPart.Body, "{{given_name}}", "facts.given_name", null),
            (DraftPart.Body, "EUR 1,234.50", "facts.amount_due", "EUR 1,234.50"), (DraftPart.Body, "Friday", "facts.due", "12 March 2027"),
            (DraftPart.Body, "12 March 2027", "facts.due", "12 March 2027"), (DraftPart.Body, "Café Müller 24", "facts.merchant", "Café Müller 24"),
            (DraftPart.Body, "https://bank.example/pay", "allowedHosts", "bank.example"), (DraftPart.Body, "+49 30 1234567", "facts.hotline", "+49 30 1234567"),
            (DraftPart.Body, "two weeks", "facts.term", "14"),
        ], marks.Select(mark => (mark.Part, mark.Text, mark.By, mark.Value)));
    }

    [Theory]
    [InlineData("You owe EUR 99.", "EUR 99", "numbers", "99 EUR is no amount of the brief")]
    [InlineData("Pay at www.evil.example now.", "www.evil.example", "links", "leads to a host that is not allowed")]
    [InlineData("Dear {{nobody}}.", "{{nobody}}", "placeholders", "stands for no fact of the brief")]
    [InlineData("Dear Annegret.", "Annegret", "privacy", "is the value of given_name, which only its placeholder may bring")]
    [InlineData("You have 50 EUR 99.", "EUR 99", "numbers", "99 EUR is no amount of the brief")]
    public void What_is_refused_is_marked_with_its_reason(string body, string text, string check, string reason) =>
        Assert.Contains(MessageProof.Mark(Briefs.Of("arrears", "en"), new Draft(body)), mark => (mark.Text, mark.Check, mark.By, mark.Reason) == (text, check, null, reason));

    private static Gen<Written> Drafts() =>
        from language in Gen.Elements("en", "de", "fr", "es", "cs")
        from kind in Gen.Elements("arrears", "offer", "sms")
        from body in Texts()
        from subject in Gen.Frequency((1, Gen.Constant((string?)null)), (1, Texts().Select(text => (string?)text)))
        select new Written(language, kind, new Draft(body, subject));

    private static Gen<string> Texts() =>
        from pieces in Gen.Elements(Pieces).ListOf()
        from space in Gen.Elements(" ", "", "\u00A0")
        select string.Join(space, pieces);

    private sealed record Written(string Language, string Kind, Draft Draft);
}
