using FsCheck;
using FsCheck.Fluent;
using ServerlessCLM.Customers;

namespace ServerlessCLM.Tests.Customers;

public class AppliedEventsTests
{
    private static readonly ulong Stream = AppliedEvents.Stream("transactions", "0", "0");

    [Fact]
    public void An_event_delivered_again_is_known_by_its_sequence_number()
    {
        var applied = new AppliedEvents();
        Assert.Equal(Delivery.First, applied.Accept(Stream, 7, 1, 0));
        Assert.Equal(Delivery.Redelivered, applied.Accept(Stream, 7, 1, 0));
        Assert.Equal(Delivery.Redelivered, applied.Accept(Stream, 6, 2, 0));
        Assert.Equal(Delivery.First, applied.Accept(Stream, 8, 2, 0));
    }

    [Fact]
    public void An_event_sent_twice_is_known_by_its_id()
    {
        var applied = new AppliedEvents();
        Assert.Equal(Delivery.First, applied.Accept(Stream, 1, 99, 0));
        Assert.Equal(Delivery.Repeated, applied.Accept(Stream, 2, 99, 0));
        Assert.Equal(Delivery.Redelivered, applied.Accept(Stream, 2, 99, 0));
    }

    [Fact]
    public void A_new_epoch_starts_the_sequence_numbers_anew()
    {
        var applied = new AppliedEvents();
        applied.Accept(Stream, 1_000_000, 1, 0);
        Assert.Equal(Delivery.First, applied.Accept(AppliedEvents.Stream("transactions", "0", "1"), 0, 2, 0));
    }

    [Fact]
    public void A_whole_request_sent_again_is_recognised()
    {
        var applied = new AppliedEvents();
        for (var i = 0; i < 1000; i++)
            Assert.Equal(Delivery.First, applied.Accept(Stream, i, (ulong)i + 1, 60_000));

        for (var i = 0; i < 1000; i++)
            Assert.Equal(Delivery.Repeated, applied.Accept(Stream, 1000 + i, (ulong)i + 1, 120_000));
    }

    [Fact]
    public void A_customer_at_rest_is_small_again_after_a_burst()
    {
        var applied = new AppliedEvents();
        for (var i = 0; i < 1000; i++)
            applied.Accept(Stream, i, (ulong)i + 1, 0);
        Assert.True(applied.Size > 10_000);

        applied.Accept(Stream, 2000, 5000, 24 * 3_600_000L);
        Assert.True(applied.Size <= 3 + 16 + (AppliedEvents.Quiet * 12), $"{applied.Size} bytes");
    }

    [Fact]
    public void More_than_the_capacity_forgets_the_oldest_first()
    {
        var applied = new AppliedEvents();
        for (var i = 0; i < AppliedEvents.Capacity + 10; i++)
            applied.Accept(Stream, i, (ulong)i + 1, 0);

        Assert.Equal(Delivery.First, applied.Accept(Stream, 1_000_000, 1, 0));
        Assert.Equal(Delivery.Repeated, applied.Accept(Stream, 1_000_001, AppliedEvents.Capacity + 10, 0));
    }

    [Fact]
    public void A_ninth_stream_partition_takes_the_place_of_the_one_used_longest_ago()
    {
        var applied = new AppliedEvents();
        for (var i = 0; i < 9; i++)
            applied.Accept(AppliedEvents.Stream("hub", $"{i}", "0"), 5, (ulong)i + 1, 0);

        Assert.Equal(Delivery.Redelivered, applied.Accept(AppliedEvents.Stream("hub", "8", "0"), 5, 100, 0));
        Assert.Equal(Delivery.First, applied.Accept(AppliedEvents.Stream("hub", "0", "0"), 5, 101, 0));
    }

    [Fact]
    public void Equals_a_naive_model_over_any_deliveries_with_a_round_trip_after_each()
    {
        var deliveries = Gen.Choose(0, 400).SelectMany(sequence => Gen.Choose(1, 60), (sequence, id) => (Sequence: (long)sequence, Id: (ulong)id))
            .SelectMany(item => Gen.Choose(0, 40), (item, minute) => (item.Sequence, item.Id, Minute: (long)minute)).ArrayOf().ToArbitrary();
        Prop.ForAll(deliveries, items =>
        {
            var applied = new AppliedEvents();
            var mark = long.MinValue;
            var known = new List<(ulong Id, uint Minute)>();
            foreach (var (sequence, id, minute) in items)
            {
                var expected = sequence <= mark ? Delivery.Redelivered : known.Exists(entry => entry.Id == id) ? Delivery.Repeated : Delivery.First;
                mark = Math.Max(mark, sequence);
                if (expected == Delivery.First)
                {
                    while (known.Count >= AppliedEvents.Quiet && known[0].Minute + AppliedEvents.BurstMinutes < minute)
                        known.RemoveAt(0);
                    known.Add((id, (uint)minute));
                }

                Assert.Equal(expected, applied.Accept(Stream, sequence, id, minute * 60_000));
                applied = RoundTrip(applied);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_block_cut_short_is_refused()
    {
        var applied = new AppliedEvents();
        applied.Accept(Stream, 1, 1, 0);
        var block = new byte[applied.Size];
        applied.Write(block);
        for (var length = 0; length < block.Length; length++)
            Assert.Throws<InvalidDataException>(() => new AppliedEvents().Read(block.AsSpan(0, length)));
    }

    private static AppliedEvents RoundTrip(AppliedEvents applied)
    {
        var block = new byte[applied.Size];
        Assert.Equal(block.Length, applied.Write(block));
        var copy = new AppliedEvents();
        Assert.Equal(block.Length, copy.Read(block));
        var again = new byte[copy.Size];
        copy.Write(again);
        Assert.Equal(block, again);
        return copy;
    }
}
