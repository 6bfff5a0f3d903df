namespace ServerlessCLM.Customers;

/// <summary>A row's sealed content as properties: a property holds 64 KiB, so that what is longer goes on in the next.</summary>
internal static class SealedRow
{
    private const string Data = "Data";

    /// <summary>Bytes of a property at the most.</summary>
    private const int PartSize = 64 * 1024;

    public static TableEntity Entity(string partitionKey, string row, byte[] content)
    {
        var entity = new TableEntity(partitionKey, row);
        for (var (part, at) = (0, 0); part == 0 || at < content.Length; part++, at += PartSize)
            entity[Name(part)] = content.Length <= PartSize ? content : content[at..Math.Min(at + PartSize, content.Length)];
        return entity;
    }

    public static byte[] Of(TableEntity entity)
    {
        var first = entity.GetBinary(Data) ?? [];
        if (first.Length < PartSize || !entity.ContainsKey(Name(1)))
            return first;

        using var whole = new MemoryStream();
        for (var part = 0; entity.GetBinary(Name(part)) is { } bytes; part++)
            whole.Write(bytes);
        return whole.ToArray();
    }

    private static string Name(int part) => part == 0 ? Data : Data + part.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
