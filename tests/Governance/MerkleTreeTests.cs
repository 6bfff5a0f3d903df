using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Tests.Governance;

public class MerkleTreeTests
{
    /// <summary>The leaves and roots that Certificate Transparency's reference implementation publishes.</summary>
    private static readonly string[] Leaves =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void Roots_are_those_of_certificate_transparency(int count, string root) =>
        Assert.Equal(root, Convert.ToHexStringLower(MerkleTree.Root([.. Leaves.Take(count).Select(Convert.FromHexString)])));

    [Fact]
    public void Any_number_of_leaves_gives_the_root_that_RFC_9162_defines() => Prop.ForAll(
        Gen.Choose(0, 70).ToArbitrary(), count =>
        {
            byte[][] leaves = [.. Enumerable.Range(0, count).Select(i => new[] { (byte)i })];
            return MerkleTree.Root(leaves).AsSpan().SequenceEqual(Defined(leaves));
        }).QuickCheckThrowOnFailure();

    /// <summary>The definition as the standard writes it: split at the largest power of two below the number of leaves.</summary>
    private static byte[] Defined(byte[][] leaves)
    {
        if (leaves.Length == 0)
            return SHA256.HashData([]);

        if (leaves.Length == 1)
            return SHA256.HashData([0, .. leaves[0]]);

        var split = 1;
        while (split * 2 < leaves.Length)
            split *= 2;
        return SHA256.HashData([1, .. Defined(leaves[..split]), .. Defined(leaves[split..])]);
    }
}
