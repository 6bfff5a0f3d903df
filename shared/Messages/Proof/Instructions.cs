using ServerlessCLM.Messages.Languages;

namespace ServerlessCLM.Messages.Proof;

/// <summary>
/// Knows words that are meant for a language model and not for a person. Used on what comes from outside (a merchant's name that says
/// "ignore all previous instructions" is kept from the writer) and on what the writer gives back.
/// </summary>
public static class Instructions
{
    private static readonly string[] Phrases = Lexicon.Phrases(
        "ignore all|ignore previous|ignore the previous|ignore any previous|ignore prior|ignore your|ignore these|ignore everything|disregard all|disregard previous|disregard the|forget all|forget everything|forget the previous|forget your|forget previous|forget what|"
        + "system prompt|your prompt|prompt text*|initial prompt|your instructions|previous instructions|above instructions|the instructions above|new instructions|new task|instead of the|instead say|instead write|instead reply|instead print|"
        + "you are now|act as|pretend to be|pretend that|pretend you|roleplay|role play|jailbreak*|developer mode|dan mode|as an ai|as a language model|language model|"
        + "reply with|respond with|respond only|answer only with|output the|print the|repeat the|repeat after|say only|write only|translate the above|reveal your|show me your|tell me your|"
        + "do not mention|don t tell|must say|assistant:|system:|user:|end of prompt|begin instructions|override|"
        + "ignoriere alle|ignoriere die|ignorieren sie alle|vergiss alle|vergiss alles|vergessen sie alle|vergessen sie alles|systemprompt|deine anweisungen|vorherigen anweisungen|vorigen anweisungen|neue aufgabe|neue anweisung*|du bist jetzt|antworte nur|schreibe nur|gib nur|tu so als|ab jetzt bist|"
        + "ignore toutes|ignorez toutes|oublie tout|oubliez tout|oublie les|instructions precedentes|reponds seulement|tu es maintenant|nouvelles instructions|"
        + "ignora todas|ignora las|olvida todo|olvida las|instrucciones anteriores|responde solo|ahora eres|nuevas instrucciones|"
        + "ignoruj vsechny|ignoruj predchozi|zapomen vse|zapomen na|predchozi pokyny|predchozi instrukce|odpovez jen|nyni jsi|nove pokyny");

    private static readonly string[] Marks = ["<|", "|>", "[inst]", "<<sys>>", "###", "```", "<system", "</", "{{", "}}", "${", "<script", "<!--"];

    /// <summary>Whether a text tells a language model what to do.</summary>
    public static bool In(string text)
    {
        var folded = Folding.Of(text);
        if (Marks.Any(mark => folded.Contains(mark, StringComparison.Ordinal)))
            return true;

        var spaced = Folding.Spaced(folded);
        return Phrases.Any(phrase => spaced.Contains(phrase, StringComparison.Ordinal));
    }

    /// <summary>The first such phrase in a text already spaced; null where there is none.</summary>
    internal static string? First(string spaced) => Array.Find(Phrases, phrase => spaced.Contains(phrase, StringComparison.Ordinal))?.Trim();
}
