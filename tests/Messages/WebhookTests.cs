using System.Net;
using System.Text;
using ServerlessCLM.Messages.Channels;

namespace ServerlessCLM.Tests.Messages;

/// <summary>The signature, by the published example of Standard Webhooks, and the addresses that are never called.</summary>
public class WebhookTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1614265330);
    private static readonly byte[] Secret = WebhookSignature.Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");

    [Fact]
    public void A_signature_is_that_of_the_published_example() =>
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookSignature.Sign([Secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", At, Body));

    [Fact]
    public void While_a_secret_is_being_changed_either_is_known()
    {
        var next = WebhookSignature.Secret("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
        var both = WebhookSignature.Sign([next, Secret], "id", At, Body);
        Assert.Null(Fault([Secret], both));
        Assert.Null(Fault([next], both));
        Assert.Null(Fault([Secret, next], WebhookSignature.Sign([Secret], "id", At, Body)));
        Assert.Equal(WebhookSignature.SignatureHeader, Fault([next], WebhookSignature.Sign([Secret], "id", At, Body))?.Field);
    }

    [Theory]
    [InlineData("")]
    [InlineData("v1,")]
    [InlineData("v1,AAAA")]
    [InlineData("v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    public void Whatever_is_no_signature_is_refused(string signature) => Assert.Equal(WebhookSignature.SignatureHeader, Fault([Secret], signature)?.Field);

    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_AAAA")]
    [InlineData("whsec_not base64")]
    public void Whatever_is_no_secret_is_refused(string text) => Assert.Throws<FormatException>(() => WebhookSignature.Secret(text));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("2002:a00:1::1")]
    [InlineData("fe80::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("ff02::1")]
    public void An_address_inside_a_network_is_not_public(string address) => Assert.False(PublicAddresses.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2a00:1450:4001:80b::200e")]
    public void Any_other_is(string address) => Assert.True(PublicAddresses.IsPublic(IPAddress.Parse(address)));

    private static Rejection? Fault(IReadOnlyList<byte[]> secrets, string signature) =>
        WebhookSignature.Fault(secrets, "id", WebhookSignature.Seconds(At), signature, Body, At);
}
