using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Proof;

namespace ServerlessCLM.Tests.Messages;

/// <summary>What a message may say about numbers, days and money, and in which words.</summary>
public class MessageProofTests
{
    internal static Brief Reminder(string language = "en", params Fact[] more) => new()
    {
        MessageId = "m-1", Purpose = "service", Channel = MessageChannel.App, Language = language, SendDate = new DateOnly(2027, 3, 10),
        ReadingLevel = ReadingLevel.Detailed,
        Facts =
        [
            new MoneyFact("amount_due", 1234.50m, "EUR"), new MoneyFact("minimum", 120m, "EUR"), new RateFact("rate", 4.9m), new DateFact("due", new DateOnly(2027, 3, 12)),
            new CountFact("instalments", 3), new CountFact("term", 14, CountUnit.Day), new ProductFact("card", "Gold 3"),
            new ContactFact("hotline", "+49 30 1234567"), new PersonalFact("given_name", "Annegret"), .. more,
        ],
        AllowedHosts = ["bank.example"],
    };

    [Theory]
    [InlineData("en", "You owe 1,234.50 EUR.")]
    [InlineData("en", "You owe EUR 1,234.50 by 12 March 2027.")]
    [InlineData("en", "You owe €1,234.50, due on Friday.")]
    [InlineData("en", "One thousand two hundred and thirty-four point five is wrong, but one hundred and twenty euros is right.", false)]
    [InlineData("en", "The minimum is one hundred and twenty euros.")]
    [InlineData("en", "The minimum is a hundred and twenty euros, in three instalments.")]
    [InlineData("en", "Interest is 4.9 percent, or 4.9%.")]
    [InlineData("en", "You have two weeks, that is 14 days.")]
    [InlineData("en", "It is due the day after tomorrow.")]
    [InlineData("en", "It is due in March.")]
    [InlineData("en", "Call +49 30 1234567 about your Gold 3.")]
    [InlineData("en", "One of our people will help.")]
    [InlineData("en", "Dear {{given_name}}, you owe {{amount_due}}.")]
    [InlineData("de", "Es sind 1.234,50 € fällig.")]
    [InlineData("de", "Mindestens hundertzwanzig Euro, fällig am 12. März.")]
    [InlineData("de", "Der Zins beträgt 4,9 Prozent, fällig am 12.3.2027.")]
    [InlineData("de", "Sie haben zwei Wochen Zeit.")]
    [InlineData("fr", "Il reste 1 234,50 € à payer avant le 12 mars 2027.")]
    [InlineData("fr", "Le minimum est de cent vingt euros, en trois fois.")]
    [InlineData("es", "Debe 1.234,50 euros antes del 12 de marzo de 2027.")]
    [InlineData("es", "El mínimo es de ciento veinte euros.")]
    [InlineData("cs", "Dlužíte 1 234,50 EUR do 12. března 2027.")]
    [InlineData("cs", "Minimum je sto dvacet eur, splatné 12. 3. 2027.")]
    public void Numbers_that_are_facts_are_accepted(string language, string body, bool accepted = true) =>
        Assert.Equal(accepted, Numbers(language, body).Passed);

    [Theory]
    [InlineData("en", "You owe 1,234.60 EUR.", "1,234.60 EUR")]
    [InlineData("en", "You owe 1,234.50 GBP.", "1,234.50 GBP")]
    [InlineData("en", "You owe 1.234 EUR.", "1.234")]
    [InlineData("en", "You owe 120.", "120")]
    [InlineData("en", "Interest is 5.9 %.", "5.9 %")]
    [InlineData("en", "You have 15 days.", "15 days")]
    [InlineData("en", "Pay by 13 March 2027.", "13 March 2027")]
    [InlineData("en", "Pay by 3/12/2027.", "3/12/2027")]
    [InlineData("en", "Pay by Monday.", "Monday")]
    [InlineData("en", "Pay tomorrow.", "tomorrow")]
    [InlineData("en", "It costs half of that.", "half")]
    [InlineData("en", "You owe l00 EUR.", "l00")]
    [InlineData("en", "You owe five hundred euros.", "five hundred euros")]
    [InlineData("en", "Pay 120 to 150 euros.", "150 euros")]
    [InlineData("en", "Pay 100 to 120 euros.", "100")]
    [InlineData("en", "Get 5k for it.", "5k")]
    [InlineData("en", "You owe {{minimum}}0.", "0")]
    [InlineData("en", "Your Gold 3000 is here.", "3000")]
    [InlineData("en", "Your Gold 3 euros are here.", "euros")]
    [InlineData("en", "You owe € for it.", "€")]
    [InlineData("de", "Es sind zwölfhundert Euro fällig.", "zwölfhundert Euro")]
    [InlineData("de", "Es sind fünfhundert Euro fällig.", "fünfhundert Euro")]
    [InlineData("de", "Zahlen Sie hundred Euro.", "hundred")]
    [InlineData("fr", "Payez quatre-vingt-dix-neuf euros.", "quatre-vingt-dix-neuf euros")]
    [InlineData("es", "Pague veintiún euros.", "veintiún euros")]
    [InlineData("cs", "Zaplaťte pětadvacet tisíc korun.", "pětadvacet tisíc korun")]
    public void Numbers_that_are_no_facts_are_refused_where_they_stand(string language, string body, string evidence)
    {
        var verdict = Numbers(language, body);
        Assert.False(verdict.Passed, body);
        Assert.Equal(evidence, verdict.Evidence);
    }

    private static Verdict Numbers(string language, string body) =>
        Assert.Single(MessageProof.Prove(Reminder(language), new Draft(body)).Verdicts, verdict => verdict.Check == "numbers");
}
