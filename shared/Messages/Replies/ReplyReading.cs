using System.Text.Json.Serialization;
using ServerlessCLM.Customers;
using ServerlessCLM.Messages.Languages;
using ServerlessCLM.Messages.Proof;

namespace ServerlessCLM.Messages.Replies;

public enum ReplySentiment { Negative, Neutral, Positive }

/// <summary>What a customer says they will pay, as far as they say it.</summary>
/// <param name="Amount">Null where none, or more than one, is named.</param>
/// <param name="Currency">ISO 4217, of the amount.</param>
/// <param name="Date">Null where no day, or more than one, is named.</param>
public sealed record ReplyPromise(decimal? Amount, string? Currency, DateOnly? Date);

/// <summary>What a reply says, read by rules: a pure function of its text, the customer's language and the day.</summary>
/// <param name="Intents">The gravest first; empty where none is recognised, and a person must read it.</param>
/// <param name="Sentiment">The words' mood.</param>
/// <param name="Promise">Of a promise.</param>
/// <param name="Language">The language it was read in.</param>
/// <param name="Evidence">The wording that decided, for each intent.</param>
public sealed record ReplyReading(
    IReadOnlyList<ReplyIntent> Intents, ReplySentiment Sentiment, ReplyPromise? Promise, string Language, IReadOnlyDictionary<ReplyIntent, string> Evidence)
{
    /// <summary>Whether nobody but a person can tell what is meant.</summary>
    [JsonIgnore]
    public bool IsUnclear => Intents.Count == 0;

    /// <param name="text">As the customer wrote it; lines that quote are left out.</param>
    /// <param name="language">The customer's, or that of the message replied to; the text may be in another.</param>
    /// <param name="at">The day, in the customer's zone.</param>
    public static ReplyReading Of(string text, string? language, DateOnly at)
    {
        var own = string.Join('\n', Rejection.Shorten(text, OptOutWording.MaxLength).Split('\n').Where(line => !line.TrimStart().StartsWith('>')));
        var spaced = Folding.Spaced(Folding.Of(own));
        var spoken = Detect(spaced, language);
        var evidence = new Dictionary<ReplyIntent, string>();
        if (OptOutWording.Recognise(own) is var wish && (wish.HasFlag(ReplyWish.StopChannel) || wish.HasFlag(ReplyWish.StopAll)))
            evidence[ReplyIntent.OptOut] = wish.ToString();

        // Whoever is in need may say so in any language: all lists are asked.
        var hardship = ReplyLexicon.All.Values.Select(lexicon => Find(spaced, lexicon.Phrases[ReplyIntent.Hardship])).FirstOrDefault(phrase => phrase is not null);
        Note(evidence, ReplyIntent.Hardship, hardship);
        var words = ReplyLexicon.All[spoken];
        foreach (var intent in (ReadOnlySpan<ReplyIntent>)[ReplyIntent.Complaint, ReplyIntent.Dispute, ReplyIntent.Promise, ReplyIntent.Pay])
            Note(evidence, intent, Find(spaced, words.Phrases[intent]));

        var promise = PromiseIn(own, spoken, at);
        var isVague = promise is { Amount: null, Date: null };
        // Who refuses, has paid, or cannot pay, promises only what has an amount or a day.
        if (evidence.ContainsKey(ReplyIntent.Dispute) || (isVague && (evidence.ContainsKey(ReplyIntent.Pay) || evidence.ContainsKey(ReplyIntent.Hardship))))
            evidence.Remove(ReplyIntent.Promise);
        else if (!isVague && !evidence.ContainsKey(ReplyIntent.Pay) && Find(spaced, words.Will) is { } will)
            evidence.TryAdd(ReplyIntent.Promise, will);
        if (evidence.ContainsKey(ReplyIntent.Promise))
            evidence.Remove(ReplyIntent.Pay);
        if (evidence.Count == 0)
            Note(evidence, ReplyIntent.Question, Find(spaced, words.Phrases[ReplyIntent.Question]) ?? (own.Contains('?', StringComparison.Ordinal) ? "?" : null));

        var mood = Count(spaced, words.Pleased) - Count(spaced, words.Displeased) - (hardship is null ? 0 : 1) - (evidence.ContainsKey(ReplyIntent.Complaint) ? 1 : 0);
        return new ReplyReading([.. evidence.Keys.Order()], mood switch { > 0 => ReplySentiment.Positive, < 0 => ReplySentiment.Negative, _ => ReplySentiment.Neutral },
            evidence.ContainsKey(ReplyIntent.Promise) ? promise : null, spoken, evidence);
    }

    /// <summary>The language whose small words the text has most of; the expected one where that does not tell.</summary>
    private static string Detect(string spaced, string? expected)
    {
        var best = expected is { Length: >= 2 } && MessageLanguage.All.ContainsKey(expected[..2]) ? expected[..2] : "en";
        var words = spaced.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 1).ToList();
        var most = words.Count(MessageLanguage.All[best].FunctionWords.Contains);
        foreach (var language in MessageLanguage.All.Values)
        {
            // One or two small words may be of many languages; three, and two more than the expected language has, are not.
            var count = words.Count(language.FunctionWords.Contains);
            if (count >= 3 && count >= most + 2)
                (best, most) = (language.Code, count);
        }

        return best;
    }

    private static ReplyPromise PromiseIn(string text, string language, DateOnly at)
    {
        var brief = new Brief { MessageId = "reply", Purpose = "service", Channel = MessageChannel.Email, Language = language, SendDate = at };
        var read = new ProofText(brief, new Draft(text));
        var mentions = new List<Mention>();
        var left = DateScanner.Of(read.Language).Scan(read, mentions);
        var amounts = new NumberScanner(read.Language, left).Scan().Where(mention => mention.Kind == MentionKind.Money).ToList();
        var days = mentions.Select(mention => DayOf(mention, at)).Where(day => day is not null).Distinct().ToList();
        var only = amounts.Count == 1 ? amounts[0] : default(Mention?);
        return new ReplyPromise(only?.Value, only?.Currency, days.Count == 1 ? days[0] : null);
    }

    /// <summary>The coming day that is meant; null where it is none, or a whole period.</summary>
    private static DateOnly? DayOf(Mention mention, DateOnly at) => mention.Kind switch
    {
        MentionKind.Day => mention.Date,
        MentionKind.DayOfMonth => Coming(new DateOnly(at.Year, mention.Date.Month, Math.Min(mention.Date.Day, DateTime.DaysInMonth(at.Year, mention.Date.Month))), at),
        MentionKind.Weekday => at.AddDays((((int)mention.Value - (int)at.DayOfWeek + 6) % 7) + 1),
        MentionKind.Period when mention.Date == mention.Until => mention.Date,
        _ => null,
    };

    private static DateOnly Coming(DateOnly day, DateOnly at) => day < at ? day.AddYears(1) : day;

    private static void Note(Dictionary<ReplyIntent, string> evidence, ReplyIntent intent, string? phrase)
    {
        if (phrase is not null)
            evidence.TryAdd(intent, phrase.Trim());
    }

    private static string? Find(string spaced, string[] phrases) => Array.Find(phrases, phrase => spaced.Contains(phrase, StringComparison.Ordinal));

    private static int Count(string spaced, string[] phrases) => phrases.Count(phrase => spaced.Contains(phrase, StringComparison.Ordinal));
}
