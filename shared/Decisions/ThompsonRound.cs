namespace ServerlessCLM.Decisions;

/// <summary>
/// One choice by Thompson sampling among actions and nothing. Each action's priority is <c>slope × propensity − charge</c>, its propensity one of
/// equally likely values; nothing is worth 0. The largest wins; of equals the first, nothing last.
/// </summary>
/// <remarks>
/// With v(a, k) the K values of action a, sorted, the chance that a wins is
/// <code>
/// P(a) = 1/K · Σₖ [v(a, k) &gt; 0] · Πⱼ P(vⱼ &lt; v(a, k))        ≤ instead of &lt; for actions behind a, and ≥ 0 instead of &gt; 0
/// </code>
/// Actions whose largest value is below some other's smallest are left out: they cannot win. The object is scratch, used by one thread.
/// </remarks>
internal sealed class ThompsonRound(int actions)
{
    private const int K = PropensityBeliefs.Atoms;

    private readonly double[] _values = new double[actions * K];
    private readonly int[] _contenders = new int[actions];
    private int _count;

    public void Clear() => _count = 0;

    /// <summary>Adds an action; in the order of their places.</summary>
    public void Add(int action, double slope, double charge, double score, PropensityBeliefs beliefs)
    {
        var values = _values.AsSpan(action * K, K);
        beliefs.Fill(action, score, values);
        for (var k = 0; k < K; k++)
            values[k] = (slope * values[k]) - charge;
        if (slope < 0)
            values.Reverse();
        _contenders[_count++] = action;
    }

    /// <summary>Leaves out actions that cannot win; called once, after the last was added.</summary>
    public void Prune()
    {
        var floor = 0.0;
        for (var place = 0; place < _count; place++)
            floor = Math.Max(floor, _values[_contenders[place] * K]);

        var kept = 0;
        for (var place = 0; place < _count; place++)
        {
            if (_values[(_contenders[place] * K) + K - 1] >= floor)
                _contenders[kept++] = _contenders[place];
        }

        _count = kept;
    }

    /// <summary>Draws a value for each action and gives the winner; −1 for nothing.</summary>
    /// <param name="strategy">The actions' keys.</param>
    /// <param name="seed">The same seed, the same draws, whatever other actions there are.</param>
    public int Draw(CompiledStrategy strategy, ulong seed)
    {
        var (winner, best) = (-1, 0.0);
        for (var place = 0; place < _count; place++)
        {
            var action = _contenders[place];
            var value = _values[(action * K) + DrawOf(strategy.Actions[action].Key, seed)];
            if (value > best || (winner < 0 && value >= best))
                (winner, best) = (action, value);
        }

        return winner;
    }

    /// <summary>The chance that the action wins; of nothing with −1.</summary>
    public double Probability(int action)
    {
        var total = 0.0;
        if (action < 0)
        {
            total = 1;
            for (var place = 0; place < _count; place++)
                total *= Below(_contenders[place], 0, orEqual: false);
            return total;
        }

        if (_contenders.AsSpan(0, _count).BinarySearch(action) < 0)
            return 0;

        for (var k = K - 1; k >= 0; k--)
        {
            var value = _values[(action * K) + k];
            if (value < 0)
                break;

            var chance = 1.0;
            for (var place = 0; place < _count && chance > 0; place++)
            {
                var other = _contenders[place];
                if (other != action)
                    chance *= Below(other, value, orEqual: other > action);
            }

            if (chance == 0)
                break;
            total += chance;
        }

        return total / K;
    }

    /// <summary>Place of the value that an action draws under a seed.</summary>
    internal static int DrawOf(ulong key, ulong seed)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(bytes, key);
        return (int)(((Digest64.Of(bytes, seed) >> 32) * K) >> 32);
    }

    /// <summary>Share of an action's values below another.</summary>
    private double Below(int action, double value, bool orEqual)
    {
        var values = _values.AsSpan(action * K, K);
        var (low, high) = (0, K);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (orEqual ? values[middle] <= value : values[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }

        return low * (1.0 / K);
    }
}
