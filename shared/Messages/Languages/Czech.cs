using static ServerlessCLM.Messages.Languages.Lexicon;

namespace ServerlessCLM.Messages.Languages;

/// <summary>Czech numbers bend with their case, so each stands in its commonest forms.</summary>
internal static class Czech
{
    private static readonly string[][] Units =
    [
        ["nula", "nuly", "nule"], ["jeden", "jedna", "jedno", "jednoho", "jedne", "jednu", "jednom", "jednim"], ["dva", "dve", "dvou", "dvema"],
        ["tri", "tri", "trem", "tremi", "trech"], ["ctyri", "ctyr", "ctyrem", "ctyrmi", "ctyrech"], ["pet", "peti"], ["sest", "sesti"], ["sedm", "sedmi"],
        ["osm", "osmi"], ["devet", "deviti"], ["deset", "deseti"], ["jedenact", "jedenacti"], ["dvanact", "dvanacti"], ["trinact", "trinacti"],
        ["ctrnact", "ctrnacti"], ["patnact", "patnacti"], ["sestnact", "sestnacti"], ["sedmnact", "sedmnacti"], ["osmnact", "osmnacti"],
        ["devatenact", "devatenacti"],
    ];

    private static readonly string[] Tens = ["dvacet", "tricet", "ctyricet", "padesat", "sedesat", "sedmdesat", "osmdesat", "devadesat"];

    public static readonly MessageLanguage Language = new()
    {
        Code = "cs",
        DecimalSeparator = ',',
        GroupSeparators = " .\u00A0\u202F",
        NumberWords = new NumberWords(Numbers(), ["tisicich", "tisicem", "tisice", "tisici", "tisicu", "tisic"], ["milionech", "milionu", "miliony", "milion"], ["tisic", "milion"]),
        Months =
        [
            ["ledna", "leden", "lednu"], ["unora", "unor", "unoru"], ["brezna", "brezen", "breznu"], ["dubna", "duben", "dubnu"], ["kvetna", "kveten", "kvetnu"],
            ["cervna", "cerven", "cervnu"], ["cervence", "cervenec", "cervenci"], ["srpna", "srpen", "srpnu"], ["zari"], ["rijna", "rijen", "rijnu"],
            ["listopadu", "listopad"], ["prosince", "prosinec", "prosinci"],
        ],
        Weekdays =
        [
            ["pondeli"], ["utery", "uterka"], ["streda", "stredu", "stredy"], ["ctvrtek", "ctvrtka"], ["patek", "patku"], ["sobota", "sobotu", "soboty"],
            ["nedele", "nedeli"],
        ],
        RelativeDays =
        [
            new("dnes", 0, 0), new("zitra", 1, 1), new("zitrka", 1, 1), new("pozitri", 2, 2), new("vcera", -1, -1), new("tento tyden", 0, 6),
            new("pristi tyden", 1, 13), new("tento mesic", 0, 30), new("pristi mesic", 1, 61), new("tento vikend", 0, 6),
        ],
        Units = Table(
            (CountUnit.Minute, 1, "minuta minuty minut minutu"), (CountUnit.Hour, 1, "hodina hodiny hodin hodinu hodinach"),
            (CountUnit.Day, 1, "den dny dni dnu dnech dne"), (CountUnit.Day, 7, "tyden tydny tydnu tydne tydnech"),
            (CountUnit.Month, 1, "mesic mesice mesicu mesici mesicich"), (CountUnit.Month, 12, "rok roky roku let lety letech")),
        Currencies = Money(
            ("CZK", 1m, "kc koruna koruny korun korunu korunach korunami"), ("CZK", .01m, "haler halere haleru"), ("EUR", 1m, "euro eura eur eurech"),
            ("EUR", .01m, "cent centy centu"), ("USD", 1m, "dolar dolary dolaru"), ("GBP", 1m, "libra libry liber"), ("CHF", 1m, "frank franky franku")),
        Percent = ["procent", "procenta", "procento", "procentech", "procentni"],
        Connectors = Words("az a nebo i do"),
        Scales = Scale(("tis", 1000), ("tisic", 1000), ("tisice", 1000), ("mil", 1_000_000), ("mio", 1_000_000), ("milion", 1_000_000), ("miliony", 1_000_000), ("milionu", 1_000_000)),
        VagueQuantities = Words("pul pulka polovina polovinu poloviny dvojnasobek dvojnasobne dvakrat trikrat tucet tucty stovky tisicovky ctvrtina ctvrtinu tretina tretinu"),
        FunctionWords = Words(
            "je jsou jsme jste se si na za pro vas vam vase vasi nas nam nase ze to ten ta by byt bude budete muzete nebo pokud kdyz jak jako prosim ale od do po pri podle uz jeste ktery ktera ktere vse v z s k o i a u"),
        Negations = Phrases("ne|neni|nejsou|nejsme|zadny|zadne|zadna|zadneho|nikdy|bez|ani|nemuzeme|nelze|nebude"),
        Claims = Claims(
            (ClaimKind.Promise, "slibujeme|slib|zavazujeme se|ujistujeme vas|mate nase slovo|bude schvalen*|je schvalen*|predschvalen*|bude vam odpusten*|odpustime|bude vracen*|urcite dostanete"),
            (ClaimKind.Guarantee, "garant*|zaruc*|bez rizika|zadne rizik*|zadneho rizik*|nulove rizik*|nulovym rizik*|stoprocentne|100 % jist*|jisty zisk|jisty vynos|nemuzete prodelat|nikdy neprodelate"),
            (ClaimKind.Advice, "doporucujeme|doporucuji|radime vam|meli byste investovat|meli byste koupit|meli byste prodat|meli byste si pujcit|nejlepsi volb*|nase rad*|investicni poradenstvi|danove poradenstvi|idealni pro vas|presne pro vas"),
            (ClaimKind.Comparison, "lepsi nez|levnejsi nez|vyhodnejsi nez|nejlepsi sazb*|nejlepsi urok*|nejlepsi nabidk*|nejlepsi bank*|nejnizsi sazb*|nejnizsi urok*|nejvyssi urok*|bezkonkurencn*|cislo jedna|jednicka na trhu|na rozdil od jinych bank|nez jine banky|nez konkurence|konkurenc*|nejlevnejsi*"),
            (ClaimKind.Urgency, "jednejte hned|jednejte rychle|pospeste si|posledni sanc*|posledni moznost*|nezmeskejte|nenechte si ujit|omezena nabidka|casove omezen*|do vyprodani|jen dnes|pouze dnes|nez bude pozde|brzy konci|brzy vyprsi|nalehav*|urgentn*|okamzite|ihned|neprodlene|bez odkladu|co nejdrive|hned ted"),
            (ClaimKind.Threat, "pravni krok*|pravnimi krok*|soud*|zalob*|zalovat|exekuc*|exekutor*|zabaven*|registr* dluznik*|polici*|trestn*|nasled*|dusled*|vaseho zamestnavatele|vypovime|budeme nuceni|jinak budeme|cerna listina|vymahan*"),
            (ClaimKind.FreeOfCharge, "zdarma|bezplatn*|bez poplatk*|zadne poplatky|zadny poplatek|darek*|darku|darky|darkem|nic nestoji|gratis")),
        HarshPhrases = Phrases("vase vina|vasi vinou|vase chyb*|vasi chyb*|selhali jste|nezodpovedn*|nedbal*|musite zaplatit|zaplatte uz|ignorujete|ignoroval*|posledni upomin*|posledni varovan*|varujeme vas|zadne vymluvy|neplatic*|dluznik*|hanba|ostud*|vyzadujeme|jste povinen|jste povinna|trvame na|zklaman*"),
        SellingPhrases = Phrases("specialni nabid*|exkluziv*|bonus*|cashback*|sleva*|slevu*|slevy|slev|slevou|akce|akci|akcni*|pozadejte o|nova karta|novou kartu|nove kart*|odmen*|poukaz*|soutez*|vyhrajte|doporucte pratel*|sbirejte body|objevte nas*"),
        HardestLix = [46, 56, 66],
    };

    private static List<IEnumerable<string>> Numbers()
    {
        List<IEnumerable<string>> below = [.. Units];
        for (var number = 20; number < 100; number++)
        {
            string ten = Tens[(number / 10) - 2], unit = Units[number % 10][0];
            string[] tens = [ten, ten + "i"];
            below.Add(number % 10 == 0 ? tens : [.. NumberWords.Joined(tens, [""], Units[number % 10]), .. NumberWords.Joined([Inverted(number % 10, unit)], ["a"], tens)]);
        }

        List<string[]> hundreds = [["sto", "stu", "sta", "jednosto"]];
        hundreds.AddRange(Enumerable.Range(2, 8).Select(number => NumberWords.Joined(Units[number], [""], number < 3 ? ["ste", "set"] : number < 5 ? ["sta", "set"] : ["set"]).ToArray()));
        return NumberWords.WithHundreds(below, hundreds, hundreds, [""], ["set"]);
    }

    /// <summary>Five-and-twenty: <c>pětadvacet</c>.</summary>
    private static string Inverted(int number, string unit) => number == 1 ? "jedn" : unit;
}
