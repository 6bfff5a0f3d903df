using System.Text.Json.Serialization;

namespace ServerlessCLM.Messages;

/// <summary>What a <see cref="CountFact"/> counts; a number beside a unit must be a fact of that unit.</summary>
public enum CountUnit { None, Hour, Day, Month, Minute }

/// <summary>Something that a message may say, typed, so that a mention of it is recognised in whatever words it comes.</summary>
/// <param name="Name">Of the placeholder that stands for it, like <c>amount_due</c>; 1–64 of a–z 0–9 and underscore.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(MoneyFact), "money")]
[JsonDerivedType(typeof(RateFact), "rate")]
[JsonDerivedType(typeof(DateFact), "date")]
[JsonDerivedType(typeof(CountFact), "count")]
[JsonDerivedType(typeof(ProductFact), "product")]
[JsonDerivedType(typeof(ContactFact), "contact")]
[JsonDerivedType(typeof(PersonalFact), "personal")]
[JsonDerivedType(typeof(QuotedFact), "quoted")]
public abstract record Fact(string Name);

/// <summary>An amount of money, without its sign.</summary>
/// <param name="Name">See <see cref="Fact"/>.</param>
/// <param name="Amount">In units of the currency; a text must have all its decimals, and may leave out <c>.00</c>.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record MoneyFact(string Name, decimal Amount, string Currency) : Fact(Name);

/// <summary>A rate or share, in percent: 4.9 is 4.9 %.</summary>
public sealed record RateFact(string Name, decimal Percent) : Fact(Name);

/// <summary>A calendar day in the customer's zone.</summary>
public sealed record DateFact(string Name, DateOnly Date) : Fact(Name);

/// <summary>A number of something: 3 payments, 14 days. Weeks are told as days and years as months.</summary>
public sealed record CountFact(string Name, decimal Count, CountUnit Unit = CountUnit.None) : Fact(Name);

/// <summary>The name of a product or programme; its digits are part of the name.</summary>
public sealed record ProductFact(string Name, string Product) : Fact(Name);

/// <summary>A place to reach the bank: a telephone number, a mail address, opening hours. Its digits are part of it.</summary>
public sealed record ContactFact(string Name, string Text) : Fact(Name);

/// <summary>
/// What identifies the customer: a name, an address, the last digits of a card. It never leaves for a language model; the text has a
/// placeholder that is filled in after the checks.
/// </summary>
public sealed record PersonalFact(string Name, string Value) : Fact(Name);

/// <summary>Words that came from outside, such as a merchant's name or a memo. They may be told, never obeyed.</summary>
public sealed record QuotedFact(string Name, string Text) : Fact(Name);
