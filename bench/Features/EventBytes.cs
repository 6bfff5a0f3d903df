using System.Buffers;
using System.Globalization;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Bench.Features;

/// <summary>A round of events as they come from the stream: UTF-8 in one buffer, written before the clock starts.</summary>
internal sealed class EventBytes(int events)
{
    // Groceries, dining, fuel, transport, travel, home and housing: the groups of the traffic.
    private static readonly string[] Categories = ["5411", "5812", "5541", "4111", "4511", "5200", "6513"];

    private readonly ArrayBufferWriter<byte> _bytes = new(events * 512);
    private readonly int[] _ends = new int[events];
    private readonly int[] _customers = new int[events];

    public ReadOnlySpan<byte> this[int index] => _bytes.WrittenSpan[(index == 0 ? 0 : _ends[index - 1]).._ends[index]];

    public int CustomerOf(int index) => _customers[index];

    public void Fill(Traffic traffic)
    {
        _bytes.ResetWrittenCount();
        for (var i = 0; i < _ends.Length; i++)
        {
            _customers[i] = traffic.Next(out var payment);
            CloudEventWriter.Write(Record(payment, _customers[i]), _bytes);
            _ends[i] = _bytes.WrittenCount;
        }
    }

    private static PaymentRecord Record(in Payment payment, int customer) => new()
    {
        Source = "/bank/core",
        Id = payment.EventDigest.ToString("x16", CultureInfo.InvariantCulture),
        Customer = string.Create(CultureInfo.InvariantCulture, $"c-{customer}"),
        Time = DateTimeOffset.FromUnixTimeMilliseconds(payment.Time),
        AccountId = "A-1",
        Amount = payment.Amount / (decimal)Payment.MoneyScale,
        Currency = "EUR",
        Kind = payment.Kind,
        Mcc = payment.Amount < 0 ? Categories[(int)payment.Group] : null,
        Merchant = string.Create(CultureInfo.InvariantCulture, $"Shop {payment.Merchant}"),
        Country = "DE",
        BalanceAfter = payment.BalanceAfter / (decimal)Payment.MoneyScale,
    };
}
