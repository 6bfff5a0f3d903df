using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ServerlessCLM.Customers;

/// <summary>Whether an event from the stream is new to the customer.</summary>
public enum Delivery
{
    /// <summary>New: count it.</summary>
    First,

    /// <summary>Its sequence number has been applied before: the stream delivered it again.</summary>
    Redelivered,

    /// <summary>Its id has been applied under another sequence number: the producer sent it twice.</summary>
    Repeated,
}

/// <summary>
/// What has been applied to a customer: the highest sequence number per stream partition, and the digests of
/// recent event ids, so that events delivered or sent twice change nothing.
/// </summary>
/// <remarks>
/// The ring keeps the last <see cref="Quiet"/> ids, and beyond them every id enqueued within <see cref="BurstMinutes"/>
/// of the newest, up to <see cref="Capacity"/>: a producer that repeats a whole request is recognised, and a
/// customer at rest stays small. Only figures of the events themselves decide, so the bytes after a redelivery are
/// the bytes before it.
/// </remarks>
public sealed class AppliedEvents
{
    /// <summary>Ids kept for a customer at rest.</summary>
    public const int Quiet = 24;

    /// <summary>Ids kept at the most.</summary>
    public const int Capacity = 2048;

    /// <summary>How long a burst's ids are kept, in minutes of enqueued time.</summary>
    public const uint BurstMinutes = 15;

    /// <summary>Stream partitions remembered; a customer's events come from one partition of each stream.</summary>
    public const int MaxMarks = 8;

    private const int MarkSize = 16, IdSize = 12;

    private readonly (ulong Stream, long Sequence)[] _marks = new (ulong, long)[MaxMarks];
    private ulong[] _ids = new ulong[Quiet];
    private uint[] _minutes = new uint[Quiet];
    private int _markCount, _start, _count;

    /// <summary>Bytes that <see cref="Write"/> needs.</summary>
    public int Size => 3 + (_markCount * MarkSize) + (_count * IdSize);

    /// <summary>Digest of a stream partition. A new epoch starts its sequence numbers anew (a replaced event hub).</summary>
    public static ulong Stream(string hub, string partition, string epoch) => Digest64.Of($"{hub}\n{partition}\n{epoch}");

    /// <summary>Takes note of an event and says whether it is new.</summary>
    /// <param name="stream">From <see cref="Stream"/>.</param>
    /// <param name="sequence">Sequence number in the stream partition.</param>
    /// <param name="digest">Digest of the event's source and id.</param>
    /// <param name="enqueued">When the stream took it, in unix milliseconds.</param>
    public Delivery Accept(ulong stream, long sequence, ulong digest, long enqueued)
    {
        if (!Pass(stream, sequence))
            return Delivery.Redelivered;

        if (Contains(digest))
            return Delivery.Repeated;

        Add(digest, (uint)(enqueued / 60_000));
        return Delivery.First;
    }

    /// <summary>Takes note that an event was passed over. Its id stays new: corrected or not, it may be sent again.</summary>
    /// <returns>False where its sequence number has been dealt with before.</returns>
    public bool Pass(ulong stream, long sequence)
    {
        var mark = Mark(stream);
        if (sequence <= _marks[mark].Sequence)
            return false;

        _marks[mark].Sequence = sequence;
        return true;
    }

    public void Clear() => (_markCount, _start, _count) = (0, 0, 0);

    public int Write(Span<byte> destination)
    {
        destination[0] = (byte)_markCount;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], (ushort)_count);
        var at = 3;
        for (var i = 0; i < _markCount; i++, at += MarkSize)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination[at..], _marks[i].Stream);
            BinaryPrimitives.WriteInt64LittleEndian(destination[(at + 8)..], _marks[i].Sequence);
        }

        for (var i = 0; i < _count; i++, at += IdSize)
        {
            var slot = Slot(i);
            BinaryPrimitives.WriteUInt64LittleEndian(destination[at..], _ids[slot]);
            BinaryPrimitives.WriteUInt32LittleEndian(destination[(at + 8)..], _minutes[slot]);
        }

        return at;
    }

    /// <returns>Bytes read.</returns>
    /// <exception cref="InvalidDataException">The bytes are not what <see cref="Write"/> writes.</exception>
    public int Read(ReadOnlySpan<byte> source)
    {
        Clear();
        if (source.Length < 3)
            throw new InvalidDataException("applied events: the block is cut short");

        var marks = source[0];
        var count = BinaryPrimitives.ReadUInt16LittleEndian(source[1..]);
        var size = 3 + (marks * MarkSize) + (count * IdSize);
        if (marks > MaxMarks || count > Capacity || source.Length < size)
            throw new InvalidDataException($"applied events: {marks} marks and {count} ids do not fit {source.Length} bytes");

        var at = 3;
        for (_markCount = 0; _markCount < marks; _markCount++, at += MarkSize)
        {
            _marks[_markCount] = (BinaryPrimitives.ReadUInt64LittleEndian(source[at..]),
                BinaryPrimitives.ReadInt64LittleEndian(source[(at + 8)..]));
        }

        Reserve(count);
        for (; _count < count; _count++, at += IdSize)
        {
            _ids[_count] = BinaryPrimitives.ReadUInt64LittleEndian(source[at..]);
            _minutes[_count] = BinaryPrimitives.ReadUInt32LittleEndian(source[(at + 8)..]);
        }

        return size;
    }

    /// <summary>The mark of a stream partition, most recently used first; the last gives way to a ninth.</summary>
    private int Mark(ulong stream)
    {
        var found = 0;
        while (found < _markCount && _marks[found].Stream != stream)
            found++;

        var entry = (stream, long.MinValue);
        if (found < _markCount)
            entry = _marks[found];
        else
            found = _markCount < MaxMarks ? _markCount++ : MaxMarks - 1;

        Array.Copy(_marks, 0, _marks, 1, found);
        _marks[0] = entry;
        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Slot(int index)
    {
        var slot = _start + index;
        return slot < _ids.Length ? slot : slot - _ids.Length;
    }

    private bool Contains(ulong digest)
    {
        var first = Math.Min(_count, _ids.Length - _start);
        return _ids.AsSpan(_start, first).Contains(digest) || _ids.AsSpan(0, _count - first).Contains(digest);
    }

    private void Add(ulong digest, uint minute)
    {
        while (_count >= Capacity || (_count >= Quiet && _minutes[_start] + BurstMinutes < minute))
        {
            _start = Slot(1);
            _count--;
        }

        Reserve(_count + 1);
        var slot = Slot(_count++);
        _ids[slot] = digest;
        _minutes[slot] = minute;
    }

    private void Reserve(int count)
    {
        if (count <= _ids.Length)
            return;

        var size = Math.Min(Capacity, Math.Max(count, _ids.Length * 2));
        var ids = new ulong[size];
        var minutes = new uint[size];
        for (var i = 0; i < _count; i++)
            (ids[i], minutes[i]) = (_ids[Slot(i)], _minutes[Slot(i)]);

        (_ids, _minutes, _start) = (ids, minutes, 0);
    }
}
