using System.Collections.Frozen;
using static ServerlessCLM.Messages.Languages.Lexicon;

namespace ServerlessCLM.Messages.Replies;

/// <summary>What a customer's reply is about; a reply may be about several things.</summary>
public enum ReplyIntent { OptOut, Hardship, Complaint, Dispute, Promise, Pay, Question }

/// <summary>
/// Wordings by language and intent, folded as the checks' are. Lists of what people write: a wording nobody thought of is missed, which is why
/// a reply with no intent found goes to a person.
/// </summary>
internal sealed record ReplyLexicon
{
    public required FrozenDictionary<ReplyIntent, string[]> Phrases { get; init; }

    /// <summary>Words of the first person in the future: with an amount or a day they promise.</summary>
    public required string[] Will { get; init; }

    public required string[] Pleased { get; init; }

    public required string[] Displeased { get; init; }

    public static readonly FrozenDictionary<string, ReplyLexicon> All = new Dictionary<string, ReplyLexicon>
    {
        ["en"] = new()
        {
            Phrases = Table(
                hardship: "lost my job|lost his job|lost her job|unemploy*|made redundant|redundancy|laid off|furlough*|out of work|no work|sick leave|long term sick|seriously ill|in hospital|hospitalised|hospitalized|cancer|chemo*|terminal|my illness|disab*|passed away|my husband died|my wife died|my partner died|my mother died|my father died|bereave*|funeral|divorc*|separated|broke up|bankrupt*|insolven*|debt advis*|benefits|universal credit|food bank|evict*|homeless|can t afford|cannot afford|can not afford|cant afford|couldn t afford|can t pay|cannot pay|cant pay|can not pay|unable to pay|not able to pay|struggl*|make ends meet|money is tight|money is very tight|no money|don t have the money|do not have the money|don t have any money|haven t got the money|not enough money|short of money|behind on everything|can t keep up|cannot keep up|can t cope|cannot cope|hours were cut|income has dropped|income dropped|less income|payment holiday|breathing space|hardship|suicid*|kill myself|end my life|depress*|mental health|domestic abuse|gambl*",
                complaint: "complain*|complaint*|ombudsman|terrible|worst bank|outrageous|unacceptable|disgusting|disgrace*|appalling|fed up|speak to a manager|speak to your manager|rude|shameful|awful|ridiculous|useless|never again with you|bad service|poor service",
                dispute: "never made|never bought|never ordered|never signed|not my debt|isn t my debt|don t recognise|do not recognise|don t recognize|do not recognize|amount is wrong|wrong amount|is not correct|is incorrect|don t owe|do not owe|fraud*|charged me twice|charged twice|double charge|isn t mine|is not mine|not mine|wrong person|dispute*|will not pay|won t pay|refuse to pay|returned the goods|was not refunded|not been refunded|scam|unauthorised|unauthorized|mistake on|an error on|wasn t me|was not me",
                promise: "i will pay|i ll pay|will pay|can pay on|can transfer|will transfer|going to pay|will send|promise to pay|i promise|payment will be made|will settle|ll settle|you will have the money|you ll have the money|will have it paid|paying on|will make the payment|will make a payment|pay you on|when my salary comes|when i get paid|i get paid",
                pay: "already paid|have paid|has been paid|just paid|paid it|paid this|paid yesterday|paid today|payment sent|sent the money|was transferred|have transferred|i transferred|how can i pay|how do i pay|where can i pay|where do i pay|would like to pay|want to pay|like to pay now|so that i can pay|bank details|pay now|pay by card|payment link|made the payment|made a payment",
                question: "what is|what s|when is|when do|when does|how much|how long|can i|could i|may i|why did|why do|why was|why is|is it possible|which account|what happens|who do i|where is|do you|could you|can you|how do i|how can i"),
            Will = Phrases("i will|i ll|going to|i can|will be|promise|paying|i shall"),
            Pleased = Phrases("thank*|great|perfect|happy|wonderful|excellent|appreciate*|lovely|helpful"),
            Displeased = Phrases("terrible|worst|angry|outrag*|unacceptable|awful|disappoint*|ridiculous|annoy*|fed up|rude|disgust*|horrible|useless|upset|complain*"),
        },
        ["de"] = new()
        {
            Phrases = Table(
                hardship: "job verloren|arbeit verloren|stelle verloren|arbeitslos*|gekundigt|kurzarbeit|krankgeschrieben|schwer krank|krankengeld|krankenhaus|krebs|chemo*|reha|pflegebedurftig|behindert|schwerbehindert|gestorben|verstorben|tod meines|tod meiner|beerdigung|trauerfall|scheidung|geschieden|getrennt|trennung|insolven*|privatinsolven*|schuldnerberat*|burgergeld|hartz|sozialhilfe|wohnungslos|obdachlos|kein geld|nicht leisten|nicht mehr leisten|nicht zahlen konnen|kann nicht zahlen|kann nicht bezahlen|kann gerade nicht|kann leider nicht|kann momentan|kann im moment nicht|kann derzeit nicht|kann aktuell nicht|nicht mehr zahlen|geld reicht nicht|reicht nicht|reicht hinten|geld ist knapp|knapp bei kasse|pleite|schaffe die raten|schaffe es nicht|schaffe das nicht|einkommen ist|einkommen gesunken|weniger einkommen|weniger verdien*|stundung|zahlungspause|ratenpause|aufschub|finanziell am ende|finanzielle not|notlage|finanzielle schwierig*|in not|weiss nicht weiter|umbringen|suizid*|depress*|burnout|spielsucht|spielsuchtig",
                complaint: "beschwer*|ombudsmann|ombudsstelle|bafin|frechheit|unverschamt*|unmoglich|enttauscht*|skandal*|zumutung|katastroph*|schlechter service|schlechten service|furchtbar|unfreundlich|so geht man nicht|nie wieder bei ihnen|lacherlich|es reicht mir|verargert|verbraucherzentrale",
                dispute: "nie gekauft|nie bestellt|nicht bestellt|nie unterschrieben|nicht gekauft|nicht meine schuld|nicht mein konto|nicht von mir|kenne ich nicht|nicht bekannt|betrag stimmt nicht|stimmt nicht|betrag ist falsch|falscher betrag|rechnung ist falsch|schulde ihnen nichts|schulde nichts|doppelt abgebucht|doppelt berechnet|widerspreche|widerspruch|bestreite|betrug*|zuruckgeschickt|nicht erstattet|werde das nicht|zahle das nicht|zahle nicht|weigere mich|falsche person|nicht gerechtfertigt|unberechtigt*|reklamier*|nicht autorisiert",
                promise: "ich zahle|zahle ich|ich bezahle|bezahle ich|uberweise|werde zahlen|werde bezahlen|werde uberweisen|werde ich|bekommen das geld|haben das geld|zahlung erfolgt|begleiche|verspreche|sobald mein gehalt|wenn mein gehalt|sobald der lohn|uberweisen|werde den",
                pay: "schon bezahlt|bereits bezahlt|habe bezahlt|schon gezahlt|bereits gezahlt|habe gezahlt|schon uberwiesen|bereits uberwiesen|habe uberwiesen|uberwiesen|geld ist raus|gestern raus|ist raus|wie kann ich das bezahlen|wie kann ich bezahlen|wie kann ich zahlen|wo kann ich|mochte zahlen|mochte bezahlen|mochte gleich|will zahlen|iban|zahlungslink|gerade bezahlt|eben bezahlt|ist bezahlt|wurde bezahlt",
                question: "wie hoch|wann ist|wann muss|wann wird|wie viel|wieviel|kann ich|konnte ich|konnen sie|konnten sie|darf ich|warum|wieso|weshalb|welches konto|was passiert|ist es moglich|wer ist|wo ist|wie lange|wie kann ich"),
            Will = Phrases("ich zahle|zahle ich|ich bezahle|bezahle ich|ich werde|werde ich|uberweise|kann ich zahlen|verspreche"),
            Pleased = Phrases("danke|dank|super|perfekt|toll|prima|freue*|zufrieden|hervorragend|hilfreich"),
            Displeased = Phrases("frechheit|unverschamt*|enttausch*|argere*|verargert|unmoglich|schrecklich|furchtbar|katastroph*|skandal*|lacherlich|zumutung|beschwer*|wutend|sauer"),
        },
        ["fr"] = new()
        {
            Phrases = Table(
                hardship: "perdu mon emploi|perdu mon travail|perdu mon poste|chomage|licenci*|arret maladie|gravement malade|cancer|hopital|hospitalis*|handicap*|decede*|est mort|est morte|deuil|divorce*|separation|nous sommes separes|surendettement|faillite|rsa|sans abri|expuls*|plus d argent|pas d argent|pas l argent|pas les moyens|peux pas payer|peux plus payer|pourrai pas payer|n arrive plus a payer|n arrive pas a payer|difficulte financiere|difficultes financieres|difficulte*|fins de mois|revenus ont baisse|baisse de revenus|salaire a baisse|report d echeance|pause de paiement|delai de paiement|suicid*|depressi*|joindre les deux bouts",
                complaint: "reclamation|me plaindre|porter plainte|plainte|mediateur|lamentable|inadmissible|inacceptable|mecontent*|honte|scandaleu*|honteu*|decu|decue|nul|service pourri|incompetent*|ras le bol",
                dispute: "jamais achete|jamais commande|jamais signe|ne reconnais pas|montant est faux|montant est incorrect|montant est errone|pas ma dette|pas a moi|conteste*|debite deux fois|preleve deux fois|ne vous dois rien|ne dois rien|fraud*|refuse de payer|ne paierai pas|pas moi qui|pas autoris*|arnaque|erreur sur|rembours*",
                promise: "je paierai|je payerai|vais payer|je regle|je reglerai|vais regler|vais virer|ferai un virement|fais un virement|vous aurez l argent|m engage a|je promets|paiement sera|virement sera|des que je recois|a reception de mon salaire",
                pay: "deja paye|deja regle|viens de payer|viens de regler|c est paye|c est regle|ai paye|ai regle|virement a ete|virement est fait|comment puis je payer|comment payer|voudrais payer|souhaite payer|veux payer|payer maintenant|votre iban|lien de paiement|ou puis je payer",
                question: "quel est|quelle est|quand dois|quand est|combien|est ce que|pourquoi|puis je|pouvez vous|pourriez vous|comment puis|comment faire|ou est|qu est ce|que se passe|quel compte"),
            Will = Phrases("je paierai|je payerai|je vais|je ferai|je regle|je reglerai|m engage|je promets"),
            Pleased = Phrases("merci|parfait|super|genial|tres bien|ravi|content|excellent|satisfait"),
            Displeased = Phrases("lamentable|inadmissible|inacceptable|honte|mecontent*|scandale*|horrible|nul|furieu*|decu*|reclamation"),
        },
        ["es"] = new()
        {
            Phrases = Table(
                hardship: "perdido mi trabajo|perdido el trabajo|perdi mi trabajo|perdi el trabajo|sin trabajo|en paro|desemple*|despidieron|despedid*|estoy de baja|sigo de baja|de baja por|de baja medica|de baja laboral|enfermedad|muy enferm*|cancer|hospital*|discapac*|fallecid*|fallecio|murio|ha muerto|luto|divorcia*|separad*|separacion|bancarrota|concurso de acreedores|sobreendeud*|desahuci*|sin hogar|no tengo dinero|sin dinero|no puedo pagar|no podemos pagar|no podre pagar|no llego a fin|no me lo puedo permitir|no puedo permitirme|no puedo con|situacion economica|dificultad*|ingresos han bajado|menos ingresos|bajaron el sueldo|aplazamiento|aplazar|prorroga|moratoria|suicid*|depresi*|ayuda social",
                complaint: "queja*|quejarme|defensor del cliente|reclamacion al|poner una reclamacion|pesim*|inaceptable|verguenza|vergonzos*|descontent*|indignante|lamentable|harto|harta|mal servicio|decepcionad*|terrible|ridicul*",
                dispute: "nunca compre|nunca pedi|nunca firme|no reconozco|importe es incorrecto|importe esta mal|importe no es|deuda no es mia|no es mia|no es mi deuda|no les debo|no debo nada|cobrado dos veces|cobraron dos veces|fraud*|no voy a pagar|no pagare|me niego a pagar|reclamo*|no autorice|estafa|esta mal|no fui yo|persona equivocada",
                promise: "pagare|voy a pagar|vamos a pagar|hare una transferencia|hare el pago|hare la transferencia|tendran el dinero|me comprometo|prometo|pago en cuanto|pago cuando|en cuanto cobre|cuando cobre|les pago|transferire|abonare",
                pay: "ya he pagado|ya pague|ya esta pagado|esta pagado|acabo de pagar|he pagado|pague ayer|hice la transferencia|hice el pago|transferencia ayer|como puedo pagar|como pago|donde puedo pagar|quiero pagar|quisiera pagar|pagar ahora|su iban|enlace de pago",
                question: "cual es|cuando vence|cuando tengo|cuando debo|cuanto|puedo|podria|por que|es posible|que cuenta|que pasa|como puedo|pueden|podrian|donde esta"),
            Will = Phrases("pagare|voy a|hare|me comprometo|prometo|transferire|abonare|puedo pagar"),
            Pleased = Phrases("gracias|perfecto|genial|estupendo|excelente|contento|contenta|satisfech*|muy bien"),
            Displeased = Phrases("pesim*|inaceptable|verguenza|descontent*|indignante|horrible|terrible|enfadad*|harto|harta|queja*|decepcion*"),
        },
        ["cs"] = new()
        {
            Phrases = Table(
                hardship: "prisel jsem o praci|prisla jsem o praci|ztratil jsem praci|ztratila jsem praci|bez prace|nezamestnan*|vypoved|neschopen*|vazne nemocn*|rakovin*|nemocnic*|invalid*|zemrel*|umrel*|pohreb|rozvadi*|rozvod*|rozvedl*|rozesli jsme|insolvenc*|osobni bankrot|exekuc*|hmotne nouzi|nemam penize|nemam na to|nemam z ceho|nemuzu platit|nemohu platit|nemuzu zaplatit|nemohu zaplatit|nestiham splacet|nezvladam|nemohu si to dovolit|nemuzu si to dovolit|nemam dost penez|financni tisni|financnich problem*|financni potize|klesl mi prijem|nizsi prijem|mensi prijem|odklad*|odlozeni splatek|sebevrazd*|depres*|nevim co dal|nevychazim",
                complaint: "stiznost*|stezovat|arbitr*|hrozn*|neprijateln*|ostud*|nespokojen*|skandal*|hanba|drzost*|spatne sluzby|otresn*|zklaman*|uz toho mam dost|neochotn*",
                dispute: "nikdy nekoupil*|nikdy jsem nekoupil*|nikdy neobjednal*|nikdy jsem neobjednal*|neznam|nepoznavam|castka je spatne|spatna castka|castka nesouhlasi|neni muj dluh|neni moje|nic vam nedluzim|nic nedluzim|strhli jste mi to dvakrat|dvakrat|podvod*|reklamuj*|reklamac*|nezaplatim|odmitam|nesouhlasim|chyba v|nejsem to ja",
                promise: "zaplatim|poslu|uhradim|prevedu|penize budete mit|slibuji|slibuju|az dostanu vyplatu|po vyplate|vyrovnam|doplatim",
                pay: "uz jsem zaplatil*|jsem zaplatil*|jsem uhradil*|jsem to uhradil*|poslala penize|poslal penize|jsem poslal*|je zaplaceno|zaplaceno|prave jsem|jak mohu zaplatit|jak muzu zaplatit|chci zaplatit|chtel bych zaplatit|chtela bych zaplatit|cislo uctu|platebni odkaz",
                question: "jaky mam|jaky je|kdy je|kdy mam|kolik|mohu|muzu|proc|je mozne|na jaky ucet|co bude|jak mohu|jak muzu|muzete|kde je"),
            Will = Phrases("zaplatim|poslu|uhradim|prevedu|slibuji|slibuju|vyrovnam|doplatim"),
            Pleased = Phrases("dekuji|diky|dik|super|skvel*|vyborn*|spokojen*|perfektni|prima"),
            Displeased = Phrases("hrozn*|neprijateln*|ostud*|nespokojen*|skandal*|zklaman*|nastvan*|otresn*|hanba|stiznost*"),
        },
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static FrozenDictionary<ReplyIntent, string[]> Table(string hardship, string complaint, string dispute, string promise, string pay, string question) =>
        new Dictionary<ReplyIntent, string[]>
        {
            [ReplyIntent.Hardship] = Phrases(hardship), [ReplyIntent.Complaint] = Phrases(complaint), [ReplyIntent.Dispute] = Phrases(dispute),
            [ReplyIntent.Promise] = Phrases(promise), [ReplyIntent.Pay] = Phrases(pay), [ReplyIntent.Question] = Phrases(question),
        }.ToFrozenDictionary();
}
