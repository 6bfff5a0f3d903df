using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ServerlessCLM.Emulator;

/// <summary>Writes fields for storage: a version byte first, then whole numbers of 8 bytes and texts in UTF-8, each with its length.</summary>
internal sealed class FieldWriter
{
    readonly ArrayBufferWriter<byte> buffer = new(256);

    public FieldWriter() => Byte(FieldReader.Version);

    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    public void Byte(byte value)
    {
        buffer.GetSpan(1)[0] = value;
        buffer.Advance(1);
    }

    public void Number(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
    }

    public void Small(int value)
    {
        var left = (uint)value;
        for (; left >= 0x80; left >>= 7)
            Byte((byte)(left | 0x80));
        Byte((byte)left);
    }

    public void Text(string? value)
    {
        if (value is null)
        {
            Small(0);
            return;
        }

        var size = Encoding.UTF8.GetByteCount(value);
        Small(size + 1);
        buffer.Advance(Encoding.UTF8.GetBytes(value, buffer.GetSpan(size)));
    }
}

/// <summary>Reads what <see cref="FieldWriter"/> wrote.</summary>
internal ref struct FieldReader
{
    public const byte Version = 1;

    readonly string owner;
    ReadOnlySpan<byte> left;

    /// <param name="data">What was stored.</param>
    /// <param name="owner">Whose it is, for errors.</param>
    /// <exception cref="InvalidDataException">Another version wrote it.</exception>
    public FieldReader(ReadOnlySpan<byte> data, string owner)
    {
        this.owner = owner;
        left = data;
        if (Byte() is var version and not Version)
            throw new InvalidDataException($"{owner} was stored in format {version}; this version reads format {Version}. Open it with the version that wrote it.");
    }

    public readonly bool AtEnd => left.IsEmpty;

    public byte Byte()
    {
        if (left.IsEmpty)
            throw Damaged();
        var value = left[0];
        left = left[1..];
        return value;
    }

    public long Number()
    {
        if (left.Length < 8)
            throw Damaged();
        var value = BinaryPrimitives.ReadInt64LittleEndian(left);
        left = left[8..];
        return value;
    }

    public int Small()
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var part = Byte();
            value |= (uint)(part & 0x7F) << shift;
            if (part < 0x80)
                return (int)value;
        }

        throw Damaged();
    }

    public string? Text()
    {
        var size = Small() - 1;
        if (size < 0)
            return size == -1 ? null : throw Damaged();
        if (size > left.Length)
            throw Damaged();
        var value = Encoding.UTF8.GetString(left[..size]);
        left = left[size..];
        return value;
    }

    public readonly InvalidDataException Damaged() => new($"{owner} is damaged: what is stored does not end where it should.");
}

/// <summary>Events as they are stored: the kind, which members follow, and these.</summary>
internal static class HistoryCodec
{
    [Flags]
    enum Present : byte
    {
        None = 0,
        Id = 1,
        Name = 2,
        Target = 4,
        Payload = 8,
        Ticks = 16,
        Place = 32,
    }

    public static void Write(FieldWriter writer, HistoryEvent item)
    {
        var present = (item.Id != 0 ? Present.Id : Present.None)
            | (item.Name is not null ? Present.Name : Present.None)
            | (item.Target is not null ? Present.Target : Present.None)
            | (item.Payload is not null ? Present.Payload : Present.None)
            | (item.Ticks != 0 ? Present.Ticks : Present.None)
            | (item.Sequence != 0 ? Present.Place : Present.None);
        writer.Byte((byte)item.Kind);
        writer.Byte((byte)present);
        if (present.HasFlag(Present.Id))
            writer.Small(item.Id);
        if (present.HasFlag(Present.Name))
            writer.Text(item.Name);
        if (present.HasFlag(Present.Target))
            writer.Text(item.Target);
        if (present.HasFlag(Present.Payload))
            writer.Text(item.Payload);
        if (present.HasFlag(Present.Ticks))
            writer.Number(item.Ticks);
        if (present.HasFlag(Present.Place))
        {
            writer.Number(item.Due);
            writer.Number(item.Sequence);
        }
    }

    public static FieldWriter Write(IEnumerable<HistoryEvent> items)
    {
        var writer = new FieldWriter();
        foreach (var item in items)
            Write(writer, item);
        return writer;
    }

    public static HistoryEvent Read(ref FieldReader reader)
    {
        var kind = (HistoryKind)reader.Byte();
        if (kind is < HistoryKind.TurnStarted or > HistoryKind.Terminated)
            throw reader.Damaged();
        var present = (Present)reader.Byte();
        return new(
            kind,
            present.HasFlag(Present.Id) ? reader.Small() : 0,
            present.HasFlag(Present.Name) ? reader.Text() : null,
            present.HasFlag(Present.Target) ? reader.Text() : null,
            present.HasFlag(Present.Payload) ? reader.Text() : null,
            present.HasFlag(Present.Ticks) ? reader.Number() : 0,
            present.HasFlag(Present.Place) ? reader.Number() : 0,
            present.HasFlag(Present.Place) ? reader.Number() : 0);
    }

    public static void ReadAll(ReadOnlySpan<byte> data, string owner, List<HistoryEvent> into)
    {
        var reader = new FieldReader(data, owner);
        while (!reader.AtEnd)
            into.Add(Read(ref reader));
    }
}
