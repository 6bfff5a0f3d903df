using System.Text;

namespace ServerlessCLM.Emulator;

enum Comparator
{
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// <summary>What a filter sees of a row: its keys, the ticks of its timestamp and its encoded properties.</summary>
readonly ref struct FilterRow(string partitionKey, string rowKey, long ticks, ReadOnlySpan<byte> properties)
{
    public string PartitionKey { get; } = partitionKey;
    public string RowKey { get; } = rowKey;
    public long Ticks { get; } = ticks;
    public ReadOnlySpan<byte> Properties { get; } = properties;

    /// <summary>A table in the list of tables: its one property is TableName.</summary>
    public static FilterRow OfTable(string name)
    {
        var output = new ByteBuffer(64);
        EntityCodec.Append(ref output, "TableName", name);
        return new FilterRow("", "", 0, output.ToArray());
    }
}

/// <summary>
/// A parsed OData filter. A comparison with a property that the row lacks, or that is of another type than the literal, is
/// false whatever the operator; integers and doubles compare with each other.
/// </summary>
abstract record TableFilter
{
    /// <exception cref="Azure.RequestFailedException">400 InvalidInput, with the position of the fault.</exception>
    internal static TableFilter Parse(string text) => new TableFilterParser(text).Parse();

    internal abstract bool Matches(in FilterRow row);

    internal sealed record And(TableFilter Left, TableFilter Right) : TableFilter
    {
        internal override bool Matches(in FilterRow row) => Left.Matches(row) && Right.Matches(row);
    }

    internal sealed record Or(TableFilter Left, TableFilter Right) : TableFilter
    {
        internal override bool Matches(in FilterRow row) => Left.Matches(row) || Right.Matches(row);
    }

    internal sealed record Not(TableFilter Inner) : TableFilter
    {
        internal override bool Matches(in FilterRow row) => !Inner.Matches(row);
    }

    /// <param name="Name">The property.</param>
    /// <param name="Comparator">How to compare.</param>
    /// <param name="Literal">string, byte[], bool, DateTimeOffset, double, Guid, int or long.</param>
    internal sealed record Comparison(string Name, Comparator Comparator, object Literal) : TableFilter
    {
        readonly byte[] _name = Encoding.UTF8.GetBytes(Name);

        internal override bool Matches(in FilterRow row) => OrderOf(row) is { } order && Comparator switch
        {
            Comparator.Equal => order == 0,
            Comparator.NotEqual => order != 0,
            Comparator.Greater => order > 0,
            Comparator.GreaterOrEqual => order >= 0,
            Comparator.Less => order < 0,
            _ => order <= 0,
        };

        /// <summary>The property against the literal, as compared; null when they do not compare.</summary>
        int? OrderOf(in FilterRow row) => Name switch
        {
            TableEntity.PartitionKeyName => Literal is string key ? string.CompareOrdinal(row.PartitionKey, key) : null,
            TableEntity.RowKeyName => Literal is string key ? string.CompareOrdinal(row.RowKey, key) : null,
            TableEntity.TimestampName => Literal is DateTimeOffset instant ? row.Ticks.CompareTo(instant.UtcTicks) : null,
            _ => EntityCodec.TryFind(row.Properties, _name, out var property) ? OrderOf(property) : null,
        };

        int? OrderOf(in EncodedProperty property) => (property.Type, Literal) switch
        {
            (PropertyType.String, string text) => string.CompareOrdinal(Encoding.UTF8.GetString(property.Value), text),
            (PropertyType.Binary, byte[] bytes) => property.Value.SequenceCompareTo(bytes),
            (PropertyType.Boolean, bool flag) => (property.Value[0] != 0).CompareTo(flag),
            (PropertyType.DateTime, DateTimeOffset instant) => property.Integer.CompareTo(instant.UtcTicks),
            (PropertyType.Guid, Guid guid) => new Guid(property.Value).CompareTo(guid),
            (PropertyType.Int32 or PropertyType.Int64, int number) => property.Integer.CompareTo(number),
            (PropertyType.Int32 or PropertyType.Int64, long number) => property.Integer.CompareTo(number),
            (PropertyType.Int32 or PropertyType.Int64, double number) => OrderOf(property.Integer, number),
            (PropertyType.Double, int number) => OrderOf(property.Double, number),
            (PropertyType.Double, long number) => OrderOf(property.Double, number),
            (PropertyType.Double, double number) => OrderOf(property.Double, number),
            _ => null,
        };

        static int? OrderOf(double left, double right) => double.IsNaN(left) || double.IsNaN(right) ? null : left.CompareTo(right);
    }
}
