using System.Diagnostics;
using ServerlessCLM.Messages;
using ServerlessCLM.Messages.Proof;

namespace ServerlessCLM.Bench.Messages;

/// <summary>Proving messages of about four hundred characters, all checks, one thread.</summary>
public static class ProofBench
{
    private const int Rounds = 7, MessagesPerRound = 3000;

    private static readonly (string Language, string Body)[] Texts =
    [
        ("en", "Dear {{given_name}}, your payment of EUR 1,234.50 is due on Friday, 12 March 2027. If money is short, you can pay it in three parts, the first of one hundred and twenty euros. The rate stays at 4.9% a year. You have 14 days to tell us what suits you. Call us on +49 30 1234567 or see https://bank.example/help. If you have paid already, please ignore this message. We are glad to help."),
        ("de", "Guten Tag {{given_name}}, Ihre Zahlung von 1.234,50 EUR ist am Freitag, 12. März 2027, fällig. Wenn das Geld knapp ist, können Sie in drei Teilen zahlen, zuerst hundertzwanzig Euro. Der Zins bleibt bei 4,9 % im Jahr. Sie haben 14 Tage Zeit, uns zu sagen, was Ihnen passt. Sie erreichen uns unter +49 30 1234567 oder auf https://bank.example/hilfe. Falls Sie schon gezahlt haben, ist nichts weiter zu tun."),
        ("cs", "Dobrý den, {{given_name}}, vaše platba 1 234,50 EUR je splatná v pátek 12. března 2027. Když peněz není dost, můžete zaplatit na tři části, nejprve sto dvacet eur. Sazba zůstává 4,9 % ročně. Máte 14 dní na to, abyste nám řekli, co se vám hodí. Zavolejte nám na +49 30 1234567 nebo se podívejte na https://bank.example/pomoc. Pokud jste už zaplatili, není třeba nic dělat."),
    ];

    public static void Run(TextWriter output)
    {
        foreach (var (language, body) in Texts)
        {
            var (brief, draft) = (BriefIn(language), new Draft(body));
            var result = MessageProof.Prove(brief, draft);
            if (!result.Accepted)
                throw new InvalidOperationException($"the example in {language} was refused: {string.Join("; ", result.Refusals)}");

            var rates = new List<double>();
            for (var round = -3; round < Rounds; round++)
            {
                var start = Stopwatch.GetTimestamp();
                for (var i = 0; i < MessagesPerRound; i++)
                    result = MessageProof.Prove(brief, draft);
                if (round >= 0)
                    rates.Add(MessagesPerRound / Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            rates.Sort();
            output.WriteLine($"{language}, {body.Length} characters, {result.Verdicts.Count} checks: {rates[Rounds / 2]:N0} messages/s (best {rates[^1]:N0})");
        }
    }

    private static Brief BriefIn(string language) => new()
    {
        MessageId = "m-1", Purpose = "arrears", Circumstances = Circumstances.Arrears, Channel = MessageChannel.App, Language = language,
        SendDate = new DateOnly(2027, 3, 10), AllowedHosts = ["bank.example"],
        Facts =
        [
            new MoneyFact("amount_due", 1234.50m, "EUR"), new MoneyFact("minimum", 120m, "EUR"), new RateFact("rate", 4.9m), new DateFact("due", new DateOnly(2027, 3, 12)),
            new CountFact("instalments", 3), new CountFact("term", 14, CountUnit.Day), new ProductFact("card", "Gold 3"), new ContactFact("hotline", "+49 30 1234567"),
            new PersonalFact("given_name", "Annegret"), new QuotedFact("merchant", "Café Müller 24"),
        ],
    };
}
