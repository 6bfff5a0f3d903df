using System.Collections.Immutable;

namespace ServerlessCLM.Conditions;

/// <summary>What a value can still be after comparisons with constants: between two bounds, one of some values, none of others.</summary>
internal sealed record Domain
{
    /// <summary>Whole numbers between two bounds that are looked at one by one.</summary>
    private const long Countable = 64;

    public static readonly Domain Anything = new();

    private (Value Value, bool IsIn)? Low { get; init; }

    private (Value Value, bool IsIn)? High { get; init; }

    private ImmutableHashSet<Value>? Allowed { get; init; }

    private ImmutableHashSet<Value> Excluded { get; init; } = [];

    /// <summary>What is left where the comparison is true; null where nothing is.</summary>
    /// <param name="isWhole">Whether the values are whole numbers, so that above 5 means from 6.</param>
    public Domain? With(Relation relation, in Value constant, bool isWhole)
    {
        if (constant.Kind == ValueKind.Bool && relation == Relation.NotEqual)
            return With(Relation.Equal, Value.Of(!constant.Bool), isWhole);

        var step = isWhole && constant.Kind == ValueKind.Int && constant.Int is > long.MinValue and < long.MaxValue ? 1 : 0;
        return relation switch
        {
            Relation.Equal => Among([constant]),
            Relation.NotEqual => Without([constant]),
            Relation.Less => Below(step == 1 ? Value.Of(constant.Int - 1) : constant, isIn: step == 1),
            Relation.LessOrEqual => Below(constant, isIn: true),
            Relation.Greater => Above(step == 1 ? Value.Of(constant.Int + 1) : constant, isIn: step == 1),
            _ => Above(constant, isIn: true),
        };
    }

    public Domain? Among(IEnumerable<Value> values) =>
        (this with { Allowed = Allowed is null ? [.. values] : Allowed.Intersect(values) }).OrNull();

    public Domain? Without(IEnumerable<Value> values) => (this with { Excluded = Excluded.Union(values) }).OrNull();

    private Domain? Above(in Value bound, bool isIn) =>
        Low is { } low && Comparison.Order(low.Value, bound) is not < 0 and not 0 ? OrNull()
        : (this with { Low = (bound, isIn && (Low is not { } same || same.IsIn || Comparison.Order(same.Value, bound) != 0)) }).OrNull();

    private Domain? Below(in Value bound, bool isIn) =>
        High is { } high && Comparison.Order(high.Value, bound) is not > 0 and not 0 ? OrNull()
        : (this with { High = (bound, isIn && (High is not { } same || same.IsIn || Comparison.Order(same.Value, bound) != 0)) }).OrNull();

    private Domain? OrNull() => IsEmpty() ? null : this;

    private bool IsEmpty()
    {
        if (Allowed is not null)
            return !Allowed.Any(value => !Excluded.Contains(value) && IsWithin(value));

        if (Low is not { } low || High is not { } high)
            return false;

        var order = Comparison.Order(low.Value, high.Value);
        if (order > 0 || (order == 0 && (!low.IsIn || !high.IsIn || Excluded.Contains(low.Value))))
            return true;

        return low is { IsIn: true, Value.Kind: ValueKind.Int } && high is { IsIn: true, Value.Kind: ValueKind.Int }
            && (UInt128)((Int128)high.Value.Int - low.Value.Int) < Countable
            && Enumerable.Range(0, (int)(high.Value.Int - low.Value.Int) + 1).All(step => Excluded.Contains(Value.Of(low.Value.Int + step)));
    }

    private bool IsWithin(in Value value) =>
        (Low is not { } low || Comparison.Order(low.Value, value) is null or < 0 || (low.IsIn && Comparison.Order(low.Value, value) == 0))
        && (High is not { } high || Comparison.Order(value, high.Value) is null or < 0 || (high.IsIn && Comparison.Order(value, high.Value) == 0));
}
