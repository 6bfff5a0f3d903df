using System.Globalization;
using System.Text;
using ServerlessCLM.Messages.Drafting;

namespace ServerlessCLM.Messages.Templates;

/// <summary>What a template is filled for.</summary>
/// <param name="MessageId">Of the message.</param>
/// <param name="Channel">Where it goes.</param>
/// <param name="Language">Of the customer, as profiles have it; null where it is not known.</param>
/// <param name="SendDate">The day in the customer's zone.</param>
/// <param name="Vulnerable">Whether the customer is in a vulnerable state.</param>
/// <param name="Facts">What is known; those that the template does not declare are left out.</param>
public sealed record Occasion(
    string MessageId, MessageChannel Channel, string? Language, DateOnly SendDate, bool Vulnerable, IReadOnlyList<Fact> Facts);

/// <summary>Makes of a template and facts the brief of one message and its approved words.</summary>
public static class Composition
{
    /// <returns>The brief and the words with their placeholders, or why there are none: the field and the reason.</returns>
    public static (Assignment? Assignment, Rejection? Fault) Compose(this TemplateDocument template, Occasion occasion)
    {
        if (template.TextFor(occasion.Channel, occasion.Language) is not { } text)
            return (null, new Rejection("channel", $"template {template.Name} has no words for {occasion.Channel}; it has {string.Join(", ", template.Texts.Select(known => known.Channel).Distinct())}"));

        var facts = new List<Fact>();
        foreach (var declared in template.Facts)
        {
            if (Find(declared, occasion.Facts, facts) is { } fault)
                return (null, new Rejection($"facts.{declared.Name}", $"{fault}, by template {template.Name}"));
        }

        var brief = new Brief
        {
            MessageId = occasion.MessageId, Purpose = template.Purpose, Channel = occasion.Channel, Language = text.Language, SendDate = occasion.SendDate,
            Topic = template.Topic, ReadingLevel = template.ReadingLevel, Facts = facts, AllowedClaims = template.AllowedClaims,
            Circumstances = (template.Purpose is "arrears" or "collections" ? Circumstances.Arrears : Circumstances.None)
                | (occasion.Vulnerable ? Circumstances.Vulnerable : Circumstances.None),
            Disclosures = template.Disclosures.GetValueOrDefault(text.Language) ?? [],
            OptOut = NeedsOptOut(occasion.Channel) ? template.OptOut.GetValueOrDefault(text.Language) : null,
            AutomationLabel = template.AutomationLabel.GetValueOrDefault(text.Language),
            ForbiddenTopics = template.ForbiddenTopics, AllowedHosts = template.AllowedHosts,
        };
        return (new Assignment(brief, new Draft(Render(text.Body, facts), text.Subject is { } subject ? Render(subject, facts) : null), template.Name) { Approval = template.Approval }, null);
    }

    /// <summary>Where a marketing message must say how to end them; the app and the telephone have ways of their own.</summary>
    public static bool NeedsOptOut(MessageChannel channel) => channel is MessageChannel.Email or MessageChannel.Sms or MessageChannel.Letter;

    /// <summary>The text with its choices made and its lists gone through; placeholders stay.</summary>
    /// <exception cref="TemplateSyntaxException">The text is no template.</exception>
    public static string Render(string text, IReadOnlyList<Fact> facts)
    {
        var known = facts.ToDictionary(fact => fact.Name, StringComparer.Ordinal);
        var result = new StringBuilder(text.Length);
        Write(TemplateSyntax.Parse(text), known, "", 0, result);
        return result.ToString().Trim('\n');
    }

    private static void Write(IReadOnlyList<TemplateNode> nodes, Dictionary<string, Fact> facts, string list, int item, StringBuilder result)
    {
        foreach (var node in nodes)
        {
            switch (node)
            {
                case TemplateWords words:
                    result.Append(words.Text);
                    break;
                case TemplatePlace place:
                    result.Append("{{").Append(Resolve(place.Name, facts, list, item)).Append("}}");
                    break;
                case TemplateChoice choice:
                    Write(Holds(choice, facts, list, item) ? choice.Then : choice.Else, facts, list, item, result);
                    break;
                case TemplateLoop loop:
                    for (var next = 1; HasItem(facts, loop.List, next); next++)
                        Write(loop.Body, facts, loop.List, next, result);
                    break;
                default:
                    throw new InvalidOperationException($"a template has no {node.GetType().Name}");
            }
        }
    }

    private static bool Holds(TemplateChoice choice, Dictionary<string, Fact> facts, string list, int item) =>
        facts.TryGetValue(Resolve(choice.Name, facts, list, item), out var fact)
            ? choice.Count is not { } count || (fact is CountFact counted && counted.Count == count)
            : choice.Count is null && HasItem(facts, choice.Name, 1);

    /// <summary>Within a list its members come first.</summary>
    private static string Resolve(string name, Dictionary<string, Fact> facts, string list, int item)
    {
        var member = list.Length == 0 ? name : DeclaredFact.NameOf(list, item, name);
        return facts.ContainsKey(member) ? member : name;
    }

    private static bool HasItem(Dictionary<string, Fact> facts, string list, int item)
    {
        var start = string.Create(CultureInfo.InvariantCulture, $"{list}_{item}_");
        return facts.Keys.Any(name => name.StartsWith(start, StringComparison.Ordinal));
    }

    /// <summary>Takes the declared fact, or those of its list, out of all that is known.</summary>
    /// <returns>What is wrong; null where nothing is.</returns>
    private static string? Find(DeclaredFact declared, IReadOnlyList<Fact> known, List<Fact> taken)
    {
        if (declared.Kind != FactKind.List)
            return Take(declared, declared.Name, declared.Optional, known, taken);

        for (var item = 1; item <= DeclaredFact.MaxItems; item++)
        {
            var first = DeclaredFact.NameOf(declared.Name, item, declared.Members[0].Name);
            if (known.All(fact => fact.Name != first))
                return item == 1 && !declared.Optional ? "is required: a list with an item at least" : null;

            foreach (var member in declared.Members)
            {
                if (Take(member, DeclaredFact.NameOf(declared.Name, item, member.Name), optional: false, known, taken) is { } fault)
                    return fault;
            }
        }

        return null;
    }

    private static string? Take(DeclaredFact declared, string name, bool optional, IReadOnlyList<Fact> known, List<Fact> taken)
    {
        if (known.FirstOrDefault(fact => fact.Name == name) is not { } found)
            return optional ? null : $"{name} is required: {declared.Form}";
        if (!declared.Takes(found))
            return $"{name} must be {declared.Form}{(declared.Unit == CountUnit.None ? "" : $" counting {declared.Unit}")}";

        taken.Add(found);
        return null;
    }
}
