using System.Globalization;

namespace ServerlessCLM.Messages.Proof;

/// <summary>Whether a text fits its channel, can be read, and hides nothing.</summary>
internal static class FormCheck
{
    private const string Gsm7 =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private const string Gsm7Extended = "^{}\\[~]|€";

    /// <summary>Segments of a text message at the most.</summary>
    private const int MaxSegments = 3;

    /// <summary>Letters that stand alone one after another, as a word does that hides from a list.</summary>
    private const int MaxLoneLetters = 4;

    /// <summary>Characters at the most, of the title and of the text.</summary>
    private static (int Title, int Body) Limits(MessageChannel channel) => channel switch
    {
        MessageChannel.Push => (50, 178),
        MessageChannel.Email => (78, 10_000),
        MessageChannel.App => (80, 2_000),
        MessageChannel.Call => (0, 3_000),
        MessageChannel.Letter => (120, 8_000),
        _ => (0, 1_000),
    };

    /// <remarks>Placeholders count as the values they stand for.</remarks>
    public static Verdict Length(ProofText text)
    {
        const string check = "length";
        var (brief, draft) = (text.Brief, text.Draft);
        var (title, most) = Limits(brief.Channel);
        var subject = Filling.Fill(draft.Subject ?? "", brief);
        var body = Filling.Fill(draft.Body, brief);
        if (body.Trim().Length == 0)
            return Verdict.Refuse(check, "the text is empty");
        if (title > 0 && brief.Channel is MessageChannel.Email or MessageChannel.Push && subject.Trim().Length == 0)
            return Verdict.Refuse(check, "the subject is missing");
        if (subject.Length > title)
            return Verdict.Refuse(check, title == 0 ? "this channel has no subject" : Invariant($"the subject has {subject.Length} characters of {title}"));
        if (subject.Contains('\n'))
            return Verdict.Refuse(check, "the subject has more than one line");
        if (body.Length > most)
            return Verdict.Refuse(check, Invariant($"the text has {body.Length} characters of {most}"));
        if (brief.Channel == MessageChannel.Sms && Segments(body) is var segments && segments > MaxSegments)
            return Verdict.Refuse(check, Invariant($"the text takes {segments} segments of {MaxSegments}"));
        return Verdict.Pass(check);
    }

    /// <summary>Segments of a text message (3GPP TS 23.038): 160 septets, or 153 each of several; 70 or 67 characters outside GSM-7.</summary>
    public static int Segments(string text)
    {
        var septets = 0;
        foreach (var letter in text)
        {
            if (Gsm7.Contains(letter))
                septets++;
            else if (Gsm7Extended.Contains(letter))
                septets += 2;
            else
                return text.Length <= 70 ? 1 : (text.Length + 66) / 67;
        }

        return septets <= 160 ? 1 : (septets + 152) / 153;
    }

    /// <summary>No sign that a reader does not see, that turns the text round, or that looks like another.</summary>
    public static Verdict Signs(ProofText text)
    {
        const string check = "signs";
        var raw = text.Raw;
        for (var i = 0; i < raw.Length; i++)
        {
            if (Fault(raw, ref i) is { } fault)
                return Verdict.Refuse(check, fault, Invariant($"U+{(int)raw[i]:X4} at {i}"));
        }

        var alone = 0;
        foreach (var word in text.Phrases.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            alone = word.Length == 1 && char.IsLetter(word[0]) ? alone + 1 : 0;
            if (alone > MaxLoneLetters)
                return Verdict.Refuse(check, "spells a word letter by letter");
        }

        return Verdict.Pass(check);
    }

    private static string? Fault(string raw, ref int i)
    {
        var letter = raw[i];
        if (letter is '\n' or '\u00A0' or '\u202F')
            return null;
        if (char.IsHighSurrogate(letter) && i + 1 < raw.Length && char.IsLowSurrogate(raw[i + 1]))
        {
            var kind = CharUnicodeInfo.GetUnicodeCategory(char.ConvertToUtf32(letter, raw[++i]));
            return kind == UnicodeCategory.OtherSymbol ? null : "is no letter or sign of the languages";
        }

        return char.GetUnicodeCategory(letter) switch
        {
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => "is a sign that a reader does not see",
            UnicodeCategory.DecimalDigitNumber when !char.IsAsciiDigit(letter) => "is a digit of another script",
            UnicodeCategory.OtherNumber or UnicodeCategory.LetterNumber => "is a number that looks like a letter or a fraction",
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter when letter >= 0x250 => "is a letter of another script",
            UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter when letter is not ('º' or 'ª') => "is a letter of another script",
            UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => "is no sign at all",
            UnicodeCategory.EnclosingMark or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark when letter is not '\uFE0F' => "is a mark laid over another sign",
            _ => null,
        };
    }

    /// <summary>Björnsson's LIX (1968): words a sentence, and words of more than six letters in a hundred.</summary>
    public static Verdict Readability(ProofText text)
    {
        const string check = "readability";
        var words = text.Phrases.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 12)
            return Verdict.Pass(check);

        var body = text.Draft.Body;
        var sentences = 0;
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] is '.' or '!' or '?' or ':' or '\n' && (i + 1 == body.Length || char.IsWhiteSpace(body[i + 1])))
                sentences++;
        }

        var lix = (words.Length / (double)Math.Max(1, sentences)) + (100.0 * words.Count(word => word.Length > 6) / words.Length);
        var most = text.Language.HardestLix[text.Brief.ReadingLevel switch { ReadingLevel.Plain => 0, ReadingLevel.Standard => 1, _ => 2 }];
        return lix <= most
            ? Verdict.Pass(check)
            : Verdict.Refuse(check, Invariant($"LIX is {lix:0}, and at most {most} for {text.Brief.ReadingLevel} in {text.Language.Code}; use shorter sentences and words"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
