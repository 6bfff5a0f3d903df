using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Languages;
using ServerlessCLM.Messages.Proof;

namespace ServerlessCLM.Tests.Messages;

/// <summary>Whatever number a text says, in whatever form: it is accepted where it is a fact, and never where it is none.</summary>
public class NumberProperties
{
    private static readonly Dictionary<string, string> Sentences = new(StringComparer.Ordinal)
    {
        ["en"] = "You owe us # euros.", ["de"] = "Sie schulden uns # Euro.", ["fr"] = "Vous nous devez # euros.", ["es"] = "Nos debe # euros.", ["cs"] = "Dlužíte nám # eur.",
    };

    private static readonly Gen<int> Amounts = Gen.OneOf(Gen.Choose(2, 99), Gen.Choose(100, 1999), Gen.Choose(2000, 999_999));

    [Theory]
    [InlineData("en")]
    [InlineData("de")]
    [InlineData("fr")]
    [InlineData("es")]
    [InlineData("cs")]
    public void Numbers_in_words_are_read_as_the_grammar_says(string language)
    {
        for (var number = 0; number < 1_000_000; number += number < 2000 ? 1 : 997)
        {
            var joined = Folding.Of(SpelledNumbers.Of(number, language)).Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
            Assert.Equal((number, joined), ((int?)MessageLanguage.All[language].NumberWords.Read(joined) ?? -1, joined));
        }
    }

    [Fact]
    public void An_amount_that_is_a_fact_is_accepted_in_digits_and_in_words() => Prop.ForAll(
        Texts(Amounts.Select(amount => (amount, amount))).ToArbitrary(), text => Accepted(text))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void An_amount_that_is_no_fact_is_never_accepted() => Prop.ForAll(
        Texts(from fact in Amounts from said in Amounts where said != fact select (fact, said)).ToArbitrary(), text => !Accepted(text))
        .QuickCheckThrowOnFailure();

    private static bool Accepted(Text text)
    {
        var brief = new Brief
        {
            MessageId = "m", Purpose = "service", Channel = MessageChannel.App, Language = text.Language, SendDate = new DateOnly(2027, 3, 10),
            Facts = [new MoneyFact("amount", text.Fact, "EUR")],
        };
        var body = Sentences[text.Language].Replace("#", text.Said, StringComparison.Ordinal);
        return MessageProof.Prove(brief, new Draft(body)).Verdicts.Single(verdict => verdict.Check == "numbers").Passed;
    }

    private static Gen<Text> Texts(Gen<(int Fact, int Said)> numbers) =>
        from number in numbers
        from language in Gen.Elements(Sentences.Keys.AsEnumerable())
        from form in Gen.Choose(0, 3)
        select new Text(language, number.Fact, Write(number.Said, language, form));

    private static string Write(int number, string language, int form) => form switch
    {
        0 => number.ToString(CultureInfo.InvariantCulture),
        1 => Group(number.ToString("#,0", CultureInfo.InvariantCulture), language),
        2 => Group(number.ToString("#,0.00", CultureInfo.InvariantCulture), language),
        _ => SpelledNumbers.Of(number, language),
    };

    private static string Group(string english, string language) => language switch
    {
        "en" => english,
        "de" or "es" => english.Replace(',', '_').Replace('.', ',').Replace('_', '.'),
        _ => english.Replace(',', '\u00A0').Replace('.', ','),
    };

    private sealed record Text(string Language, int Fact, string Said);
}
