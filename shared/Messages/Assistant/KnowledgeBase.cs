using System.Collections.Frozen;
using ServerlessCLM.Messages.Languages;

namespace ServerlessCLM.Messages.Assistant;

/// <summary>A passage of the bank's knowledge base: what stands under one heading.</summary>
/// <param name="Source">File and heading.</param>
/// <param name="Title">The heading.</param>
/// <param name="Text">Word for word, as the bank approved it.</param>
public sealed record Passage(string Source, string Title, string Text);

/// <summary>A passage that may answer a question.</summary>
/// <param name="Passage">The passage.</param>
/// <param name="Score">BM25.</param>
/// <param name="Coverage">Which share of the question's words it has, the rare ones counting more: 0 to 1.</param>
public sealed record PassageMatch(Passage Passage, double Score, double Coverage);

/// <summary>
/// The bank's knowledge: Markdown files named <c>topic.language.md</c>, cut at their headings and searched by BM25 (Robertson and Zaragoza 2009, with
/// k1 1.2 and b 0.75).
/// </summary>
public sealed class KnowledgeBase
{
    private const string Folder = "knowledge/";
    private const double K1 = 1.2, B = 0.75;

    /// <summary>Words that ask, and say nothing of what.</summary>
    private static readonly FrozenDictionary<string, FrozenSet<string>> Asking = new Dictionary<string, FrozenSet<string>>
    {
        ["en"] = Lexicon.Words("how do does did can could may might will would should what when where which who why is are was were am be been have has had get got i me my mine you your we our it its this that these there please tell know find need want like to of in on at for from with and or the an now then"),
        ["de"] = Lexicon.Words("wie was wann wo wer welche welcher welches welchen warum wieso weshalb kann konnen konnte konnten darf durfen soll sollte muss mussen will mochte wurde wurden habe hat haben bin ist sind war ich mich mir mein meine meinen meinem meiner sie ihnen wir uns es das der die den dem ein eine einen einem einer bitte jetzt dann auch noch mal denn gibt geht man und oder zu mit von fur auf im in am an"),
        ["fr"] = Lexicon.Words("comment quand combien pourquoi quel quelle quels quelles qui que quoi ou est sont puis peux peut pouvez puisse je me moi mon ma mes vous votre vos nous il elle ce cet cette ces le la les un une des du de et en dans pour sur avec sil plait faire fais fait dois doit ai as avez"),
        ["es"] = Lexicon.Words("como cuando cuanto cuanta cuantos por que cual cuales quien donde puedo puede pueden podria debo debe tengo tiene hay es son esta estan yo me mi mis usted su sus nos el la los las un una unos unas del de y en para con sobre favor hacer hago"),
        ["cs"] = Lexicon.Words("jak kdy kolik proc jaky jaka jake ktery ktera kde kdo co je jsou byl byla mohu muzu muze muzete mam mate mit musim chci bych ja me mi muj moje moji mou vy vas vase my nas to ta ten ty na do od pro se si ze ale nebo prosim"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Letters of a word that are compared; what follows is mostly inflection.</summary>
    private const int Stem = 6;

    private readonly Dictionary<string, Shelf> _shelves;

    /// <param name="files">Names like <c>fees.en.md</c>, and contents.</param>
    /// <exception cref="FormatException">A file's name has no language; the message names it.</exception>
    public KnowledgeBase(IEnumerable<(string Name, string Content)> files) => _shelves = files
        .Select(file => (Language: LanguageOf(file.Name), file.Name, file.Content))
        .GroupBy(file => file.Language, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => new Shelf(MessageLanguage.All[group.Key], [.. group.SelectMany(file => Cut(file.Name, file.Content))]), StringComparer.Ordinal);

    public IEnumerable<string> Languages => _shelves.Keys;

    /// <summary>All passages in a language.</summary>
    public IReadOnlyList<Passage> Of(string language) => _shelves.TryGetValue(language, out var shelf) ? shelf.Passages : [];

    /// <summary>The institution's own files, or those that come with the product where it has none.</summary>
    /// <param name="directory">Null for none.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    public static KnowledgeBase Load(string? directory) => new(directory is null ? Shipped()
        : [.. Directory.EnumerateFiles(directory, "*.md").Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllText(file)))]);

    /// <summary>The best passage for a question; null where none has a word of it.</summary>
    public PassageMatch? Find(string question, string language) => _shelves.TryGetValue(language, out var shelf) ? shelf.Find(question) : null;

    private static string LanguageOf(string name) => name.Split('.') is [_, var language, "md"] && MessageLanguage.All.ContainsKey(language)
        ? language
        : throw new FormatException($"{name} must be named like fees.en.md, with one of the languages {MessageLanguage.Codes}");

    private static IEnumerable<Passage> Cut(string name, string content)
    {
        var (title, text) = (Path.GetFileNameWithoutExtension(name), new List<string>());
        foreach (var line in content.Split('\n').Append("# "))
        {
            if (!line.StartsWith('#'))
            {
                text.Add(line.TrimEnd());
                continue;
            }

            if (string.Join('\n', text).Trim() is { Length: > 0 } body)
                yield return new Passage($"{name}#{title}", title, body);
            (title, text) = (line.TrimStart('#').Trim(), []);
        }
    }

    private static IEnumerable<(string, string)> Shipped()
    {
        var assembly = typeof(KnowledgeBase).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (name[Folder.Length..], reader.ReadToEnd());
        }
    }

    /// <summary>The passages of one language, counted.</summary>
    private sealed class Shelf
    {
        private readonly MessageLanguage _language;
        private readonly Dictionary<string, int>[] _counts;
        private readonly int[] _lengths;
        private readonly double _meanLength;
        private readonly Dictionary<string, int> _frequency = new(StringComparer.Ordinal);

        public Shelf(MessageLanguage language, IReadOnlyList<Passage> passages)
        {
            (_language, Passages) = (language, passages);
            // A heading says what a passage is about: its words count three times.
            _counts = [.. passages.Select(passage => Terms($"{passage.Title} {passage.Title} {passage.Title} {passage.Text}").CountBy(term => term).ToDictionary(StringComparer.Ordinal))];
            _lengths = [.. _counts.Select(counts => counts.Values.Sum())];
            _meanLength = _lengths.Average();
            foreach (var term in _counts.SelectMany(counts => counts.Keys))
                _frequency[term] = _frequency.GetValueOrDefault(term) + 1;
        }

        public IReadOnlyList<Passage> Passages { get; }

        public PassageMatch? Find(string question)
        {
            var asked = Terms(question).Distinct(StringComparer.Ordinal).ToList();
            var weight = asked.Sum(Rarity);
            PassageMatch? best = null;
            for (var i = 0; i < Passages.Count; i++)
            {
                var (score, covered) = (0.0, 0.0);
                foreach (var term in asked)
                {
                    if (!_counts[i].TryGetValue(term, out var count))
                        continue;

                    score += Rarity(term) * count * (K1 + 1) / (count + (K1 * (1 - B + (B * _lengths[i] / _meanLength))));
                    covered += Rarity(term);
                }

                if (score > (best?.Score ?? 0))
                    best = new PassageMatch(Passages[i], score, weight > 0 ? covered / weight : 0);
            }

            return best;
        }

        private double Rarity(string term) => Math.Log(1 + ((Passages.Count - _frequency.GetValueOrDefault(term) + 0.5) / (_frequency.GetValueOrDefault(term) + 0.5)));

        private IEnumerable<string> Terms(string text) => Folding.Spaced(Folding.Of(text)).Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.Length > 1 && !_language.FunctionWords.Contains(word) && !Asking[_language.Code].Contains(word))
            .Select(word => word.Length > Stem ? word[..Stem] : word);
    }
}
