using System.Buffers;
using System.Globalization;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Cli.Replay;

/// <summary>
/// The payments to replay in order of time, once or many times under fresh customer ids, dealt to lanes by customer: a lane
/// keeps each of its customers' order.
/// </summary>
internal sealed class ReplayPlan
{
    private readonly PaymentRecord[] _payments;
    private readonly int[] _customers;

    public ReplayPlan(IEnumerable<PaymentRecord> payments, int repeat)
    {
        _payments = [.. payments.OrderBy(payment => payment.Time)];
        Repeat = repeat;
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        _customers = new int[_payments.Length];
        for (var i = 0; i < _payments.Length; i++)
        {
            if (!places.TryGetValue(_payments[i].Customer, out var place))
                places[_payments[i].Customer] = place = places.Count;
            _customers[i] = place;
        }

        Customers = places.Count * repeat;
    }

    public int Repeat { get; }

    public int Customers { get; }

    public long Events => (long)_payments.Length * Repeat;

    /// <summary>Writes a lane's events one after the other; each call of <paramref name="take"/> gets one CloudEvent.</summary>
    /// <param name="lane">From 0.</param>
    /// <param name="lanes">How many there are.</param>
    /// <param name="take">Gets the buffer with one event; the buffer is used again.</param>
    /// <param name="cancellation">Stops between events.</param>
    public void Run(int lane, int lanes, Action<ArrayBufferWriter<byte>> take, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        foreach (var record in Lane(lane, lanes))
        {
            cancellation.ThrowIfCancellationRequested();
            buffer.ResetWrittenCount();
            CloudEventWriter.Write(record, buffer);
            take(buffer);
        }
    }

    /// <summary>A lane's events as separate bodies, in chunks.</summary>
    public IEnumerable<List<ReadOnlyMemory<byte>>> Chunks(int lane, int lanes, int size)
    {
        var chunk = new List<ReadOnlyMemory<byte>>(size);
        var buffer = new ArrayBufferWriter<byte>(size * 400);
        var written = 0;
        foreach (var record in Lane(lane, lanes))
        {
            CloudEventWriter.Write(record, buffer);
            // The writer may have grown into new memory; what was handed out before stays as it was.
            chunk.Add(buffer.WrittenMemory[written..]);
            written = buffer.WrittenCount;
            if (chunk.Count < size)
                continue;

            yield return chunk;
            (chunk, buffer, written) = (new(size), new(size * 400), 0);
        }

        if (chunk.Count > 0)
            yield return chunk;
    }

    private IEnumerable<PaymentRecord> Lane(int lane, int lanes)
    {
        var names = new string[_payments.Length == 0 ? 0 : _customers.Max() + 1, Repeat];
        for (var i = 0; i < _payments.Length; i++)
        {
            for (var repeat = 0; repeat < Repeat; repeat++)
            {
                if ((_customers[i] + repeat) % lanes != lane)
                    continue;

                var payment = _payments[i];
                if (Repeat == 1)
                    yield return payment;
                else
                {
                    var name = names[_customers[i], repeat] ??= string.Create(CultureInfo.InvariantCulture, $"{payment.Customer}-r{repeat}");
                    yield return payment with { Customer = name, Id = string.Create(CultureInfo.InvariantCulture, $"{payment.Id}-r{repeat}") };
                }
            }
        }
    }
}
