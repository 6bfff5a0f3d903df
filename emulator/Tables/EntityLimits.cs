using System.Globalization;
using System.Text;
using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>Azure Table storage's limits on keys, properties, entities and transactions.</summary>
static class EntityLimits
{
    internal const int MaxKeyBytes = 1024;
    internal const int MaxValueBytes = 64 * 1024;
    internal const int MaxEntityBytes = 1024 * 1024;
    internal const int MaxProperties = 252;
    internal const int MaxNameLength = 255;
    internal const int MaxGroup = 100;
    internal const int MaxGroupBytes = 4 * 1024 * 1024;

    static readonly long EarliestTicks = new DateTime(1601, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    /// <summary>Refuses a write over a limit. Size is counted as the service does: 4 bytes, two a character of either key, then
    /// a property 8 bytes, two a character of its name, and its value.</summary>
    /// <returns>The entity's size in bytes.</returns>
    internal static int Check(RowWrite write)
    {
        CheckKey(TableEntity.PartitionKeyName, write.PartitionKey);
        CheckKey(TableEntity.RowKeyName, write.RowKey);
        return write.Action == TableTransactionActionType.Delete ? 0 : CheckProperties(write, write.Properties.Span);
    }

    /// <summary>Refuses an entity over a limit, such as one that a merge has grown.</summary>
    internal static int CheckProperties(RowWrite write, ReadOnlySpan<byte> properties)
    {
        var size = 4 + 2 * (write.PartitionKey.Length + write.RowKey.Length);
        var count = 0;
        while (EntityCodec.TryNext(ref properties, out var property))
        {
            size += 8 + 2 * CheckName(property.Name) + CheckValue(property);
            count++;
        }
        if (count > MaxProperties)
            throw TableErrors.BadRequest("TooManyProperties", $"The entity has {count} properties; at most {MaxProperties} are allowed.");
        if (size > MaxEntityBytes)
            throw TableErrors.BadRequest("EntityTooLarge", $"The entity takes {size} bytes; at most {MaxEntityBytes} are allowed.");
        return size;
    }

    /// <summary>Table names: 3 to 63 letters and digits, a letter first.</summary>
    internal static void CheckTableName(string name)
    {
        if (name.Length is < 3 or > 63)
            throw TableErrors.BadRequest("OutOfRangeInput", $"Table name '{name}' must have 3 to 63 characters.");
        if (!char.IsAsciiLetter(name[0]) || !name.All(char.IsAsciiLetterOrDigit))
            throw TableErrors.BadRequest("InvalidResourceName", $"Table name '{name}' must be letters and digits, a letter first.");
        if (name.Equals("tables", StringComparison.OrdinalIgnoreCase))
            throw TableErrors.InvalidInput("Table name 'tables' is reserved.");
    }

    internal static void CheckKey(string which, string key)
    {
        if (key.Length * 2 > MaxKeyBytes)
            throw TableErrors.BadRequest("KeyValueTooLarge", $"{which} takes {key.Length * 2} bytes; at most {MaxKeyBytes} are allowed.");
        for (var i = 0; i < key.Length; i++)
        {
            if (key[i] is '/' or '\\' or '#' or '?' || char.IsControl(key[i]))
                throw TableErrors.BadRequest("OutOfRangeInput", $"{which} has the forbidden character U+{(int)key[i]:X4} at index {i}.");
        }
    }

    static int CheckName(ReadOnlySpan<byte> utf8)
    {
        Span<char> buffer = stackalloc char[MaxNameLength + 1];
        if (utf8.Length > 3 * MaxNameLength || Encoding.UTF8.GetCharCount(utf8) > MaxNameLength)
            throw TableErrors.BadRequest("PropertyNameTooLong", $"Property '{Encoding.UTF8.GetString(utf8)}' has a name over {MaxNameLength} characters.");
        var name = buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
        for (var i = 0; i < name.Length; i++)
        {
            if (!(name[i] == '_' || char.IsLetter(name[i]) || (i > 0 && IsPart(name[i])))) throw Invalid(name, i);
        }
        if (name.IsEmpty) throw TableErrors.BadRequest("PropertyNameInvalid", "A property has an empty name.");
        return name.Length;
    }

    static bool IsPart(char character) => char.IsAsciiDigit(character) || char.GetUnicodeCategory(character) is
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.Format;

    static RequestFailedException Invalid(ReadOnlySpan<char> name, int index) => TableErrors.BadRequest("PropertyNameInvalid",
        $"Property name '{name}' is not an identifier: '{name[index]}' at index {index}.");

    static int CheckValue(in EncodedProperty property)
    {
        switch (property.Type)
        {
            case PropertyType.Binary when property.Value.Length > MaxValueBytes:
                throw TooLarge(property, property.Value.Length);
            case PropertyType.Binary:
                return 4 + property.Value.Length;
            case PropertyType.String:
                var bytes = 2 * Encoding.UTF8.GetCharCount(property.Value);
                return bytes > MaxValueBytes ? throw TooLarge(property, bytes) : 4 + bytes;
            case PropertyType.DateTime when property.Integer < EarliestTicks:
                throw TableErrors.BadRequest("OutOfRangeInput", $"Property '{Encoding.UTF8.GetString(property.Name)}' is before the year 1601.");
            default:
                return property.Value.Length;
        }
    }

    static RequestFailedException TooLarge(in EncodedProperty property, int bytes) => TableErrors.BadRequest("PropertyValueTooLarge",
        $"Property '{Encoding.UTF8.GetString(property.Name)}' takes {bytes} bytes; at most {MaxValueBytes} are allowed.");
}
