using System.Security.Cryptography;
using System.Text;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Tests.Customers;

public class KeysTests
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(MasterKeys.KeySize);

    [Fact]
    public void A_sealed_value_opens_only_with_its_key_in_its_place_and_unchanged()
    {
        var plain = Encoding.UTF8.GetBytes("salary 3100.00");
        var closed = Sealed.Close(Key, plain, "bank|ab|C-1", "profile");
        Assert.Equal(plain, Sealed.Open(Key, closed, "bank|ab|C-1", "profile"));

        Assert.ThrowsAny<CryptographicException>(() => Sealed.Open(RandomNumberGenerator.GetBytes(32), closed, "bank|ab|C-1", "profile"));
        Assert.ThrowsAny<CryptographicException>(() => Sealed.Open(Key, closed, "bank|ab|C-2", "profile"));
        Assert.ThrowsAny<CryptographicException>(() => Sealed.Open(Key, closed, "bank|ab|C-1", "contacts"));
        for (var i = 0; i < closed.Length; i++)
        {
            var changed = (byte[])closed.Clone();
            changed[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => Sealed.Open(Key, changed, "bank|ab|C-1", "profile"));
        }
    }

    [Fact]
    public void Sealing_twice_gives_different_bytes() =>
        Assert.NotEqual(Sealed.Close(Key, [1, 2, 3], "p", "r"), Sealed.Close(Key, [1, 2, 3], "p", "r"));

    [Fact]
    public void A_key_wrapped_before_a_rotation_opens_after_it()
    {
        var before = new MasterKeys(new Dictionary<int, byte[]> { [1] = Key }, 1);
        var wrapped = before.Wrap([7, 7, 7], "bank|ab|C-1");
        var after = new MasterKeys(new Dictionary<int, byte[]> { [1] = Key, [2] = RandomNumberGenerator.GetBytes(32) }, 2);

        Assert.Equal([7, 7, 7], after.Unwrap(wrapped, 1, "bank|ab|C-1"));
        Assert.Equal(before.Derive("card-tokens"), after.Derive("card-tokens"));
        var unknown = Assert.Throws<CryptographicException>(() => before.Unwrap(wrapped, 2, "bank|ab|C-1"));
        Assert.Contains("version 2", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_master_key_of_another_size_is_refused() =>
        Assert.Throws<ArgumentException>(() => new MasterKeys(new Dictionary<int, byte[]> { [1] = new byte[16] }, 1));
}
