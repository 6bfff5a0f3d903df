namespace ServerlessCLM.Conditions;

internal enum Relation : byte { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual }

/// <summary>Equality and order of values, by CEL's rules: numbers compare by what they are worth, texts by code points.</summary>
internal static class Comparison
{
    /// <summary>Results of <see cref="Compare"/> beside −1, 0 and 1: NaN has no order, and unlike kinds have none.</summary>
    private const int Unordered = 2, Incomparable = 3;

    public static Truth Test(Relation relation, in Value left, in Value right)
    {
        if (!left.IsKnown || !right.IsKnown)
            return left.Kind == ValueKind.Unknown || right.Kind == ValueKind.Unknown ? Truth.Unknown : Truth.Error;

        if (relation <= Relation.NotEqual)
            return Of(AreEqual(left, right) == (relation == Relation.Equal));

        var order = Compare(left, right);
        return order == Incomparable ? Truth.Error : order == Unordered ? Truth.False : Of(relation switch
        {
            Relation.Less => order < 0,
            Relation.LessOrEqual => order <= 0,
            Relation.Greater => order > 0,
            _ => order >= 0,
        });
    }

    public static Truth Test(Relation relation, double left, double right) => Of(relation switch
    {
        Relation.Equal => left == right,
        Relation.NotEqual => left != right,
        Relation.Less => left < right,
        Relation.LessOrEqual => left <= right,
        Relation.Greater => left > right,
        _ => left >= right,
    });

    public static Truth Of(bool value) => value ? Truth.True : Truth.False;

    /// <summary>Equality of known values; those of unlike kinds are unequal, NaN equals nothing.</summary>
    public static bool AreEqual(in Value left, in Value right) => (left.Kind, right.Kind) switch
    {
        (ValueKind.Null, ValueKind.Null) => true,
        (ValueKind.List, ValueKind.List) => AreEqual(left.Items, right.Items),
        (ValueKind.Map, ValueKind.Map) => AreEqual(left.Entries, right.Entries),
        (ValueKind.String, ValueKind.String) => string.Equals(left.Text, right.Text, StringComparison.Ordinal),
        _ => Compare(left, right) == 0,
    };

    /// <summary>−1, 0 or 1; null where there is no order.</summary>
    public static int? Order(in Value left, in Value right) => Compare(left, right) is var order && order < Unordered ? order : null;

    private static int Compare(in Value left, in Value right) => (left.Kind, right.Kind) switch
    {
        (ValueKind.Double, ValueKind.Double) => Compare(left.Double, right.Double),
        (ValueKind.Int, ValueKind.Int) => left.Int.CompareTo(right.Int),
        (ValueKind.Int, ValueKind.Double) => Compare(left.Int, right.Double),
        (ValueKind.Double, ValueKind.Int) => Compare(right.Int, left.Double) is var order && order < Unordered ? -order : order,
        (ValueKind.Bool, ValueKind.Bool) => left.Bool.CompareTo(right.Bool),
        (ValueKind.String, ValueKind.String) => Compare(left.Text, right.Text),
        (ValueKind.Duration, ValueKind.Duration) => left.Nanoseconds.CompareTo(right.Nanoseconds),
        (ValueKind.Timestamp, ValueKind.Timestamp) => left.Seconds != right.Seconds
            ? left.Seconds.CompareTo(right.Seconds)
            : left.NanosOfSecond.CompareTo(right.NanosOfSecond),
        _ => Incomparable,
    };

    private static int Compare(double left, double right) =>
        left < right ? -1 : left > right ? 1 : left == right ? 0 : Unordered;

    /// <summary>Exact, also where the whole number has no double of its own.</summary>
    private static int Compare(long left, double right)
    {
        if (double.IsNaN(right))
            return Unordered;
        if (right >= 9223372036854775808.0)
            return -1;
        if (right < -9223372036854775808.0)
            return 1;

        var whole = (long)right;
        return left != whole ? left.CompareTo(whole) : 0.0.CompareTo(right - whole);
    }

    private static int Compare(string left, string right)
    {
        var shared = left.AsSpan().CommonPrefixLength(right);
        if (shared == left.Length || shared == right.Length)
            return left.Length.CompareTo(right.Length);

        // In UTF-16 the surrogates stand below U+E000, as code points above.
        var (one, other) = (left[shared], right[shared]);
        return char.IsSurrogate(one) == char.IsSurrogate(other) ? one < other ? -1 : 1 : char.IsSurrogate(one) ? 1 : -1;
    }

    private static bool AreEqual(IReadOnlyList<Value> left, IReadOnlyList<Value> right)
    {
        if (left.Count != right.Count)
            return false;

        for (var place = 0; place < left.Count; place++)
        {
            if (!AreEqual(left[place], right[place]))
                return false;
        }

        return true;
    }

    private static bool AreEqual(IReadOnlyDictionary<Value, Value> left, IReadOnlyDictionary<Value, Value> right)
    {
        if (left.Count != right.Count)
            return false;

        foreach (var (key, value) in left)
        {
            if (!right.TryGetValue(key, out var other) || !AreEqual(value, other))
                return false;
        }

        return true;
    }
}
