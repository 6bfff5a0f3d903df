using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace ServerlessCLM.Conditions;

/// <summary>A function of the language.</summary>
/// <param name="Name">As it is called.</param>
/// <param name="IsMember">Whether it stands behind a value and a dot, which is its first operand.</param>
/// <param name="Signatures">Operands it takes, and what comes of them.</param>
internal sealed record Builtin(string Name, bool IsMember, params (CelType[] Operands, CelType Result)[] Signatures)
{
    /// <summary>Its value on one known operand.</summary>
    public Func<Value, Value> Apply { get; init; } = static _ => default;

    /// <summary>Its value on two known operands.</summary>
    public Func<Value, Value, Value> ApplyTwo { get; init; } = static (_, _) => default;

    /// <summary>Makes the function of the first operand out of a second one that is written out; unknown where none is given.</summary>
    public Func<Value, (Func<Value, Value>? Apply, string? Wrong)>? Prepare { get; init; }

    /// <summary>For messages.</summary>
    public string Takes => string.Join(" or ", Signatures.Select(signature => $"({string.Join(", ", signature.Operands.Select(type => type.ToString()))})"));

    /// <summary>Type of its value; null where no signature takes the operands.</summary>
    public CelType? ResultOf(CelType[] operands)
    {
        foreach (var (expected, result) in Signatures)
        {
            if (expected.Length == operands.Length && expected.Zip(operands).All(pair => pair.First.Takes(pair.Second)))
                return result;
        }

        return null;
    }
}

/// <summary>The functions of the language.</summary>
internal static class Builtins
{
    private static readonly CelType AnyList = CelType.List(CelType.Dyn), AnyMap = CelType.Map(CelType.Dyn, CelType.Dyn);

    private static readonly (CelType[], CelType)[] Sizes =
        [([CelType.String], CelType.Int), ([AnyList], CelType.Int), ([AnyMap], CelType.Int)];

    private static readonly (CelType[], CelType)[] TwoTexts = [([CelType.String, CelType.String], CelType.Bool)];

    private static readonly Dictionary<(string Name, bool IsMember), Builtin> Table = ((Builtin[])
    [
        new("size", IsMember: false, Sizes) { Apply = Operations.Size },
        new("size", IsMember: true, Sizes) { Apply = Operations.Size },
        new("startsWith", IsMember: true, TwoTexts) { ApplyTwo = (text, part) => OnTexts(text, part, static (t, p) => t.StartsWith(p, StringComparison.Ordinal)) },
        new("endsWith", IsMember: true, TwoTexts) { ApplyTwo = (text, part) => OnTexts(text, part, static (t, p) => t.EndsWith(p, StringComparison.Ordinal)) },
        new("contains", IsMember: true, TwoTexts) { ApplyTwo = (text, part) => OnTexts(text, part, static (t, p) => t.Contains(p, StringComparison.Ordinal)) },
        new("matches", IsMember: true, TwoTexts) { Prepare = Patterns.Prepare },
        new("int", IsMember: false, From(CelType.Int, CelType.Double, CelType.String, CelType.Timestamp)(CelType.Int)) { Apply = Conversions.ToInt },
        new("double", IsMember: false, From(CelType.Double, CelType.Int, CelType.String)(CelType.Double)) { Apply = Conversions.ToDouble },
        new("string", IsMember: false, From(CelType.String, CelType.Bool, CelType.Int, CelType.Double, CelType.Timestamp, CelType.Duration)(CelType.String)) { Apply = Conversions.ToText },
        new("bool", IsMember: false, From(CelType.Bool, CelType.String)(CelType.Bool)) { Apply = Conversions.ToBool },
        new("timestamp", IsMember: false, From(CelType.Timestamp, CelType.String, CelType.Int)(CelType.Timestamp)) { Apply = Conversions.ToTimestamp },
        new("duration", IsMember: false, From(CelType.Duration, CelType.String)(CelType.Duration)) { Apply = Conversions.ToDuration },
        Calendar("getFullYear", at => at.Year),
        Calendar("getMonth", at => at.Month - 1),
        Calendar("getDate", at => at.Day),
        Calendar("getDayOfMonth", at => at.Day - 1),
        Calendar("getDayOfWeek", at => (int)at.DayOfWeek % 7),
        Calendar("getDayOfYear", at => at.DayOfYear - 1),
        Calendar("getHours", at => at.Hour, nanosecondsEach: 3_600_000_000_000),
        Calendar("getMinutes", at => at.Minute, nanosecondsEach: 60_000_000_000),
        Calendar("getSeconds", at => at.Second, nanosecondsEach: 1_000_000_000),
        Calendar("getMilliseconds", at => at.Millisecond, nanosecondsEach: 1_000_000, within: 1000),
    ]).ToDictionary(builtin => (builtin.Name, builtin.IsMember));

    public static IEnumerable<string> Names => Table.Keys.Select(key => key.Name);

    public static bool Find(string name, bool isMember, [NotNullWhen(true)] out Builtin? builtin) => Table.TryGetValue((name, isMember), out builtin);

    private static Func<CelType, (CelType[], CelType)[]> From(params CelType[] operands) => result => [.. operands.Select(operand => (new[] { operand }, result))];

    private static Value OnTexts(in Value text, in Value part, Func<string, string, bool> test) => text.Kind == ValueKind.String && part.Kind == ValueKind.String
        ? Value.Of(test(text.Text, part.Text))
        : Value.Error("the function takes texts");

    /// <summary>A field of a timestamp, in UTC or in a zone; of a duration, the whole units in it.</summary>
    private static Builtin Calendar(string name, Func<LocalDateTime, int> field, long nanosecondsEach = 0, long within = long.MaxValue)
    {
        List<(CelType[], CelType)> signatures = [([CelType.Timestamp], CelType.Int), ([CelType.Timestamp, CelType.String], CelType.Int)];
        if (nanosecondsEach > 0)
            signatures.Add(([CelType.Duration], CelType.Int));

        return new Builtin(name, IsMember: true, [.. signatures])
        {
            Prepare = argument =>
            {
                var zone = argument.Kind == ValueKind.String ? Times.Zone(argument.Text) : DateTimeZone.Utc;
                return zone is null
                    ? (null, $"'{Rejection.Shorten(argument.Text, 40)}' is neither an IANA time zone like Europe/Berlin nor an offset like +02:00")
                    : (value => value.Kind switch
                    {
                        ValueKind.Timestamp => Value.Of(field(Times.Local(value, zone))),
                        ValueKind.Duration when nanosecondsEach > 0 => Value.Of(value.Nanoseconds / nanosecondsEach % within),
                        _ => Value.Error($"{name}() takes a timestamp"),
                    }, null);
            },
        };
    }
}
