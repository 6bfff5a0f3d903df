namespace ServerlessCLM.Features;

public sealed partial class FeatureState
{
    /// <summary>Version of the stored form that this code writes and reads.</summary>
    public const byte StoredVersion = 1;

    /// <summary>No state is stored in more bytes than this: the size of a buffer for <see cref="Write"/>.</summary>
    public const int MaxStoredSize = 1536 + Horizon * DayCodec.MaxSize;

    /// <summary>A customer with ordinary traffic on every one of ninety days is stored in at most this many bytes.</summary>
    public const int OrdinaryStoredSize = 1550;

    /// <summary>Replaces this state by a stored one.</summary>
    /// <param name="stored">Exactly the bytes that <see cref="Write"/> wrote; empty for a new customer.</param>
    /// <exception cref="InvalidDataException">The bytes are no stored state of this version; says why. The state is then empty.</exception>
    public void Read(ReadOnlySpan<byte> stored)
    {
        Clear();
        if (stored.IsEmpty)
            return;

        try
        {
            ReadFrom(stored);
        }
        catch (InvalidDataException)
        {
            Clear();
            throw;
        }
    }

    /// <summary>Writes the state. The same calls of <see cref="Apply"/> give the same bytes.</summary>
    /// <param name="destination"><see cref="MaxStoredSize"/> bytes are always enough.</param>
    /// <returns>The number of bytes written.</returns>
    public int Write(Span<byte> destination)
    {
        var writer = new StateWriter(destination);
        writer.Byte(StoredVersion);
        LifetimeCodec.Write(ref writer, ref _life);
        writer.Byte((byte)_count);
        var none = default(DayRecord);
        ref var previous = ref none;
        for (var index = 0; index < _count; index++)
        {
            ref var record = ref At(index);
            DayCodec.Write(ref writer, record, previous);
            previous = ref record;
        }

        return writer.Length;
    }

    private void ReadFrom(ReadOnlySpan<byte> stored)
    {
        var reader = new StateReader(stored);
        var version = reader.Byte();
        if (version != StoredVersion)
            throw new InvalidDataException($"Stored feature state: version {version}; this code reads version {StoredVersion}.");

        LifetimeCodec.Read(ref reader, ref _life);
        int count = reader.Byte();
        if (count > Horizon)
            throw new InvalidDataException($"Stored feature state: {count} days; at most {Horizon} are possible.");

        while (_days.Length < count)
            Grow();

        var none = default(DayRecord);
        ref var previous = ref none;
        for (; _count < count; _count++)
        {
            ref var record = ref At(_count);
            DayCodec.Read(ref reader, ref record, previous);
            previous = ref record;
        }

        if (count > 0 && (previous.Day > _life.NewestDay || At(0).Day <= _life.NewestDay - Horizon))
            throw new InvalidDataException("Stored feature state: a day lies outside the ninety that it can hold.");

        if (reader.Rest != 0)
            throw new InvalidDataException($"Stored feature state: {reader.Rest} bytes follow its end; it has {stored.Length - reader.Rest}.");
    }
}
