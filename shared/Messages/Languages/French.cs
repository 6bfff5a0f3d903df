using static ServerlessCLM.Messages.Languages.Lexicon;

namespace ServerlessCLM.Messages.Languages;

internal static class French
{
    private static readonly string[] Units =
    [
        "zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze",
        "quinze", "seize", "dixsept", "dixhuit", "dixneuf",
    ];

    private static readonly string[] Tens = ["vingt", "trente", "quarante", "cinquante", "soixante"];

    public static readonly MessageLanguage Language = new()
    {
        Code = "fr",
        DecimalSeparator = ',',
        GroupSeparators = " .'\u00A0\u202F",
        NumberWords = new NumberWords(Numbers(), ["mille"], ["millions", "million"], ["million"]),
        Months =
        [
            ["janvier", "janv"], ["fevrier", "fevr", "fev"], ["mars"], ["avril", "avr"], ["mai"], ["juin"], ["juillet", "juil"], ["aout"],
            ["septembre", "sept"], ["octobre", "oct"], ["novembre", "nov"], ["decembre", "dec"],
        ],
        Weekdays = [["lundi"], ["mardi"], ["mercredi"], ["jeudi"], ["vendredi"], ["samedi"], ["dimanche"]],
        RelativeDays =
        [
            new("aujourd'hui", 0, 0), new("ce soir", 0, 0), new("demain", 1, 1), new("apres-demain", 2, 2), new("hier", -1, -1), new("cette semaine", 0, 6),
            new("la semaine prochaine", 1, 13), new("ce mois-ci", 0, 30), new("ce mois", 0, 30), new("le mois prochain", 1, 61), new("ce week-end", 0, 6),
        ],
        Units = Table(
            (CountUnit.Minute, 1, "minute minutes"), (CountUnit.Hour, 1, "heure heures"), (CountUnit.Day, 1, "jour jours"),
            (CountUnit.Day, 7, "semaine semaines"), (CountUnit.Month, 1, "mois"), (CountUnit.Month, 12, "an ans annee annees")),
        Currencies = Money(
            ("EUR", 1m, "euro euros"), ("EUR", .01m, "centime centimes cent cents"), ("CHF", 1m, "franc francs"), ("USD", 1m, "dollar dollars"),
            ("GBP", 1m, "livre livres"), ("CZK", 1m, "couronne couronnes")),
        Percent = ["pour cent", "pourcent", "pour-cent"],
        Connectors = Words("a et ou au jusqu'a"),
        Scales = Scale(("k", 1000), ("mille", 1000), ("million", 1_000_000), ("millions", 1_000_000), ("milliard", 1_000_000_000), ("milliards", 1_000_000_000)),
        VagueQuantities = Words("demi demie moitie double doublez doubler triple tripler douzaine douzaines centaine centaines millier milliers tiers quart dizaine dizaines"),
        FunctionWords = Words(
            "le la les des du une et est vous votre vos nous notre nos pour avec dans sur pas que qui ne ce cette au aux ou par si son sa plus etre avez sont peut pouvez votre en de bien cet leur deja sans"),
        Negations = Phrases("ne|pas|aucun|aucune|jamais|sans|ni|n'est|n'avons|nul|nulle"),
        Claims = Claims(
            (ClaimKind.Promise, "nous promettons|promesse|nous vous assurons|nous nous engageons|soyez assure*|est approuve*|sera approuve*|pre-approuve*|preapprouve*|sera accepte*|nous annulerons|sera annule*|sera rembourse*|notre parole|vous obtiendrez certainement"),
            (ClaimKind.Guarantee, "garanti*|sans risque*|aucun risque|zero risque|100 % sur|totalement sur|rendement assure|gain assure|gains assures|ne pouvez pas perdre|jamais perdre"),
            (ClaimKind.Advice, "nous recommandons|nous vous recommandons|nous conseillons|nous vous conseillons|je vous conseille|vous devriez investir|vous devriez acheter|vous devriez vendre|vous devriez emprunter|le meilleur choix|notre conseil|conseil en investissement|conseil fiscal|ideal pour vous|parfait pour vous"),
            (ClaimKind.Comparison, "meilleur que|moins cher que|meilleur taux|meilleurs taux|meilleure offre|meilleure banque|taux le plus bas|le plus bas du marche|le plus haut du marche|imbattable*|numero un|leader du marche|contrairement aux autres banques|que les autres banques|que la concurrence|concurrence|moins cheres"),
            (ClaimKind.Urgency, "agissez maintenant|agissez vite|vite|depechez-vous|derniere chance|ne manquez pas|ne ratez pas|offre limitee|duree limitee|jusqu'a epuisement|seulement aujourd'hui|aujourd'hui seulement|avant qu'il ne soit trop tard|expire bientot|se termine bientot|urgent*|immediatement|sans delai|sans tarder|des que possible|au plus vite|tout de suite"),
            (ClaimKind.Threat, "action en justice|poursuites|poursuivre|tribunal|huissier*|saisie*|saisir|recouvrement force|fichage|ficp|police|penal*|consequences|votre employeur|resilier votre|contraints|sinon nous|liste noire|expulsion|mise en demeure"),
            (ClaimKind.FreeOfCharge, "gratuit*|sans frais|aucun frais|zero frais|offert*|sans cout|ne coute rien|cadeau*")),
        HarshPhrases = Phrases("votre faute|vous avez echoue|manquement*|irresponsable*|negligen*|vous devez payer|payez|ignore nos|ignorez|dernier avertissement|dernier rappel|nous vous avertissons|aucune excuse|mauvais payeur*|debiteur*|honte*|nous exigeons|vous etes oblige*|nous insistons|decu*"),
        SellingPhrases = Phrases("offre speciale|offre exclusive|exclusif*|exclusive*|bonus|cashback|remise*|promotion*|demandez votre|souscrivez|nouvelle carte|recompense*|bon d'achat|jeu concours|gagnez|parrain*|cumulez des points|decouvrez notre*|decouvrez nos"),
        HardestLix = [44, 54, 64],
    };

    private static List<IEnumerable<string>> Numbers()
    {
        List<IEnumerable<string>> below = [.. Units.Select(unit => new[] { unit })];
        below[1] = ["un", "une"];
        for (var number = 20; number < 70; number++)
        {
            var tens = Tens[(number / 10) - 2];
            below.Add((number % 10) switch
            {
                0 => [tens],
                1 => [tens + "etun", tens + "etune", tens + "un", tens + "une"],
                _ => [tens + Units[number % 10]],
            });
        }

        for (var number = 70; number < 80; number++)
            below.Add(["soixante" + (number == 71 ? "et" : "") + Units[number - 60], .. Regional("septante", number % 10)]);
        for (var number = 80; number < 100; number++)
        {
            below.Add(number == 80
                ? ["quatrevingts", "quatrevingt", "huitante", "octante"]
                : ["quatrevingt" + Units[number - 80], .. number < 90 ? Regional("huitante", number % 10) : Regional("nonante", number % 10)]);
        }

        List<string[]> hundreds = [["cent"], .. Enumerable.Range(2, 8).Select(number => new[] { Units[number] + "cent" })];
        List<string[]> whole = [["cent"], .. Enumerable.Range(2, 8).Select(number => new[] { Units[number] + "cents", Units[number] + "cent" })];
        return NumberWords.WithHundreds(below, hundreds, whole, [""], ["cent", "cents"]);
    }

    private static string[] Regional(string tens, int unit) => unit switch
    {
        0 => [tens],
        1 => [tens + "etun", tens + "un"],
        _ => [tens + Units[unit]],
    };
}
