using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ServerlessCLM.Scoring;

/// <summary>Compares customer ids as text with ids as UTF-8, so that a batch is grouped without a text per event.</summary>
public sealed class CustomerNames : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    public static readonly CustomerNames Comparer = new();

    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    public int GetHashCode([DisallowNull] string obj) => (int)Digest64.Of(obj);

    public bool Equals(ReadOnlySpan<byte> alternate, string other) =>
        alternate.Length == other.Length && Ascii.Equals(alternate, other);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)Digest64.Of(alternate);

    public string Create(ReadOnlySpan<byte> alternate) => Encoding.ASCII.GetString(alternate);
}
