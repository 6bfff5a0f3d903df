using System.Buffers.Binary;
using ServerlessCLM.Models;

namespace ServerlessCLM.Scoring;

/// <summary>What models have said of a customer, so that none speaks twice of one crossing.</summary>
public sealed class ScoreMemory
{
    /// <summary>Bytes that <see cref="Write"/> needs at the most.</summary>
    public const int MaxSize = HeaderSize + (MaxRaised * sizeof(uint));

    /// <summary>A model that is gone leaves its mark until the next crossings push it out.</summary>
    private const int MaxRaised = 2 * ModelSet.MaxAlerting;

    private const int HeaderSize = 1 + (2 * sizeof(ushort));

    private readonly uint[] _raised = new uint[MaxRaised];
    private int _count;

    /// <summary>Months since 1970 of the latest prediction kept, and the latest day of silence on which the customer was scored.</summary>
    public ushort PredictedMonth, ReviewedDay;

    public bool IsRaised(uint model) => _raised.AsSpan(0, _count).Contains(model);

    /// <summary>Takes note of a crossing: upwards or back.</summary>
    public void Set(uint model, bool raised)
    {
        // Ascending: which of two models crossed first leaves no trace.
        var at = _raised.AsSpan(0, _count).BinarySearch(model);
        if (raised && at < 0)
        {
            if (_count == MaxRaised)
                RemoveAt(0);
            at = ~_raised.AsSpan(0, _count).BinarySearch(model);
            _raised.AsSpan(at.._count).CopyTo(_raised.AsSpan(at + 1));
            (_raised[at], _count) = (model, _count + 1);
        }
        else if (!raised && at >= 0)
            RemoveAt(at);
    }

    public void Clear() => (_count, PredictedMonth, ReviewedDay) = (0, 0, 0);

    public int Write(Span<byte> destination)
    {
        destination[0] = (byte)_count;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], PredictedMonth);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[3..], ReviewedDay);
        var at = HeaderSize;
        for (var i = 0; i < _count; i++, at += sizeof(uint))
            BinaryPrimitives.WriteUInt32LittleEndian(destination[at..], _raised[i]);
        return at;
    }

    /// <returns>Bytes read.</returns>
    /// <exception cref="InvalidDataException">The bytes are not what <see cref="Write"/> writes.</exception>
    public int Read(ReadOnlySpan<byte> source)
    {
        Clear();
        if (source.Length < HeaderSize || source[0] > MaxRaised || source.Length < HeaderSize + (source[0] * sizeof(uint)))
            throw new InvalidDataException("score memory: the block is cut short");

        PredictedMonth = BinaryPrimitives.ReadUInt16LittleEndian(source[1..]);
        ReviewedDay = BinaryPrimitives.ReadUInt16LittleEndian(source[3..]);
        for (_count = 0; _count < source[0]; _count++)
            _raised[_count] = BinaryPrimitives.ReadUInt32LittleEndian(source[(HeaderSize + (_count * sizeof(uint)))..]);
        return HeaderSize + (_count * sizeof(uint));
    }

    private void RemoveAt(int place)
    {
        _raised.AsSpan((place + 1).._count).CopyTo(_raised.AsSpan(place));
        _count--;
    }
}
