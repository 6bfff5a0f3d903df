using static ServerlessCLM.Messages.Languages.Lexicon;

namespace ServerlessCLM.Messages.Languages;

/// <summary>British and American English. As 3/4 may be either, a date of two numbers is refused where its order matters.</summary>
internal static class English
{
    private static readonly string[] Units =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
        "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] Tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    public static readonly MessageLanguage Language = new()
    {
        Code = "en",
        DecimalSeparator = '.',
        GroupSeparators = ",",
        DayBeforeMonth = false,
        NumberWords = new NumberWords(Numbers(), ["thousand"], ["million"], ["hundred", "thousand", "million"]),
        Months =
        [
            ["january", "jan"], ["february", "feb"], ["march", "mar"], ["april", "apr"], ["may"], ["june", "jun"], ["july", "jul"],
            ["august", "aug"], ["september", "sept", "sep"], ["october", "oct"], ["november", "nov"], ["december", "dec"],
        ],
        Weekdays = [["monday"], ["tuesday"], ["wednesday"], ["thursday"], ["friday"], ["saturday"], ["sunday"]],
        RelativeDays =
        [
            new("today", 0, 0), new("tonight", 0, 0), new("tomorrow", 1, 1), new("yesterday", -1, -1), new("day after tomorrow", 2, 2),
            new("this week", 0, 6), new("next week", 1, 13), new("this month", 0, 30), new("next month", 1, 61), new("this weekend", 0, 6),
        ],
        Units = Table(
            (CountUnit.Minute, 1, "minute minutes"), (CountUnit.Hour, 1, "hour hours"), (CountUnit.Day, 1, "day days"),
            (CountUnit.Day, 7, "week weeks"), (CountUnit.Month, 1, "month months"), (CountUnit.Month, 12, "year years")),
        Currencies = Money(
            ("EUR", 1m, "euro euros"), ("EUR", .01m, "cent cents"), ("GBP", 1m, "pound pounds quid"), ("GBP", .01m, "pence penny"),
            ("USD", 1m, "dollar dollars buck bucks"), ("CZK", 1m, "koruna korunas crown crowns"), ("CHF", 1m, "franc francs")),
        Percent = ["percent", "per cent", "pct"],
        Connectors = Words("to or and until and/or"),
        Scales = Scale(("k", 1000), ("thousand", 1000), ("m", 1_000_000), ("mn", 1_000_000), ("million", 1_000_000), ("bn", 1_000_000_000), ("billion", 1_000_000_000)),
        VagueQuantities = Words("half twice double doubled doubles triple tripled thrice dozen dozens hundreds thousands millions couple quarter third threefold twofold tenfold"),
        FunctionWords = Words(
            "the of and to you your is are be for with this that have has not can will we our from it at by on if please or an as would when us any which do was been but they there about"),
        Negations = Phrases("not|no|never|cannot|can't|don't|won't|isn't|doesn't|neither|without|nor"),
        Claims = Claims(
            (ClaimKind.Promise, "we promise|i promise|you have our word|we will always|you will definitely|you will certainly|we assure|rest assured|we pledge|will be approved|you are approved|pre-approved|preapproved|we will approve|we will waive|we will refund|will be refunded|we will write off|we commit"),
            (ClaimKind.Guarantee, "guarant*|risk-free|risk free|no risk|without risk|without any risk|zero risk|100% safe|completely safe|cannot lose|can't lose|never lose|certain to|sure to win|secure profit*|surefire"),
            (ClaimKind.Advice, "we recommend|i recommend|we advise|i advise|you should invest|you should buy|you should sell|you ought to|we suggest investing|best for you|right choice for you|our advice|it is best to|you should borrow|tax advice|investment advice|financial advice|perfect for you|ideal for you"),
            (ClaimKind.Comparison, "better than|cheaper than|lower than any|higher than any|best rate*|best offer*|best in the market|best bank|lowest rate*|lowest price*|highest interest|highest return*|unbeatable|number one|no. 1|market-leading|market leading|unlike other bank*|than other bank*|cheapest|than your competitor*|than competitor*"),
            (ClaimKind.Urgency, "act now|act fast|hurry|last chance|final chance|don't miss|do not miss|limited time|limited offer|while stocks last|only today|today only|before it's too late|before it is too late|expires soon|ends soon|urgent*|immediate action|immediately|right away|right now|without delay|once in a lifetime|ends tonight|as soon as possible|asap|running out"),
            (ClaimKind.Threat, "legal action|court|lawsuit|sue you|bailiff*|repossess*|seize*|we will report you|credit bureau|credit score will|ruin your credit|police|arrest*|debt collect*|enforcement|consequences|penalt*|prosecut*|your employer|blacklist*|terminate your|we will be forced|or else|foreclos*|garnish*"),
            (ClaimKind.FreeOfCharge, "free of charge|for free|no fee*|no cost*|at no cost|fee-free|free gift|absolutely free|completely free|no charge*|costs nothing|without fee*|zero fee*|waived|is free")),
        HarshPhrases = Phrases("your fault|you failed|failed to pay|refuse to pay|irresponsible|careless|negligent|you must pay|pay up|ignored|ignoring our|last warning|final warning|we warn|no excuse*|delinquent|defaulter|debtor|shame*|embarrass*|you are obliged|we demand|demand payment|insist*|disappointed"),
        SellingPhrases = Phrases("upgrade*|special offer*|exclusive*|bonus|cashback|discount*|promotion*|apply for a|apply now|new card|reward*|sale|voucher*|deal*|win a|prize*|introductory|our new|refer a friend|earn points"),
        HardestLix = [42, 52, 62],
    };

    private static List<IEnumerable<string>> Numbers()
    {
        List<IEnumerable<string>> below = [.. Units.Select(unit => new[] { unit })];
        for (var number = 20; number < 100; number++)
            below.Add([Tens[(number / 10) - 2] + (number % 10 == 0 ? "" : Units[number % 10])]);
        List<string[]> hundreds = [["onehundred", "ahundred", "hundred"], .. Enumerable.Range(2, 8).Select(number => new[] { Units[number] + "hundred" })];
        return NumberWords.WithHundreds(below, hundreds, hundreds, ["and", ""], ["hundred"]);
    }
}
