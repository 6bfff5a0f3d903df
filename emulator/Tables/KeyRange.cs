using System.Buffers.Text;

namespace ServerlessCLM.Emulator;

/// <summary>
/// The stored keys that can satisfy a filter, from one (included) up to another (not included). What the filter says of
/// PartitionKey narrows it, and of RowKey where the partition is fixed; the filter itself still decides on each row in it.
/// </summary>
readonly record struct KeyRange(byte[] From, byte[] Before)
{
    /// <param name="table">The table's number.</param>
    /// <param name="filter">The filter; null for the whole table.</param>
    /// <param name="continuation">From <see cref="TokenOf"/>; null to start at the front.</param>
    /// <exception cref="Azure.RequestFailedException">400 InvalidInput: not a continuation token.</exception>
    internal static KeyRange Of(int table, TableFilter? filter, string? continuation)
    {
        var range = filter is null ? Whole(table) : Narrow(table, filter, null);
        return string.IsNullOrEmpty(continuation) ? range : range with { From = Later(range.From, Resume(table, continuation)) };
    }

    /// <summary>The token that continues with a row, the first that a page had no place for, as the service's does.</summary>
    internal static string TokenOf(ReadOnlySpan<byte> key) => Base64Url.EncodeToString(key[4..]);

    static byte[] Resume(int table, string continuation)
    {
        var key = new byte[4 + Base64Url.GetMaxDecodedLength(continuation.Length)];
        EntityKey.Bound(table, "").CopyTo(key, 0);
        if (!Base64Url.IsValid(continuation) || !Base64Url.TryDecodeFromChars(continuation, key.AsSpan(4), out var length))
            throw TableErrors.InvalidInput($"'{continuation}' is not a continuation token.");
        return key[..(4 + length)];
    }

    static KeyRange Narrow(int table, TableFilter filter, string? partition)
    {
        switch (filter)
        {
            case TableFilter.And and:
                var inside = PartitionOf(and) ?? partition;
                var (left, right) = (Narrow(table, and.Left, inside), Narrow(table, and.Right, inside));
                return new KeyRange(Later(left.From, right.From), Earlier(left.Before, right.Before));
            case TableFilter.Or or:
                var (one, other) = (Narrow(table, or.Left, partition), Narrow(table, or.Right, partition));
                return new KeyRange(Earlier(one.From, other.From), Later(one.Before, other.Before));
            case TableFilter.Comparison { Name: TableEntity.PartitionKeyName, Literal: string key } comparison:
                return OfPartitions(table, comparison.Comparator, key);
            case TableFilter.Comparison { Name: TableEntity.RowKeyName, Literal: string key } comparison when partition is not null:
                return OfRows(table, comparison.Comparator, partition, key);
            default:
                return Whole(table);
        }
    }

    static string? PartitionOf(TableFilter filter) => filter switch
    {
        TableFilter.And and => PartitionOf(and.Left) ?? PartitionOf(and.Right),
        TableFilter.Comparison { Name: TableEntity.PartitionKeyName, Comparator: Comparator.Equal, Literal: string key } => key,
        _ => null,
    };

    static KeyRange OfPartitions(int table, Comparator comparator, string key)
    {
        // A stored key holds nothing below a space, so a literal that does is cut there: its bounds are wider, never too narrow.
        var control = key.AsSpan().IndexOfAnyInRange('\0', '\x1F');
        if (control >= 0)
        {
            var prefix = key.AsSpan(0, control);
            return comparator switch
            {
                Comparator.Greater or Comparator.GreaterOrEqual => new(EntityKey.Bound(table, prefix), EntityKey.Bound(table + 1, "")),
                Comparator.Less or Comparator.LessOrEqual => new(EntityKey.Bound(table, ""), EntityKey.Bound(table, prefix, 1)),
                _ => Whole(table),
            };
        }
        return comparator switch
        {
            Comparator.Equal => new(EntityKey.Bound(table, key, 0), EntityKey.Bound(table, key, 1)),
            Comparator.Greater => new(EntityKey.Bound(table, key, 1), EntityKey.Bound(table + 1, "")),
            Comparator.GreaterOrEqual => new(EntityKey.Bound(table, key), EntityKey.Bound(table + 1, "")),
            Comparator.Less => new(EntityKey.Bound(table, ""), EntityKey.Bound(table, key)),
            Comparator.LessOrEqual => new(EntityKey.Bound(table, ""), EntityKey.Bound(table, key, 1)),
            _ => Whole(table),
        };
    }

    static KeyRange OfRows(int table, Comparator comparator, string partition, string key)
    {
        var row = EntityKey.Of(table, partition, key);
        byte[] next = [.. row, 0];
        var (first, end) = (EntityKey.Bound(table, partition, 0), EntityKey.Bound(table, partition, 1));
        return comparator switch
        {
            Comparator.Equal => new(row, next),
            Comparator.Greater => new(next, end),
            Comparator.GreaterOrEqual => new(row, end),
            Comparator.Less => new(first, row),
            Comparator.LessOrEqual => new(first, next),
            _ => new(first, end),
        };
    }

    static KeyRange Whole(int table) => new(EntityKey.Bound(table, ""), EntityKey.Bound(table + 1, ""));

    static byte[] Later(byte[] left, byte[] right) => left.AsSpan().SequenceCompareTo(right) >= 0 ? left : right;

    static byte[] Earlier(byte[] left, byte[] right) => left.AsSpan().SequenceCompareTo(right) <= 0 ? left : right;
}
