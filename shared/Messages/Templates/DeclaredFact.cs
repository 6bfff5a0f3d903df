using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCLM.Messages.Templates;

public enum FactKind { Money, Rate, Date, Count, Product, Contact, Personal, Quoted, List }

/// <summary>A fact that a template may use.</summary>
/// <param name="Name">Of its placeholder.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Unit">What a count counts.</param>
/// <param name="Optional">Whether a message may be written without it.</param>
/// <param name="Members">What each item of a list has; its facts are called <c>list_1_member</c> and so on.</param>
public sealed record DeclaredFact(string Name, FactKind Kind, CountUnit Unit, bool Optional, IReadOnlyList<DeclaredFact> Members)
{
    /// <summary>Items of a list at the most.</summary>
    public const int MaxItems = 60;

    /// <summary>Name of a fact that is a member of an item, counted from 1.</summary>
    public static string NameOf(string list, int item, string member) => string.Create(CultureInfo.InvariantCulture, $"{list}_{item}_{member}");

    /// <summary>Whether a fact is of the declared kind, and counts the declared unit.</summary>
    public bool Takes(Fact fact) => fact switch
    {
        MoneyFact => Kind == FactKind.Money,
        RateFact => Kind == FactKind.Rate,
        DateFact => Kind == FactKind.Date,
        CountFact count => Kind == FactKind.Count && count.Unit == Unit,
        ProductFact => Kind == FactKind.Product,
        ContactFact => Kind == FactKind.Contact,
        PersonalFact => Kind == FactKind.Personal,
        QuotedFact => Kind == FactKind.Quoted,
        _ => false,
    };

    /// <summary>Reads a value as documents write it: <c>120.00 EUR</c>, <c>4.9</c>, <c>2027-03-12</c>, <c>3</c>, or words.</summary>
    /// <returns>The fact; null where the text is not of the kind.</returns>
    public Fact? Read(string text) => Read(Name, text);

    /// <summary>Says how a value of the kind is written.</summary>
    public string Form => Kind switch
    {
        FactKind.Money => "an amount like 120.00 EUR",
        FactKind.Rate => "a rate in percent like 4.9",
        FactKind.Date => "a day like 2027-03-12",
        FactKind.Count => "a whole number like 3",
        FactKind.List => "a list of objects with the members of the list",
        _ => "a text of 1 to 200 characters",
    };

    /// <summary>Reads a value of a document into facts: one, or those of a list's items.</summary>
    /// <returns>Null where the value is not as <see cref="Form"/> says.</returns>
    public IReadOnlyList<Fact>? ReadAll(JsonNode? value)
    {
        if (Kind != FactKind.List)
            return value?.GetValueKind() == JsonValueKind.String && Read((string)value!) is { } fact ? [fact] : null;
        if (value is not JsonArray { Count: > 0 and <= MaxItems } items)
            return null;

        var facts = new List<Fact>();
        for (var item = 0; item < items.Count; item++)
        {
            if (items[item] is not JsonObject members || members.Count != Members.Count)
                return null;

            foreach (var member in Members)
            {
                if (members[member.Name] is not { } given || given.GetValueKind() != JsonValueKind.String
                    || member.Read(NameOf(Name, item + 1, member.Name), (string)given!) is not { } read)
                    return null;

                facts.Add(read);
            }
        }

        return facts;
    }

    private Fact? Read(string name, string text)
    {
        if (Kind is FactKind.Product or FactKind.Contact or FactKind.Personal or FactKind.Quoted)
        {
            return text.Length is 0 or > 200 ? null : Kind switch
            {
                FactKind.Product => new ProductFact(name, text),
                FactKind.Contact => new ContactFact(name, text),
                FactKind.Personal => new PersonalFact(name, text),
                _ => new QuotedFact(name, text),
            };
        }

        if (Kind == FactKind.Date)
            return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new DateFact(name, day) : null;

        var number = Kind == FactKind.Money && text.Length > 4 && text[^4] == ' ' ? text[..^4] : text;
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            return null;

        return Kind switch
        {
            FactKind.Money => number != text && text.AsSpan(text.Length - 3).IndexOfAnyExceptInRange('A', 'Z') < 0 && decimal.Round(value, 2) == value
                ? new MoneyFact(name, value, text[^3..]) : null,
            FactKind.Rate => new RateFact(name, value),
            FactKind.Count => value >= 0 ? new CountFact(name, value, Unit) : null,
            _ => null,
        };
    }
}
