using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ServerlessCLM.Customers;

/// <summary>
/// A bank's own id of a customer: 1 to 128 characters of <c>A–Z a–z 0–9 . _ ~ : @ -</c>, all of them allowed in
/// a table key, so that an id is never rewritten.
/// </summary>
public readonly record struct CustomerId
{
    public const int MaxLength = 128;

    public const string Rule = "must be 1 to 128 characters of A-Z a-z 0-9 . _ ~ : @ -";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~:@-");

    private CustomerId(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, out CustomerId id)
    {
        id = default;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength || text.AsSpan().ContainsAnyExcept(Allowed))
            return false;

        id = new CustomerId(text);
        return true;
    }

    /// <exception cref="FormatException">The text breaks <see cref="Rule"/>.</exception>
    public static CustomerId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"customer id '{text}' {Rule}");

    /// <summary>Two hexadecimal digits that spread customers over partitions and storage accounts.</summary>
    public byte HashPrefix => (byte)(Digest64.Of(Value) >> 56);

    /// <summary>The partition key: tenant, hash prefix and id.</summary>
    public string PartitionKey(string tenant) =>
        string.Create(CultureInfo.InvariantCulture, $"{tenant}|{HashPrefix:x2}|{Value}");

    /// <summary>The id in a partition key.</summary>
    public static CustomerId FromPartitionKey(string partitionKey) =>
        Parse(partitionKey[(partitionKey.LastIndexOf('|') + 1)..]);

    public override string ToString() => Value;
}
