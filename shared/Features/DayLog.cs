using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace ServerlessCLM.Features;

/// <summary>What the stored form of a day record is written against: the day before it in the log.</summary>
/// <param name="Day">Its day.</param>
/// <param name="Closing">The balance at its close, carried on by what came in and went out where none was given.</param>
/// <param name="Limit">The latest credit limit given with a balance.</param>
internal readonly record struct DayMark(int Day, long Closing, long Limit)
{
    public DayMark After(in DayRecord day) => day.HasBalance
        ? new DayMark(day.Day, day.Closing, day.Limit)
        : new DayMark(day.Day, Closing + day.Sums[(int)Sum.In] - day.Sums[(int)Sum.Out], Limit);
}

/// <summary>
/// The day records of a state: the newest one open, those before it sealed into bytes, as they are stored. Sealed bytes
/// are a queue: days are sealed at the back and expire at the front, so reading, applying in order and writing copies them
/// as they are. They are decoded when windows are asked for or a payment comes late, and the decoded records kept from then on.
/// </summary>
internal struct DayLog
{
    private const int LeastBytes = 512, LeastRecords = 16;

    private byte[] _bytes = [];
    private int _start, _end, _sealed;

    // What the first sealed day and the open day are written against.
    private DayMark _before, _last;
    private DayRecord _open;
    private bool _isOpen;

    // The sealed days once more, as a ring, while _decoded. While _changed they are newer than the bytes.
    private DayRecord[] _records = [];
    private int _head;
    private bool _decoded, _changed;

    public DayLog()
    {
    }

    public readonly int Count => _sealed + (_isOpen ? 1 : 0);

    public void Clear()
    {
        _start = _end = _sealed = _head = 0;
        _before = _last = default;
        _isOpen = _decoded = _changed = false;
    }

    /// <summary>Records by age: 0 is the oldest. <see cref="Decode"/> comes first.</summary>
    [UnscopedRef]
    public ref DayRecord At(int index)
    {
        if (index == _sealed)
            return ref _open;

        var records = _records;
        return ref records[(_head + index) & (records.Length - 1)];
    }

    /// <summary>The record of a day, new or not. Valid until the next call.</summary>
    [UnscopedRef]
    public ref DayRecord Place(int day)
    {
        if (_isOpen)
        {
            if (_open.Day == day)
                return ref _open;

            if (_open.Day > day)
                return ref PlaceLate(day);

            Seal();
        }

        _open = new DayRecord { Day = day, ClosingSecond = DayRecord.NoBalance };
        _isOpen = true;
        return ref _open;
    }

    /// <summary>Takes the oldest record out if its day is <paramref name="until"/> or before.</summary>
    public bool TryExpire(int until, out DayRecord expired)
    {
        if (_sealed > 0)
        {
            Encode();
            var reader = new StateReader(_bytes.AsSpan(_start, _end - _start));
            if (DayCodec.DayOf(reader, _before) <= until)
            {
                DayCodec.Read(ref reader, out expired, _before);
                _before = _before.After(expired);
                _start = _end - reader.Rest;
                _sealed--;
                _head++;
                return true;
            }
        }
        else if (_isOpen && _open.Day <= until)
        {
            expired = _open;
            _isOpen = false;
            _before = _last = _last.After(expired);
            return true;
        }

        expired = default;
        return false;
    }

    /// <summary>Makes every record readable by <see cref="At"/>.</summary>
    public void Decode()
    {
        if (_decoded)
            return;

        MakeRoomForRecords(_sealed);
        _head = 0;
        var reader = new StateReader(_bytes.AsSpan(_start, _end - _start));
        var mark = _before;
        for (var index = 0; index < _sealed; index++)
        {
            ref var record = ref _records[index];
            DayCodec.Read(ref reader, out record, mark);
            mark = mark.After(record);
        }

        if (reader.Rest != 0 || mark != _last)
            throw new InvalidDataException("Stored feature state: its days do not lead to the last one.");

        _decoded = true;
    }

    public void Write(ref StateWriter writer)
    {
        Encode();
        writer.Byte((byte)_sealed);
        writer.Byte(_isOpen ? (byte)1 : (byte)0);
        writer.UInt16((ushort)(_end - _start));
        writer.Bytes(_bytes.AsSpan(_start, _end - _start));
        WriteMark(ref writer, _before);
        WriteMark(ref writer, _last);
        if (_isOpen)
            DayCodec.Write(ref writer, _open, _last);
    }

    /// <summary>Reads into a cleared log.</summary>
    public void Read(ref StateReader reader)
    {
        _sealed = reader.Byte();
        _isOpen = reader.Byte() != 0;
        if (Count > FeatureState.Horizon)
            throw new InvalidDataException($"Stored feature state: {Count} days; at most {FeatureState.Horizon} are possible.");

        var bytes = reader.Bytes(reader.UInt16());
        MakeRoomForBytes(bytes.Length);
        bytes.CopyTo(_bytes);
        _end = bytes.Length;
        _before = ReadMark(ref reader);
        _last = ReadMark(ref reader);
        if (_isOpen)
            DayCodec.Read(ref reader, out _open, _last);
    }

    private static void WriteMark(ref StateWriter writer, in DayMark mark)
    {
        writer.UInt16((ushort)mark.Day);
        writer.Signed(mark.Closing);
        writer.Signed(mark.Limit);
    }

    private static DayMark ReadMark(ref StateReader reader) => new(reader.UInt16(), reader.Signed(), reader.Signed());

    private void Seal()
    {
        Encode();
        Append(_open);
        if (_decoded)
        {
            MakeRoomForRecords(_sealed + 1);
            _records[(_head + _sealed) & (_records.Length - 1)] = _open;
        }

        _sealed++;
    }

    private void Append(in DayRecord day)
    {
        MakeRoomForBytes(DayCodec.MaxSize);
        var writer = new StateWriter(_bytes.AsSpan(_end));
        DayCodec.Write(ref writer, day, _last);
        _end += writer.Length;
        _last = _last.After(day);
    }

    [UnscopedRef]
    private ref DayRecord PlaceLate(int day)
    {
        Decode();
        _changed = true;
        var index = _sealed - 1;
        while (index >= 0 && At(index).Day > day)
            index--;

        if (index >= 0 && At(index).Day == day)
            return ref At(index);

        MakeRoomForRecords(_sealed + 1);
        var place = index + 1;
        var moved = _sealed++;
        for (; moved > place; moved--)
            At(moved) = At(moved - 1);

        ref var record = ref At(place);
        record = new DayRecord { Day = day, ClosingSecond = DayRecord.NoBalance };
        return ref record;
    }

    /// <summary>Brings the bytes up to what a late payment changed.</summary>
    private void Encode()
    {
        if (!_changed)
            return;

        _changed = false;
        _start = _end = 0;
        _last = _before;
        for (var index = 0; index < _sealed; index++)
            Append(At(index));
    }

    private void MakeRoomForBytes(int more)
    {
        if (_end + more <= _bytes.Length)
            return;

        var length = _end - _start;
        var source = _bytes.AsSpan(_start, length);
        if (length + more > _bytes.Length)
            _bytes = new byte[Math.Max(LeastBytes, BitOperations.RoundUpToPowerOf2((uint)(length + more)))];

        source.CopyTo(_bytes);
        (_start, _end) = (0, length);
    }

    private void MakeRoomForRecords(int count)
    {
        if (count <= _records.Length)
            return;

        var larger = new DayRecord[Math.Max(LeastRecords, BitOperations.RoundUpToPowerOf2((uint)count))];
        for (var index = 0; _decoded && index < _sealed; index++)
            larger[index] = At(index);

        _records = larger;
        _head = 0;
    }
}
