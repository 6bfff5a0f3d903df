using static ServerlessCLM.Messages.Languages.Lexicon;

namespace ServerlessCLM.Messages.Languages;

internal static class German
{
    private static readonly string[] Units =
    [
        "null", "ein", "zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwolf", "dreizehn", "vierzehn",
        "funfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn",
    ];

    private static readonly string[] Tens = ["zwanzig", "dreissig", "vierzig", "funfzig", "sechzig", "siebzig", "achtzig", "neunzig"];

    public static readonly MessageLanguage Language = new()
    {
        Code = "de",
        DecimalSeparator = ',',
        GroupSeparators = ".'\u00A0\u202F",
        NumberWords = new NumberWords(Numbers(), ["tausend"], ["millionen", "million"], ["hundert", "tausend", "million"]),
        Months =
        [
            ["januar", "janner", "jan"], ["februar", "feber", "feb"], ["marz", "mar"], ["april", "apr"], ["mai"], ["juni", "jun"],
            ["juli", "jul"], ["august", "aug"], ["september", "sept", "sep"], ["oktober", "okt"], ["november", "nov"], ["dezember", "dez"],
        ],
        Weekdays = [["montag"], ["dienstag"], ["mittwoch"], ["donnerstag"], ["freitag"], ["samstag", "sonnabend"], ["sonntag"]],
        RelativeDays =
        [
            new("heute", 0, 0), new("bis morgen", 1, 1), new("ab morgen", 1, 1), new("schon morgen", 1, 1), new("morgen abend", 1, 1), new("morgen fruh", 1, 1),
            new("morgen fallig", 1, 1), new("ist morgen", 1, 1), new("wird morgen", 1, 1), new("ubermorgen", 2, 2), new("gestern", -1, -1),
            new("diese woche", 0, 6), new("nachste woche", 1, 13), new("nachster woche", 1, 13), new("dieser woche", 0, 6),
            new("diesen monat", 0, 30), new("diesem monat", 0, 30), new("nachsten monat", 1, 61), new("nachster monat", 1, 61), new("dieses wochenende", 0, 6),
        ],
        Units = Table(
            (CountUnit.Minute, 1, "minute minuten"), (CountUnit.Hour, 1, "stunde stunden"), (CountUnit.Day, 1, "tag tage tagen tages"),
            (CountUnit.Day, 7, "woche wochen"), (CountUnit.Month, 1, "monat monate monaten monats"), (CountUnit.Month, 12, "jahr jahre jahren jahres")),
        Currencies = Money(
            ("EUR", 1m, "euro euros"), ("EUR", .01m, "cent cents"), ("CHF", 1m, "franken fr sfr"), ("CHF", .01m, "rappen"), ("USD", 1m, "dollar"),
            ("GBP", 1m, "pfund"), ("CZK", 1m, "krone kronen")),
        Percent = ["prozent", "vom hundert"],
        Connectors = Words("bis und oder bzw"),
        Scales = Scale(("tsd", 1000), ("tausend", 1000), ("mio", 1_000_000), ("million", 1_000_000), ("millionen", 1_000_000), ("mrd", 1_000_000_000), ("milliarden", 1_000_000_000)),
        VagueQuantities = Words("halb halbe halben halbes halber halfte doppelt doppelte doppelten doppelter doppeltes verdoppelt verdoppeln dreifach dreifache zweifach dutzend hunderte tausende millionen viertel drittel anderthalb eineinhalb zweieinhalb zehnfach"),
        FunctionWords = Words(
            "der die das und ist sie ihr ihre ihren ihrem ihrer wir uns unser unsere fur mit von zu zum zur auf nicht ein eine einen einem einer bei wenn dass oder auch als bitte haben werden wird sind kann konnen noch dem den des im am bis es sich nach aus"),
        Negations = Phrases("nicht|kein|keine|keinen|keinem|keiner|keinerlei|nie|niemals|ohne|weder|noch"),
        Claims = Claims(
            (ClaimKind.Promise, "wir versprechen|versprochen|wir sichern ihnen zu|wir sagen ihnen zu|fest zugesagt|wird genehmigt|ist genehmigt|sind vorab genehmigt|vorab genehmigt|wir werden immer|sie werden sicher|wir werden erlassen|wird erlassen|wir erlassen ihnen|wird erstattet|verlassen sie sich darauf|unser wort|wir verpflichten uns"),
            (ClaimKind.Guarantee, "garant*|risikolos*|risikofrei*|ohne risiko|ohne jedes risiko|kein risiko|keinerlei risiko|100 % sicher|absolut sicher|vollig sicher|sichere rendite|sicherer gewinn|gewinn sicher|konnen nicht verlieren|nie verlieren"),
            (ClaimKind.Advice, "wir empfehlen|ich empfehle|empfehlenswert|wir raten|ich rate ihnen|sie sollten investieren|sie sollten kaufen|sie sollten verkaufen|sie sollten anlegen|anlageempfehlung*|unsere empfehlung|am besten fur sie|die richtige wahl|anlageberatung|steuerberatung|ideal fur sie|perfekt fur sie|sie sollten einen kredit"),
            (ClaimKind.Comparison, "besser als|gunstiger als|billiger als|mehr als jede andere|beste konditionen|bester zins*|beste zinsen|besten zinsen|die besten zins*|bestes angebot|die beste bank|niedrigste zins*|niedrigsten zins*|hochste zins*|hochsten zins*|unschlagbar*|nummer eins|marktfuhrer*|im gegensatz zu anderen bank*|als andere bank*|als bei der konkurrenz|konkurrenz|gunstigste*|testsieger*"),
            (ClaimKind.Urgency, "jetzt handeln|handeln sie jetzt|sofort*|schnell sein|letzte chance|letzte gelegenheit|nicht verpassen|verpassen sie nicht|nur fur kurze zeit|begrenzte zeit|zeitlich begrenzt|solange der vorrat|nur heute|nur noch heute|bevor es zu spat ist|endet bald|lauft bald ab|dringend*|umgehend*|unverzuglich*|beeilen sie sich|beeilung|so schnell wie moglich|schnellstmoglich|eilig*"),
            (ClaimKind.Threat, "rechtliche schritte|gerichtlich*|gericht|klage|verklagen|gerichtsvollzieher*|pfand*|zwangsvollstreck*|vollstreck*|schufa|inkasso*|polizei|strafanzeige|strafrechtlich*|konsequenzen|folgen fur sie|ihren arbeitgeber|kundigen wir|zwangsversteiger*|mahnbescheid*|andernfalls|sonst werden wir|gezwungen|schwarze liste"),
            (ClaimKind.FreeOfCharge, "kostenlos*|kostenfrei*|gratis|gebuhrenfrei*|ohne gebuhr*|ohne kosten|keine gebuhr*|keine kosten|umsonst|geschenkt|zum nulltarif|unentgeltlich*|entfallt die gebuhr")),
        HarshPhrases = Phrases("ihre schuld|selbst schuld|sie haben versaumt|versaumnis*|zahlungsunwillig|unverantwortlich|leichtsinnig|fahrlassig|sie mussen zahlen|zahlen sie endlich|ignoriert|ignorieren sie|letzte mahnung|letzte warnung|wir warnen|keine ausrede*|saumig*|schuldner*|schamen|peinlich*|wir fordern sie auf|wir verlangen|sie sind verpflichtet|wir bestehen darauf|enttauscht"),
        SellingPhrases = Phrases("upgrade*|sonderangebot*|exklusiv*|bonus|cashback|rabatt*|aktion*|jetzt beantragen|beantragen sie|neue karte|pramie*|gutschein*|gewinnspiel*|gewinnen sie|sonderkondition*|neukunden*|freunde werben|punkte sammeln|entdecken sie unser*"),
        HardestLix = [50, 60, 70],
    };

    private static List<IEnumerable<string>> Numbers()
    {
        List<IEnumerable<string>> below = [.. Units.Select(Spellings)];
        below[1] = ["ein", "eins", "eine", "einen", "einem", "einer", "eines"];
        below[2] = ["zwei", "zwo"];
        for (var number = 20; number < 100; number++)
        {
            var tens = Spellings(Tens[(number / 10) - 2]);
            below.Add(number % 10 == 0 ? tens : NumberWords.Joined(number % 10 == 2 ? below[2] : Spellings(Units[number % 10]), ["und"], tens).ToArray());
        }

        List<string[]> hundreds = [["einhundert", "hundert"], .. Enumerable.Range(2, 8).Select(number => Spellings(Units[number]).Select(unit => unit + "hundert").ToArray())];
        return NumberWords.WithHundreds(below, hundreds, hundreds, ["", "und"], ["hundert"]);
    }

    /// <summary>Umlauts are folded away, or written with an e where a keyboard has none.</summary>
    private static string[] Spellings(string word) => word switch
    {
        _ when word.StartsWith("funf", StringComparison.Ordinal) => [word, "fuenf" + word[4..]],
        "zwolf" => [word, "zwoelf"],
        _ => [word],
    };
}
