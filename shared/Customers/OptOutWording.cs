using System.Text;
using System.Text.RegularExpressions;

namespace ServerlessCLM.Customers;

/// <summary>What a customer's reply asks for.</summary>
[Flags]
public enum ReplyWish
{
    None = 0,

    /// <summary>No more on this channel.</summary>
    StopChannel = 1,

    /// <summary>No more on any channel, for any purpose.</summary>
    StopAll = 2,

    /// <summary>No more decisions by profiling (GDPR article 21).</summary>
    StopProfiling = 4,
}

/// <summary>
/// Recognises in replies, in English, German, French, Spanish or Czech, that a customer wants no more messages: the words of 47 CFR 64.1200(a)(10) and any other
/// reasonable wording. In doubt about what is to stop it is the messages; words about the bank's products (a card to cancel, a payment to
/// stop) are none of these.
/// </summary>
public static class OptOutWording
{
    /// <summary>Characters read at the most; what a person answers to a message is at its start.</summary>
    public const int MaxLength = 2000;

    /// <summary>One of the words alone, with no more than politeness, insistence or what is to stop around it.</summary>
    private static readonly Regex Keyword = Pattern("^(?:(?:please|pls|plz|just|now|bitte|sofort|hi|hello|hallo|ok|no|nein|danke|svp|merci|por favor|gracias|prosim|dekuji) )*(?:stop+|baja|arret|arreter|desabonner|desinscription|desinscrire|odhlasit|odhlaseni|konec|stopall|stop it|stop this|stop now|quit|end|ende|revoke|opt ?out|optout|cancel|unsubscribe|unsub|abmelden|abbestellen|austragen|abmeldung|widerruf|widerrufen|aufhoeren|schluss|genug|enough|remove|remove me)(?: (?:please|pls|plz|now|all|thanks|svp|merci|por favor|gracias|prosim|dekuji|thank you|bitte|sofort|jetzt|danke|immediately|already|stop|it|this|me|sms|texts?|emails?|mails?|messages?|nachrichten))*$");

    /// <summary>The wish in a sentence, about messages.</summary>
    private static readonly Regex Phrase = Pattern(@"\b(?:unsubscribe (?:me|from)|(?:want|like|wish|need) to (?:unsubscribe|opt ?out)|opt(?:ing)? (?:me )?out|take me off|remove (?:me|my (?:number|email|address|name|e mail)) from|(?:stop|quit) (?:sending|texting|messaging|emailing|e mailing|mailing|calling|phoning|contacting|bothering|spamming|harassing|writing|these|those|the (?:messages|texts|emails|mails|calls|spam)|your (?:messages|texts|emails|mails|calls|spam)|all (?:messages|texts|emails|calls))|(?:do not|dont|never|no longer) (?:text|email|e mail|mail|message|call|phone|write|send me|bother)|no more (?:texts?|sms|emails?|e mails?|mails?|messages?|calls?|ads|offers|advertising|marketing|spam)|(?:dont|do not) want (?:any |to get |to receive )?(?:any )?(?:more )?(?:of )?(?:these|your|texts?|emails?|messages?|calls?|ads|offers|advertising|marketing)|(?:revoke|withdraw|cancel) (?:my )?(?:consent|permission|subscription)|(?:revoke|withdraw) (?:all )?(?:my )?consent|cease (?:all )?(?:communication|contact|messages|calls)|lose my number|wrong number|(?:melden|melde|tragen|trage) sie mich (?:\w+ ){0,3}(?:ab|aus)|(?:moechte|will|wuensche) (?:mich )?(?:\w+ ){0,4}(?:abmelden|abbestellen|austragen)|newsletter (?:abbestellen|abmelden|kuendigen)|keine? (?:weiteren? |weitere |mehr )?(?:werbung|werbemails?|werbeanrufe|mails?|e mails?|emails?|sms|nachrichten|anrufe|angebote|newsletter|briefe|post)\b|(?:nicht|nie) (?:mehr )?(?:anrufen|kontaktieren|schreiben|anschreiben|belaestigen|zusenden|schicken)|(?:hoeren sie|hoert|hoer) (?:bitte )?(?:damit )?auf|widerrufe (?:hiermit )?(?:meine |die )?(?:einwilligung|zustimmung|erlaubnis)|(?:einwilligung|zustimmung) (?:\w+ ){0,2}(?:widerrufe|zurueck|widerrufen|widerruf)|(?:ziehe|nehme) (?:\w+ ){0,2}(?:einwilligung|zustimmung) zurueck|widerspreche (?:hiermit )?(?:\w+ ){0,3}(?:werbung|nutzung|zusendung|kontaktaufnahme|werbezwecken)|(?:loeschen|streichen|entfernen|nehmen) sie (?:mich|meine (?:nummer|adresse|e mail|mail)) (?:\w+ ){0,3}(?:verteiler|liste|raus|heraus))");

    /// <summary>The same in French, Spanish and Czech.</summary>
    private static readonly Regex OtherPhrase = Pattern(@"\b(?:(?:desinscri|desabonn)\w*|ne m ?envoyez plus|n ?envoyez plus|ne plus (?:recevoir|etre contacte)|ne (?:veux|souhaite|desire) plus (?:recevoir|de (?:messages|publicites?|sms|mails?))|plus de (?:messages?|publicites?|pubs?|sms|mails?|courriels?|appels?)\b|arretez de (?:m ?|me )?(?:envoyer|ecrire|appeler|contacter|harceler)|ne me? (?:contactez|appelez|ecrivez) plus|(?:denme|deme|dame|darme|darnos) de baja|darse de baja|no (?:me |nos )?(?:envien|envie|manden|mande|escriban|llamen|contacten)(?: \w+)? mas|no me (?:envien|manden|escriban|llamen|contacten|molesten)|no (?:quiero|deseo) (?:recibir|mas (?:mensajes|publicidad|correos|llamadas))|dejen de (?:enviar|mandar|llamar|escribir|molestar|contactar)\w*|borrenme|odhlas\w*|nepiste mi|mi (?:uz )?nepiste|neposilejte|nevolejte mi|nekontaktujte me|nechci (?:uz )?(?:dostavat|zadne (?:zpravy|reklamy|sms|emaily)|reklam\w*)|zadn\w+ (?:dalsi )?(?:zpravy|reklam\w*|sms|emaily|maily)|prestante mi (?:psat|posilat|volat))\b");

    /// <summary>The wish about all channels and purposes.</summary>
    private static readonly Regex Everything = Pattern(@"\b(?:leave me alone|(?:do not|dont|never|stop|quit|cease) (?:ever )?contact(?:ing)? me|stop all (?:contact|communication|communications)|no (?:more |further )?contact|laissez moi tranquille|fichez moi la paix|dejenme (?:en paz|tranquil\w)|nechte me (?:na pokoji|byt)|dejte mi pokoj|lassen sie mich in ruhe|lasst mich in ruhe|(?:kontaktieren|belaestigen) sie mich (?:bitte )?(?:nicht mehr|nie wieder|nie mehr)|nie wieder (?:kontaktieren|melden)|keine(?:n|rlei)? (?:weiteren? )?kontakt(?:aufnahme)?)\b");

    private static readonly Regex Profiling = Pattern(@"\b(?:(?:object|objection|objecting) to (?:\w+ ){0,3}profiling|(?:stop|no|not) (?:\w+ ){0,2}profil(?:e|ing)(?: me)?|widerspreche (?:\w+ ){0,3}(?:profiling|profilbildung)|(?:kein|gegen das|gegen) profiling|keine profilbildung)\b");

    /// <summary>The opposite of the wish.</summary>
    private static readonly Regex Negated = Pattern(@"\b(?:hab(?:en?)? (?:\w+ ){0,3}keine \w+ (?:erhalten|bekommen|gefunden)|(?:dont|do not|never|please dont) (?:\w+ ){0,2}(?:stop|quit|unsubscribe|opt out|cancel|remove)|not (?:want|wish) to (?:stop|unsubscribe|opt out)|nicht (?:abmelden|abbestellen|aufhoeren|stoppen|austragen))\b");

    private static readonly Regex OneChannel = Pattern(@"\b(?:do not|dont|never|stop|quit|cease) (?:ever )?contact(?:ing)? me (?:by|via|on|through)\b");

    public static ReplyWish Recognise(string reply)
    {
        var text = Normalise(reply);
        if (text.Length == 0)
            return ReplyWish.None;

        var wish = Profiling.IsMatch(text) ? ReplyWish.StopProfiling : ReplyWish.None;
        if (Negated.IsMatch(text))
            return wish;

        if (Everything.IsMatch(text) && !OneChannel.IsMatch(text))
            return wish | ReplyWish.StopAll;

        return Keyword.IsMatch(text) || Phrase.IsMatch(text) || OtherPhrase.IsMatch(text) || OneChannel.IsMatch(text) ? wish | ReplyWish.StopChannel : wish;
    }

    /// <summary>Lower case, umlauts as two letters, other marks left out, only letters, digits and single blanks; quoted lines left out.</summary>
    private static string Normalise(string reply)
    {
        var result = new StringBuilder(Math.Min(reply.Length, MaxLength));
        foreach (var line in reply.AsSpan(0, Math.Min(reply.Length, MaxLength)).EnumerateLines())
        {
            var trimmed = line.TrimStart();
            if (trimmed.StartsWith(">", StringComparison.Ordinal))
                continue;

            var spelled = trimmed.ToString().ToLowerInvariant()
                .Replace("ä", "ae", StringComparison.Ordinal).Replace("ö", "oe", StringComparison.Ordinal).Replace("ü", "ue", StringComparison.Ordinal)
                .Replace("'", "", StringComparison.Ordinal).Replace("’", "", StringComparison.Ordinal);
            foreach (var c in Folding.Of(spelled))
            {
                if (char.IsLetterOrDigit(c))
                    result.Append(c);
                else if (result.Length > 0 && result[^1] != ' ')
                    result.Append(' ');
            }

            if (result.Length > 0 && result[^1] != ' ')
                result.Append(' ');
        }

        return result.ToString().TrimEnd();
    }

    /// <summary>In time linear to the text, whatever it is.</summary>
    private static Regex Pattern(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
