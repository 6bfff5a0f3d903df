using System.Text;

namespace ServerlessCLM.Tests;

public class Digest64Tests
{
    // Vectors of the reference implementation (xxhsum -H1).
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void Equals_the_reference(string text, ulong expected) =>
        Assert.Equal(expected, Digest64.Of(Encoding.UTF8.GetBytes(text)));
}
