using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Messages.Channels;

namespace ServerlessCLM.Tests.Messages;

/// <summary>What receipts make of a delivery does not depend on their order, nor on how often they come.</summary>
public class MessageDeliveryTests
{
    private static readonly MessageDelivery Sent = new()
    {
        Message = new Dispatched("m-1", GatewayName.Email, "service", "Words."), Digest = "d", At = Product.Now, Status = DeliveryStatus.Accepted,
    };

    private static readonly Gen<Receipt[]> Receipts = Gen.ArrayOf(
        from kind in Gen.Elements(Enum.GetValues<ReceiptEvent>())
        from second in Gen.Choose(0, 5)
        select new Receipt($"w-{kind}-{second}", kind, Product.Now.AddSeconds(second), kind == ReceiptEvent.Replied ? "Yes" : null));

    [Fact]
    public void Receipts_end_the_same_in_any_order_and_however_often_they_are_told() => Prop.ForAll(
        (from told in Receipts from order in Gen.Shuffle(told) select (told, order)).ToArbitrary(),
        drawn =>
        {
            var (one, other) = (After(drawn.told), After([.. drawn.order, .. drawn.told, .. drawn.order]));
            return one.Status == other.Status && one.Receipts.OrderBy(receipt => receipt.Id).SequenceEqual(other.Receipts.OrderBy(receipt => receipt.Id));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_receipt_that_is_known_leaves_the_delivery_as_it_is() => Prop.ForAll(
        Receipts.Where(told => told.Length > 0).ToArbitrary(),
        told => told.All(receipt => After(told) is var known && ReferenceEquals(known.With(receipt), known))).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(DeliveryStatus.Cancelled)]
    [InlineData(DeliveryStatus.Expired)]
    [InlineData(DeliveryStatus.Rejected)]
    public void A_message_given_up_and_delivered_all_the_same_is_delivered(DeliveryStatus given) => Assert.Equal(
        DeliveryStatus.Delivered, (Sent with { Status = given }).With(new Receipt("w-1", ReceiptEvent.Delivered, Product.Now)).Status);

    private static MessageDelivery After(IEnumerable<Receipt> receipts) => receipts.Aggregate(Sent, (delivery, receipt) => delivery.With(receipt));
}
