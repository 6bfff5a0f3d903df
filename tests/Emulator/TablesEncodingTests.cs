using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>The bytes that keys and properties are stored as.</summary>
public sealed class TablesEncodingTests
{
    [Fact]
    public void Stored_keys_sort_as_the_ordinal_order_of_partition_and_row() =>
        Prop.ForAll(Keys().Two().Two().ToArbitrary(), pair =>
        {
            var ((partition, row), (otherPartition, otherRow)) = pair;
            var expected = string.CompareOrdinal(partition, otherPartition);
            if (expected == 0) expected = string.CompareOrdinal(row, otherRow);
            var stored = EntityKey.Of(1, partition, row).AsSpan().SequenceCompareTo(EntityKey.Of(1, otherPartition, otherRow));
            return Math.Sign(stored) == Math.Sign(expected) && EntityKey.Read(EntityKey.Of(1, partition, row)) == (partition, row);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_merge_takes_the_change_over_the_existing() =>
        Prop.ForAll(Properties().Two().ToArbitrary(), pair =>
        {
            var (existing, change) = pair;
            var expected = new Dictionary<string, int>(existing);
            foreach (var (name, value) in change) expected[name] = value;
            var merged = EntityCodec.Merge(Encode(existing), Encode(change));
            return Decode(merged).OrderBy(entry => entry.Key).SequenceEqual(expected.OrderBy(entry => entry.Key));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_etag_names_its_version_exactly() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).Two().ToArbitrary(), pair =>
        {
            var ticks = ((long)pair.Item1 << 30) | (uint)pair.Item2 & 0x3FFF_FFFF;
            return TableVersion.Required(new Azure.ETag(TableVersion.Text(ticks))) == ticks;
        }).QuickCheckThrowOnFailure();

    static Gen<string> Keys() =>
        Gen.Elements(" ", "!", "A", "a", "b", "\u00A0", "ß", "\u07FF", "\u0800", "\uD7FF", "\uE000", "\uFFFD", "\U00010000", "\U0001F3E6")
            .ListOf().Select(parts => string.Concat(parts));

    static Gen<Dictionary<string, int>> Properties() =>
        (from name in Gen.Elements("A", "B", "C", "Day", "Größe") from value in Gen.Choose(-1000, 1000) select (name, value))
        .ListOf().Select(pairs => pairs.DistinctBy(pair => pair.name).ToDictionary(pair => pair.name, pair => pair.value));

    static byte[] Encode(Dictionary<string, int> properties) =>
        EntityMapping.Encode(new TableEntity(properties.ToDictionary(entry => entry.Key, entry => (object)entry.Value)));

    static Dictionary<string, int> Decode(byte[] encoded)
    {
        var row = new StoredRow("p", "r", default, default, encoded);
        return EntityMapping.Decode<TableEntity>(row, null).Where(entry => entry.Value is int)
            .ToDictionary(entry => entry.Key, entry => (int)entry.Value!);
    }
}
