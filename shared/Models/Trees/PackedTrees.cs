using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ServerlessCLM.Models;

/// <summary>
/// Trees of up to six levels, made complete and laid out flat for scoring: split i of a tree has its children at 2i and 2i + 1, counted
/// from 1, and what would be split i at the level below the last is leaf i less 2^depth.
/// </summary>
/// <remarks>
/// Values and thresholds become integers in the order of the floats. Each feature has two places in a prepared row, one where a
/// missing value is below every threshold and one where it is above; a split refers to the one that sends it the right way. So a
/// step down a tree is a load, a comparison and an addition, for missing values too.
/// </remarks>
internal sealed class PackedTrees
{
    public const int MaxDepth = 6;

    /// <summary>Rows that the batch scores together: the bits of a word.</summary>
    public const int GroupRows = 64;

    private const int Lanes = 16, CacheLine = 64;

    // Prepared rows up to this size live on the stack.
    private const int StackInts = 2048;

    private readonly int _features;
    private readonly int _depth;
    private readonly int _trees;
    private readonly double _baseMargin;

    // Of each tree, 2^depth entries; entry 0 of splits is unused.
    private readonly ushort[] _places;
    private readonly int[] _keys;
    private readonly float[] _leaves;

    // Which splits of a tree are real; the others lie below a leaf.
    private readonly ulong[] _splits;
    private readonly int[] _usedPlaces;

    private PackedTrees(TreeEnsemble ensemble, int depth)
    {
        _features = ensemble.Features.Count;
        _depth = depth;
        _trees = ensemble.TreeCount;
        _baseMargin = ensemble.BaseMargin;
        _places = new ushort[_trees << depth];
        _keys = new int[_trees << depth];
        // A vector is read from the last tree on, however few leaves it has.
        _leaves = new float[(_trees << depth) + Lanes];
        _splits = new ulong[_trees];
        for (var tree = 0; tree < _trees; tree++)
            Place(ensemble.Tree(tree), tree, node: 0, position: 1, level: 0);

        var used = new SortedSet<int>();
        for (var tree = 0; tree < _trees; tree++)
        {
            for (var splits = _splits[tree]; splits != 0; splits &= splits - 1)
                used.Add(_places[(tree << depth) + BitOperations.TrailingZeroCount(splits)]);
        }

        _usedPlaces = [.. used];
    }

    /// <summary>Null where a tree has more levels, or a row more values than places can name.</summary>
    public static PackedTrees? Of(TreeEnsemble ensemble)
    {
        var depth = 1;
        for (var tree = 0; tree < ensemble.TreeCount; tree++)
            depth = Math.Max(depth, DepthOf(ensemble.Tree(tree)));
        return depth <= MaxDepth && 2 * ensemble.Features.Count <= ushort.MaxValue ? new PackedTrees(ensemble, depth) : null;
    }

    [SkipLocalsInit]
    public double Margin(ReadOnlySpan<float> row)
    {
        var rented = 2 * _features <= StackInts ? null : ArrayPool<int>.Shared.Rent(2 * _features);
        var prepared = rented ?? stackalloc int[StackInts];
        Prepare(row, prepared);
        var margin = Walk(prepared);
        if (rented is not null)
            ArrayPool<int>.Shared.Return(rented);
        return margin;
    }

    /// <summary>Margins of <see cref="GroupRows"/> rows or fewer, row after row.</summary>
    /// <param name="scratch"><see cref="ScratchLength"/> ints.</param>
    [SkipLocalsInit]
    public unsafe void Margins(ReadOnlySpan<float> rows, int width, Span<double> margins, Span<int> scratch)
    {
        var sums = stackalloc double[GroupRows];
        new Span<double>(sums, GroupRows).Fill(_baseMargin);
        var turns = stackalloc ulong[1 << MaxDepth];
        var paths = stackalloc ulong[MaxDepth];
        var found = stackalloc byte[GroupRows];
        fixed (ushort* allPlaces = _places)
        fixed (int* allKeys = _keys, unaligned = scratch)
        fixed (float* allLeaves = _leaves)
        {
            // A vector within one cache line loads in half the time.
            var values = (int*)(((nint)unaligned + CacheLine - 1) & -CacheLine);
            PrepareGroup(rows, width, margins.Length, new Span<int>(values, 2 * _features * GroupRows));
            for (var tree = 0; tree < _trees; tree++)
            {
                var places = allPlaces + (tree << _depth);
                var keys = allKeys + (tree << _depth);
                for (var splits = _splits[tree]; splits != 0; splits &= splits - 1)
                {
                    var split = BitOperations.TrailingZeroCount(splits);
                    turns[split] = AtLeast(values + (places[split] * GroupRows), keys[split]);
                }

                for (var level = 0; level < _depth; level++)
                    paths[level] = Fold(turns + (1 << level), paths, level);
                AddLeaves(allLeaves + (tree << _depth), paths, found, sums);
            }
        }

        new Span<double>(sums, margins.Length).CopyTo(margins);
    }

    /// <summary>Ints that a group of prepared rows takes, and room to align them.</summary>
    public int ScratchLength => (2 * _features * GroupRows) + (CacheLine / sizeof(int));

    /// <summary>A bit per row: whether its value is the key or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe ulong AtLeast(int* values, int key)
    {
        var threshold = Vector512.Create(key);
        return Vector512.GreaterThanOrEqual(Vector512.Load(values), threshold).ExtractMostSignificantBits()
            | (Vector512.GreaterThanOrEqual(Vector512.Load(values + Lanes), threshold).ExtractMostSignificantBits() << Lanes)
            | (Vector512.GreaterThanOrEqual(Vector512.Load(values + (2 * Lanes)), threshold).ExtractMostSignificantBits() << (2 * Lanes))
            | (Vector512.GreaterThanOrEqual(Vector512.Load(values + (3 * Lanes)), threshold).ExtractMostSignificantBits() << (3 * Lanes));
    }

    /// <summary>Of the turns at a level's splits, the one that each row's path meets: the earlier turns choose a half each.</summary>
    private static unsafe ulong Fold(ulong* turns, ulong* paths, int level)
    {
        var half = 1 << level >> 1;
        for (var earlier = 0; earlier < level; earlier++, half >>= 1)
        {
            var path = paths[earlier];
            var at = 0;
            for (; at + Vector256<ulong>.Count <= half; at += Vector256<ulong>.Count)
            {
                var left = Vector256.Load(turns + at);
                (left ^ ((left ^ Vector256.Load(turns + at + half)) & Vector256.Create(path))).Store(turns + at);
            }

            for (; at < half; at++)
                turns[at] ^= (turns[at] ^ turns[at + half]) & path;
        }

        return turns[0];
    }

    /// <summary>Adds to each row's sum the leaf that its turns name, the first turn being the highest bit.</summary>
    private unsafe void AddLeaves(float* leaves, ulong* paths, byte* found, double* sums)
    {
        // A byte per row: each byte of a path stands eight times, and of each time one bit is asked for.
        var spread = Vector256.Create(
            (byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 18, 18, 18, 18, 18, 18, 18, 18, 19, 19, 19, 19, 19, 19, 19, 19);
        var bit = Vector256.Create(0x8040201008040201).AsByte();
        for (var half = 0; half < GroupRows; half += Vector256<byte>.Count)
        {
            var leaf = Vector256<byte>.Zero;
            for (var level = 0; level < _depth; level++)
            {
                var turns = Vector256.Shuffle(Vector256.Create((uint)(paths[level] >> half)).AsByte(), spread) & bit;
                leaf = leaf + leaf - Vector256.Equals(turns, bit);
            }

            leaf.Store(found + half);
        }

        if (!Avx512F.IsSupported)
        {
            for (var row = 0; row < GroupRows; row++)
                sums[row] += leaves[found[row]];
            return;
        }

        for (var row = 0; row < GroupRows; row += Lanes)
        {
            var (lower, upper) = Vector512.Widen(Look(leaves, Avx512F.ConvertToVector512Int32(Vector128.Load(found + row))));
            (Vector512.Load(sums + row) + lower).Store(sums + row);
            (Vector512.Load(sums + row + 8) + upper).Store(sums + row + 8);
        }
    }

    /// <summary>Leaves by their numbers, out of registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe Vector512<float> Look(float* leaves, Vector512<int> at)
    {
        if (_depth == MaxDepth)
        {
            var low = Avx512F.PermuteVar16x32x2(Vector512.Load(leaves), at, Vector512.Load(leaves + Lanes));
            var high = Avx512F.PermuteVar16x32x2(Vector512.Load(leaves + (2 * Lanes)), at, Vector512.Load(leaves + (3 * Lanes)));
            return Vector512.ConditionalSelect(Vector512.GreaterThan(at, Vector512.Create(31)).AsSingle(), high, low);
        }

        return _depth == MaxDepth - 1
            ? Avx512F.PermuteVar16x32x2(Vector512.Load(leaves), at, Vector512.Load(leaves + Lanes))
            : Avx512F.PermuteVar16x32(Vector512.Load(leaves), at);
    }

    /// <summary>One row, four trees at a time: a step waits for the one before it in the same tree, not for the other trees.</summary>
    private unsafe double Walk(ReadOnlySpan<int> prepared)
    {
        var margin = _baseMargin;
        var size = 1 << _depth;
        fixed (ushort* firstPlaces = _places)
        fixed (int* firstKeys = _keys, values = prepared)
        fixed (float* firstLeaves = _leaves)
        {
            var places = firstPlaces;
            var keys = firstKeys;
            var leaves = firstLeaves;
            var tree = 0;
            for (; tree + 4 <= _trees; tree += 4)
            {
                nint a = 1, b = 1, c = 1, d = 1;
                for (var level = 0; level < _depth; level++)
                {
                    a = a + a + (values[places[a]] >= keys[a] ? 1 : 0);
                    b = b + b + (values[(places + size)[b]] >= (keys + size)[b] ? 1 : 0);
                    c = c + c + (values[(places + (2 * size))[c]] >= (keys + (2 * size))[c] ? 1 : 0);
                    d = d + d + (values[(places + (3 * size))[d]] >= (keys + (3 * size))[d] ? 1 : 0);
                }

                margin += leaves[a - size];
                margin += leaves[b];
                margin += leaves[c + size];
                margin += leaves[d + (2 * size)];
                places += 4 * size;
                keys += 4 * size;
                leaves += 4 * size;
            }

            for (; tree < _trees; tree++, places += size, keys += size, leaves += size)
            {
                nint at = 1;
                for (var level = 0; level < _depth; level++)
                    at = at + at + (values[places[at]] >= keys[at] ? 1 : 0);
                margin += leaves[at - size];
            }
        }

        return margin;
    }

    /// <summary>First the keys for missing right, then those for missing left.</summary>
    private void Prepare(ReadOnlySpan<float> row, Span<int> prepared)
    {
        var at = 0;
        for (; at + Lanes <= _features; at += Lanes)
        {
            var (right, left) = KeysOf(Vector512.Create(row[at..]));
            right.CopyTo(prepared[at..]);
            left.CopyTo(prepared[(_features + at)..]);
        }

        for (; at < _features; at++)
        {
            var isMissing = !float.IsFinite(row[at]);
            var key = KeyOf(row[at]);
            prepared[at] = isMissing ? int.MaxValue : key;
            prepared[_features + at] = isMissing ? int.MinValue : key;
        }
    }

    /// <summary>Column by column, only those that a tree asks for.</summary>
    [SkipLocalsInit]
    private void PrepareGroup(ReadOnlySpan<float> rows, int width, int count, Span<int> prepared)
    {
        Span<float> column = stackalloc float[GroupRows];
        column[count..].Clear();
        var read = -1;
        foreach (var place in _usedPlaces)
        {
            var isLeft = place >= _features;
            var feature = isLeft ? place - _features : place;
            if (read != feature)
            {
                for (int row = 0, at = feature; row < count; row++, at += width)
                    column[row] = rows[at];
                read = feature;
            }

            var target = prepared.Slice(place * GroupRows, GroupRows);
            for (var lane = 0; lane < GroupRows; lane += Lanes)
            {
                var (right, left) = KeysOf(Vector512.Create<float>(column[lane..]));
                (isLeft ? left : right).CopyTo(target[lane..]);
            }
        }
    }

    private static (Vector512<int> MissingRight, Vector512<int> MissingLeft) KeysOf(Vector512<float> values)
    {
        // Adding 0 turns −0, which equals 0, into 0; beyond the largest number are infinity and NaN.
        var bits = (values + Vector512<float>.Zero).AsInt32();
        var magnitude = bits & Vector512.Create(int.MaxValue);
        var isMissing = Vector512.GreaterThan(magnitude, Vector512.Create(0x7F7FFFFF));
        var keys = bits ^ ((bits >> 31) & Vector512.Create(int.MaxValue));
        return (
            Vector512.ConditionalSelect(isMissing, Vector512.Create(int.MaxValue), keys),
            Vector512.ConditionalSelect(isMissing, Vector512.Create(int.MinValue), keys));
    }

    private static int KeyOf(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value + 0f);
        return bits ^ ((bits >> 31) & int.MaxValue);
    }

    private void Place(ReadOnlySpan<TreeNode> nodes, int tree, int node, int position, int level)
    {
        ref readonly var at = ref nodes[node];
        if (at.IsLeaf)
        {
            var below = _depth - level;
            _leaves.AsSpan((tree << _depth) + (position << below) - (1 << _depth), 1 << below).Fill(at.Value);
            return;
        }

        _places[(tree << _depth) + position] = (ushort)(at.MissingLeft ? _features + at.Feature : at.Feature);
        _keys[(tree << _depth) + position] = KeyOf(at.Threshold);
        _splits[tree] |= 1UL << position;
        Place(nodes, tree, at.Left, 2 * position, level + 1);
        Place(nodes, tree, at.Right, (2 * position) + 1, level + 1);
    }

    private static int DepthOf(ReadOnlySpan<TreeNode> nodes)
    {
        var depths = new int[nodes.Length];
        for (var at = 0; at < nodes.Length; at++)
        {
            if (!nodes[at].IsLeaf)
                depths[nodes[at].Left] = depths[nodes[at].Right] = depths[at] + 1;
        }

        return depths.Max();
    }
}
