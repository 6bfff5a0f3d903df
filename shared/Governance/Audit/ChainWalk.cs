using System.Globalization;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Governance;

/// <summary>What is wrong with an entry, or where one should be.</summary>
public enum AuditFault { Altered, Missing, Reordered, Anchor }

/// <summary>One thing found wrong.</summary>
/// <param name="Chain">The customer id; a pseudonym from an anchor where nothing else is left of the customer; <c>anchors</c> for an anchor.</param>
/// <param name="Sequence">The entry, or the anchor's number.</param>
/// <param name="Fault">What kind.</param>
/// <param name="Detail">In words.</param>
public sealed record AuditFinding(string Chain, long Sequence, AuditFault Fault, string Detail);

/// <summary>An entry's row as stored.</summary>
/// <param name="RowKey">Its place.</param>
/// <param name="Link">See <see cref="AuditLink"/>.</param>
/// <param name="Data">The sealed content; null once the customer is erased.</param>
public readonly record struct StoredEntry(string RowKey, byte[]? Link, byte[]? Data);

/// <summary>Where a chain stood by an anchor.</summary>
public readonly record struct Witness(long Anchor, long Sequence, byte[] Hash);

/// <summary>
/// Verifies one chain from its end to its start, so that each entry is held against what its successor says of it: whose fault a broken
/// link is shows in whether the successor itself holds.
/// </summary>
public static class ChainWalk
{
    /// <param name="chain">The customer id, for findings.</param>
    /// <param name="partitionKey">The customer's.</param>
    /// <param name="head">Where the state row says the chain ends; null where the state row is gone.</param>
    /// <param name="entries">In the order of their row keys.</param>
    /// <param name="witnesses">What anchors saw.</param>
    /// <param name="key">The signing key.</param>
    /// <param name="findings">What is wrong is added here.</param>
    public static void Verify(
        string chain, string partitionKey, AuditHead? head, IReadOnlyList<StoredEntry> entries, IReadOnlyList<Witness> witnesses,
        ReadOnlySpan<byte> key, ICollection<AuditFinding> findings)
    {
        var hashes = new byte[entries.Count * AuditLink.HashSize];
        var erased = IsErased(partitionKey, entries, key);
        var expected = head is { Sequence: > 0 } ? head.Value.Hash : default(ReadOnlySpan<byte>);
        var next = head?.Sequence ?? (entries.Count == 0 ? 0 : Math.Max(0, Place(entries[^1].RowKey)));
        if (head is null && (entries.Count > 0 || witnesses.Count > 0))
            findings.Add(new(chain, next, AuditFault.Missing, "the state row that says where the chain ends"));

        for (var i = entries.Count - 1; i >= 0; i--)
        {
            var place = Place(entries[i].RowKey);
            ReadOnlySpan<byte> link = entries[i].Link;
            if (place > next || place < 1)
            {
                findings.Add(new(chain, place, AuditFault.Altered, "stands behind the end of the chain"));
                continue;
            }

            if (place < next)
            {
                AddMissing(chain, place + 1, next, findings);
                expected = default;
            }

            next = place - 1;
            var hash = hashes.AsSpan(i * AuditLink.HashSize, AuditLink.HashSize);
            if (!AuditLink.IsOne(link))
            {
                findings.Add(new(chain, place, AuditFault.Altered, "is not an audit link"));
                expected = default;
                continue;
            }

            AuditLink.Hash(link, partitionKey, hash);
            var wrong = Wrong(link, hash, expected, entries[i].Data, erased, isLast: i == entries.Count - 1, key);
            if (AuditLink.Sequence(link) is var own && own != place)
                findings.Add(new(chain, place, AuditFault.Reordered, string.Create(CultureInfo.InvariantCulture, $"in its place stands entry {own}")));
            else if (wrong is not null)
                findings.Add(new(chain, place, AuditFault.Altered, wrong));

            expected = own == place && wrong is null ? AuditLink.Previous(link) : default;
            if (place == 1 && !expected.IsEmpty && expected.ContainsAnyExcept((byte)0))
                findings.Add(new(chain, place, AuditFault.Altered, "is the first, but follows another"));
        }

        if (next > 0)
            AddMissing(chain, 1, next, findings);
        foreach (var witness in witnesses)
            Check(chain, witness, entries, hashes, findings);
    }

    private static string? Wrong(
        ReadOnlySpan<byte> link, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> expected, byte[]? data, bool erased, bool isLast, ReadOnlySpan<byte> key)
    {
        if (!expected.IsEmpty && !hash.SequenceEqual(expected))
            return isLast ? "is not what the state row ends with" : "is not what its successor follows";

        if (AuditLink.IsSigned(link) && !AuditLink.HasSignature(link, hash, key))
            return "its signature does not hold";

        if (expected.IsEmpty && !AuditLink.IsSigned(link))
            return "nothing that holds follows it, and it is not signed";

        if (data is null)
            return AuditLink.IsErasure(link) || erased ? null : "its content is gone, and the customer is not erased";

        return AuditLink.Binds(link, data) ? null : "its content is not what was recorded";
    }

    /// <summary>Whether the last entry is a signed erasure: only then may contents be gone.</summary>
    private static bool IsErased(string partitionKey, IReadOnlyList<StoredEntry> entries, ReadOnlySpan<byte> key)
    {
        if (entries.Count == 0 || entries[^1].Link is not { } link || !AuditLink.IsOne(link) || !AuditLink.IsErasure(link) || !AuditLink.IsSigned(link))
            return false;

        Span<byte> hash = stackalloc byte[AuditLink.HashSize];
        AuditLink.Hash(link, partitionKey, hash);
        return AuditLink.HasSignature(link, hash, key);
    }

    private static void Check(string chain, Witness witness, IReadOnlyList<StoredEntry> entries, byte[] hashes, ICollection<AuditFinding> findings)
    {
        // Rows without a gap stand at their own number; with a gap the search finds them.
        var at = (int)Math.Min(witness.Sequence - 1, entries.Count - 1);
        while (at >= 0 && Place(entries[at].RowKey) > witness.Sequence)
            at--;
        if (at < 0 || Place(entries[at].RowKey) != witness.Sequence)
        {
            findings.Add(new(chain, witness.Sequence, AuditFault.Missing, string.Create(CultureInfo.InvariantCulture, $"anchor {witness.Anchor} saw it")));
        }
        else if (!hashes.AsSpan(at * AuditLink.HashSize, AuditLink.HashSize).SequenceEqual(witness.Hash))
        {
            findings.Add(new(chain, witness.Sequence, AuditFault.Altered, string.Create(CultureInfo.InvariantCulture, $"anchor {witness.Anchor} saw another")));
        }
    }

    private static void AddMissing(string chain, long from, long to, ICollection<AuditFinding> findings) =>
        findings.Add(new(chain, from, AuditFault.Missing, from == to ? "is not there" : string.Create(CultureInfo.InvariantCulture, $"entries {from} to {to} are not there")));

    /// <summary>The number in a row key; -1 where it is none.</summary>
    private static long Place(string rowKey) =>
        rowKey.StartsWith(CustomerRows.AuditPrefix, StringComparison.Ordinal)
        && long.TryParse(rowKey.AsSpan(CustomerRows.AuditPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var place)
        && rowKey == CustomerRows.Audit(place) ? place : -1;
}
