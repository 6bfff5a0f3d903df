using static ServerlessCLM.Messages.Languages.Lexicon;

namespace ServerlessCLM.Messages.Languages;

internal static class Spanish
{
    private static readonly string[] Units =
    [
        "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece", "catorce",
        "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve", "veinte",
    ];

    private static readonly string[] Tens = ["treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"];

    private static readonly string[] Hundreds =
        ["ciento", "doscient", "trescient", "cuatrocient", "quinient", "seiscient", "setecient", "ochocient", "novecient"];

    public static readonly MessageLanguage Language = new()
    {
        Code = "es",
        DecimalSeparator = ',',
        GroupSeparators = ". '\u00A0\u202F",
        NumberWords = new NumberWords(Numbers(), ["mil"], ["millones", "millon"], ["millon"]),
        Months =
        [
            ["enero", "ene"], ["febrero", "feb"], ["marzo", "mar"], ["abril", "abr"], ["mayo", "may"], ["junio", "jun"], ["julio", "jul"],
            ["agosto", "ago"], ["septiembre", "setiembre", "sept", "sep"], ["octubre", "oct"], ["noviembre", "nov"], ["diciembre", "dic"],
        ],
        Weekdays = [["lunes"], ["martes"], ["miercoles"], ["jueves"], ["viernes"], ["sabado"], ["domingo"]],
        RelativeDays =
        [
            new("hoy", 0, 0), new("esta noche", 0, 0), new("antes de manana", 1, 1), new("hasta manana", 1, 1), new("manana mismo", 1, 1), new("vence manana", 1, 1),
            new("desde manana", 1, 1), new("a partir de manana", 1, 1), new("pasado manana", 2, 2), new("ayer", -1, -1), new("esta semana", 0, 6),
            new("la proxima semana", 1, 13), new("la semana que viene", 1, 13), new("este mes", 0, 30), new("el proximo mes", 1, 61), new("el mes que viene", 1, 61),
        ],
        Units = Table(
            (CountUnit.Minute, 1, "minuto minutos"), (CountUnit.Hour, 1, "hora horas"), (CountUnit.Day, 1, "dia dias"),
            (CountUnit.Day, 7, "semana semanas"), (CountUnit.Month, 1, "mes meses"), (CountUnit.Month, 12, "ano anos")),
        Currencies = Money(
            ("EUR", 1m, "euro euros"), ("EUR", .01m, "centimo centimos"), ("USD", 1m, "dolar dolares"), ("USD", .01m, "centavo centavos"),
            ("GBP", 1m, "libra libras"), ("CHF", 1m, "franco francos"), ("CZK", 1m, "corona coronas")),
        Percent = ["por ciento", "porciento"],
        Connectors = Words("a y o e hasta u"),
        Scales = Scale(("mil", 1000), ("millon", 1_000_000), ("millones", 1_000_000)),
        VagueQuantities = Words("medio media mitad doble duplica duplicar triple triplica docena docenas cientos miles centenar centenares tercio cuarto"),
        FunctionWords = Words(
            "el la los las de del que y en un una su sus para con por no es se lo al como mas si nos nuestro nuestra nuestros le les esta este puede ha tiene usted cuando sin sobre pero tu tus te son ya"),
        Negations = Phrases("no|nunca|ningun|ninguna|ninguno|sin|ni|jamas|tampoco"),
        Claims = Claims(
            (ClaimKind.Promise, "le prometemos|prometemos|promesa|nos comprometemos|le aseguramos|tenga la seguridad|esta aprobado|sera aprobado|esta aprobada|sera aprobada|preaprobado|preaprobada|condonaremos|sera condonada|sera reembolsado|nuestra palabra|obtendra seguro"),
            (ClaimKind.Guarantee, "garanti*|sin riesgo*|ningun riesgo|cero riesgo|100 % seguro|totalmente seguro|rentabilidad segura|ganancia segura|no puede perder|nunca pierde"),
            (ClaimKind.Advice, "le recomendamos|recomendamos|le aconsejamos|aconsejamos|deberia invertir|deberia comprar|deberia vender|deberia pedir un prestamo|la mejor opcion|nuestro consejo|asesoramiento de inversion|asesoramiento fiscal|ideal para usted|perfecto para usted|perfecta para usted"),
            (ClaimKind.Comparison, "mejor que|mas barato que|mas barata que|mejor tipo|mejores tipos|mejor oferta|mejor banco|mejores condiciones|interes mas bajo|tipo mas bajo|mas alto del mercado|mas bajo del mercado|imbatible*|numero uno|lider del mercado|a diferencia de otros bancos|que otros bancos|que la competencia|competencia"),
            (ClaimKind.Urgency, "actue ya|actue ahora|dese prisa|ultima oportunidad|no se lo pierda|no lo deje pasar|oferta limitada|tiempo limitado|por tiempo limitado|hasta agotar|solo hoy|antes de que sea tarde|antes de que sea demasiado tarde|termina pronto|caduca pronto|urgente*|inmediatamente|de inmediato|cuanto antes|lo antes posible|sin demora|ahora mismo"),
            (ClaimKind.Threat, "acciones legales|accion legal|medidas legales|tribunal*|juzgado*|demanda judicial|demandar*|embarg*|fichero de morosos|asnef|policia|penal*|consecuencias|su empleador|cancelaremos su|nos veremos obligados|de lo contrario|lista negra|desahuci*|ejecucion"),
            (ClaimKind.FreeOfCharge, "gratis|gratuit*|sin coste*|sin costo*|sin comision*|ninguna comision|cero comisiones|regalo*|no cuesta nada|sin gastos")),
        HarshPhrases = Phrases("su culpa|no ha cumplido|incumplimiento|irresponsable*|negligen*|debe pagar ya|pague ya|ignorado|ignorar nuestros|ultimo aviso|ultima advertencia|le advertimos|sin excusas|moroso*|deudor*|verguenza|exigimos|esta obligado|insistimos|decepcion*"),
        SellingPhrases = Phrases("oferta especial|exclusiv*|bono|cashback|descuento*|promocion*|solicite su|solicitela ya|contrate|nueva tarjeta|recompensa*|vale de compra|sorteo*|gane un|invite a un amigo|acumule puntos|descubra nuestr*"),
        HardestLix = [44, 54, 64],
    };

    private static List<IEnumerable<string>> Numbers()
    {
        List<IEnumerable<string>> below = [.. Units.Select(unit => new[] { unit })];
        below[1] = ["uno", "un", "una"];
        for (var number = 21; number < 30; number++)
            below.Add(number == 21 ? ["veintiuno", "veintiun", "veintiuna"] : ["veinti" + Units[number - 20]]);
        for (var number = 30; number < 100; number++)
        {
            var tens = Tens[(number / 10) - 3];
            below.Add(number % 10 == 0 ? [tens] : NumberWords.Joined([tens + "y"], [""], below[number % 10]).ToArray());
        }

        var hundreds = Hundreds.Select((hundred, place) => place == 0 ? new[] { hundred } : [hundred + "os", hundred + "as"]).ToList();
        List<string[]> whole = [["cien", "ciento"], .. hundreds.Skip(1)];
        return NumberWords.WithHundreds(below, hundreds, whole, [""], []);
    }
}
