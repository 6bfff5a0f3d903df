namespace ServerlessCLM.Tests.Messages;

/// <summary>Numbers in words, 0 to 999,999, by the grammar books and not by the product's tables.</summary>
internal static class SpelledNumbers
{
    public static string Of(int number, string language) => language switch
    {
        "en" => English(number),
        "de" => German(number),
        "fr" => French(number),
        "es" => Spanish(number),
        _ => Czech(number),
    };

    private static string English(int number)
    {
        string[] small = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
        string[] tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
        return number switch
        {
            < 20 => small[number],
            < 100 => tens[number / 10] + (number % 10 == 0 ? "" : "-" + small[number % 10]),
            < 1000 => small[number / 100] + " hundred" + (number % 100 == 0 ? "" : " and " + English(number % 100)),
            _ => English(number / 1000) + " thousand" + (number % 1000 == 0 ? "" : (number % 1000 < 100 ? " and " : " ") + English(number % 1000)),
        };
    }

    private static string German(int number)
    {
        string[] small = ["null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"];
        string[] tens = ["", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"];
        return number switch
        {
            < 20 => small[number],
            < 100 => (number % 10 == 0 ? "" : small[number % 10] + "und") + tens[number / 10],
            < 1000 => small[number / 100] + "hundert" + (number % 100 == 0 ? "" : German(number % 100)),
            _ => German(number / 1000) + "tausend" + (number % 1000 == 0 ? "" : German(number % 1000)),
        };
    }

    private static string French(int number)
    {
        string[] small = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"];
        string[] tens = ["", "", "vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre-vingt", "quatre-vingt"];
        return number switch
        {
            < 20 => small[number],
            80 => "quatre-vingts",
            < 70 when number % 10 == 0 => tens[number / 10],
            < 70 => tens[number / 10] + (number % 10 == 1 ? " et un" : "-" + small[number % 10]),
            71 => "soixante et onze",
            < 80 => "soixante-" + small[number - 60],
            < 100 => "quatre-vingt-" + small[number - 80],
            < 1000 => (number < 200 ? "cent" : small[number / 100] + (number % 100 == 0 ? " cents" : " cent")) + (number % 100 == 0 ? "" : " " + French(number % 100)),
            _ => (number < 2000 ? "mille" : French(number / 1000) + " mille") + (number % 1000 == 0 ? "" : " " + French(number % 1000)),
        };
    }

    private static string Spanish(int number)
    {
        string[] small = ["cero", "un", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiún", "veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho", "veintinueve"];
        string[] tens = ["", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"];
        string[] hundreds = ["", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos", "ochocientos", "novecientos"];
        return number switch
        {
            < 30 => small[number],
            < 100 => tens[number / 10] + (number % 10 == 0 ? "" : " y " + small[number % 10]),
            100 => "cien",
            < 1000 => hundreds[number / 100] + (number % 100 == 0 ? "" : " " + Spanish(number % 100)),
            _ => (number < 2000 ? "mil" : Spanish(number / 1000) + " mil") + (number % 1000 == 0 ? "" : " " + Spanish(number % 1000)),
        };
    }

    private static string Czech(int number)
    {
        string[] small = ["nula", "jeden", "dva", "tři", "čtyři", "pět", "šest", "sedm", "osm", "devět", "deset", "jedenáct", "dvanáct", "třináct", "čtrnáct", "patnáct", "šestnáct", "sedmnáct", "osmnáct", "devatenáct"];
        string[] tens = ["", "", "dvacet", "třicet", "čtyřicet", "padesát", "šedesát", "sedmdesát", "osmdesát", "devadesát"];
        string[] hundreds = ["", "sto", "dvě stě", "tři sta", "čtyři sta", "pět set", "šest set", "sedm set", "osm set", "devět set"];
        return number switch
        {
            < 20 => small[number],
            < 100 => tens[number / 10] + (number % 10 == 0 ? "" : " " + small[number % 10]),
            < 1000 => hundreds[number / 100] + (number % 100 == 0 ? "" : " " + Czech(number % 100)),
            _ => (number < 2000 ? "tisíc" : Czech(number / 1000) + (number < 5000 ? " tisíce" : " tisíc")) + (number % 1000 == 0 ? "" : " " + Czech(number % 1000)),
        };
    }
}
