using System.Globalization;
using System.Text.RegularExpressions;
using ServerlessCLM.Messages.Proof;

namespace ServerlessCLM.Messages.Templates;

/// <summary>A piece of a template.</summary>
public abstract record TemplateNode;

/// <summary>Words that stand as they are.</summary>
public sealed record TemplateWords(string Text) : TemplateNode;

/// <summary><c>{{name}}</c>, at a character of the template.</summary>
public sealed record TemplatePlace(string Name, int Position) : TemplateNode;

/// <summary><c>{{#if name}}…{{else}}…{{/if}}</c>: whether there is such a fact, or with <c>= 1</c> whether it counts that many.</summary>
public sealed record TemplateChoice(string Name, decimal? Count, int Position, IReadOnlyList<TemplateNode> Then, IReadOnlyList<TemplateNode> Else) : TemplateNode;

/// <summary><c>{{#each list}}…{{/each}}</c>: once for each item.</summary>
public sealed record TemplateLoop(string List, int Position, IReadOnlyList<TemplateNode> Body) : TemplateNode;

/// <summary>A template cannot be read.</summary>
public sealed class TemplateSyntaxException(int position, string reason) : FormatException(reason)
{
    /// <summary>Character of the template, from 0.</summary>
    public int Position { get; } = position;
}

/// <summary>
/// The language of templates: placeholders, choices and loops, and nothing that computes. What it ends with is a text with placeholders,
/// which is proven like any other before they are filled.
/// </summary>
public static partial class TemplateSyntax
{
    /// <summary>Blocks within one another at the most.</summary>
    private const int MaxDepth = 4;

    /// <exception cref="TemplateSyntaxException">A brace or block is not closed, or something else stands between braces.</exception>
    public static IReadOnlyList<TemplateNode> Parse(string text)
    {
        var open = new Stack<Block>();
        open.Push(new Block("", "", null, 0));
        var at = 0;
        foreach (Match tag in Tag().Matches(text))
        {
            AddWords(open.Peek(), text, at, tag.Index);
            at = tag.Index + tag.Length;
            var inner = tag.Value[2..^2].Trim();
            if (inner.StartsWith('#') || inner.StartsWith('/') || inner == "else")
            {
                Turn(open, inner, tag.Index);
                at = AfterLoneTag(text, tag.Index, at);
            }
            else if (Name().IsMatch(inner))
                open.Peek().Current.Add(new TemplatePlace(inner, tag.Index));
            else
                throw new TemplateSyntaxException(tag.Index, $"{tag.Value} is neither a placeholder nor {{{{#if name}}}}, {{{{else}}}}, {{{{/if}}}}, {{{{#each list}}}} or {{{{/each}}}}");
        }

        AddWords(open.Peek(), text, at, text.Length);
        return open.Count == 1
            ? open.Pop().Then
            : throw new TemplateSyntaxException(open.Peek().Position, $"{{{{#{open.Peek().Kind} {open.Peek().Subject}}}}} is not closed");
    }

    private static void Turn(Stack<Block> open, string inner, int position)
    {
        if (Opening().Match(inner) is { Success: true } opening)
        {
            if (open.Count > MaxDepth)
                throw new TemplateSyntaxException(position, $"blocks may stand within one another {MaxDepth} deep");

            var (kind, subject) = (opening.Groups["kind"].Value, opening.Groups["name"].Value);
            decimal? count = opening.Groups["count"] is { Success: true } counted ? decimal.Parse(counted.ValueSpan, CultureInfo.InvariantCulture) : null;
            if (kind == "each" && count is not null)
                throw new TemplateSyntaxException(position, "only {{#if name = 1}} compares");
            open.Push(new Block(kind, subject, count, position));
            return;
        }

        var block = open.Peek();
        if (inner == "else")
        {
            if (block.Kind != "if" || block.Else is not null)
                throw new TemplateSyntaxException(position, "{{else}} stands outside {{#if}}, or twice in it");
            block.Else = [];
        }
        else if (inner == $"/{block.Kind}" && open.Count > 1)
        {
            open.Pop();
            open.Peek().Current.Add(block.Kind == "if"
                ? new TemplateChoice(block.Subject, block.Count, block.Position, block.Then, block.Else ?? [])
                : new TemplateLoop(block.Subject, block.Position, block.Then));
        }
        else
            throw new TemplateSyntaxException(position, open.Count == 1 ? $"{{{{{inner}}}}} closes nothing" : $"{{{{{inner}}}}} stands where {{{{/{block.Kind}}}}} of {block.Subject} must");
    }

    private static void AddWords(Block block, string text, int from, int to)
    {
        var words = text[from..to];
        if (words.IndexOfAny(['{', '}']) is >= 0 and var brace)
            throw new TemplateSyntaxException(from + brace, "is a brace outside {{…}}");
        if (words.Length > 0)
            block.Current.Add(new TemplateWords(words));
    }

    /// <summary>A block's tag alone on its line leaves no empty line.</summary>
    private static int AfterLoneTag(string text, int start, int end) =>
        (start == 0 || text[start - 1] == '\n') && end < text.Length && text[end] == '\n' ? end + 1 : end;

    private static Regex Tag() => ProofText.PlaceholderPattern();

    [GeneratedRegex("^[a-z0-9_]{1,64}$", RegexOptions.NonBacktracking)]
    private static partial Regex Name();

    [GeneratedRegex("^#(?<kind>if|each) +(?<name>[a-z0-9_]{1,64})(?: *= *(?<count>[0-9]{1,9}))?$", RegexOptions.NonBacktracking)]
    private static partial Regex Opening();

    private sealed record Block(string Kind, string Subject, decimal? Count, int Position)
    {
        public List<TemplateNode> Then { get; } = [];

        public List<TemplateNode>? Else { get; set; }

        public List<TemplateNode> Current => Else ?? Then;
    }
}
