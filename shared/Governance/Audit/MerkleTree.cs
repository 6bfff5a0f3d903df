using System.Security.Cryptography;

namespace ServerlessCLM.Governance;

/// <summary>The Merkle tree of RFC 9162, section 2.1: leaves and nodes are hashed under different prefixes, so that neither passes for the other.</summary>
public static class MerkleTree
{
    /// <summary>The root over the leaves in their order; that of no leaves is SHA-256 of nothing.</summary>
    public static byte[] Root(IReadOnlyList<byte[]> leaves)
    {
        if (leaves.Count == 0)
            return SHA256.HashData([]);

        var level = leaves.Select(leaf => SHA256.HashData([0, .. leaf])).ToArray();
        var count = level.Length;
        Span<byte> pair = stackalloc byte[1 + (2 * SHA256.HashSizeInBytes)];
        pair[0] = 1;
        while (count > 1)
        {
            var next = 0;
            for (var i = 0; i + 1 < count; i += 2, next++)
            {
                level[i].CopyTo(pair[1..]);
                level[i + 1].CopyTo(pair[(1 + SHA256.HashSizeInBytes)..]);
                SHA256.HashData(pair, level[next]);
            }

            // The odd one rises as it is: the split at the largest power of two below gives the same tree.
            if (count % 2 == 1)
                level[next++] = level[count - 1];
            count = next;
        }

        return level[0];
    }
}
