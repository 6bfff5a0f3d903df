using System.Buffers;
using System.Buffers.Binary;
using ServerlessCLM.Customers;
using ServerlessCLM.Features;

namespace ServerlessCLM.Scoring;

/// <summary>What the state row holds: what has been applied, the feature block, and how far silence has been looked into.</summary>
public sealed class CustomerState
{
    private const byte Version = 3, VersionWithoutHistory = 2, VersionWithoutScores = 1;
    private const int HeaderSize = 1 + 8;

    public AppliedEvents Applied { get; } = new();

    public FeatureState Features { get; } = new();

    /// <summary>What models have said of the customer.</summary>
    public ScoreMemory Scores { get; } = new();

    /// <summary>Scores as they stood in the last months.</summary>
    public ScoreHistory History { get; } = new();

    /// <summary>The last instant at which silence was looked into, in unix milliseconds; 0 for never.</summary>
    public long WokenUntil { get; set; }

    public void Clear()
    {
        Applied.Clear();
        Features.Clear();
        Scores.Clear();
        History.Clear();
        WokenUntil = 0;
    }

    public byte[] ToBlock()
    {
        var rented = ArrayPool<byte>.Shared.Rent(HeaderSize + ScoreMemory.MaxSize + ScoreHistory.MaxSize + Applied.Size + FeatureState.MaxStoredSize);
        try
        {
            rented[0] = Version;
            BinaryPrimitives.WriteInt64LittleEndian(rented.AsSpan(1), WokenUntil);
            var at = HeaderSize;
            at += Scores.Write(rented.AsSpan(at));
            at += History.Write(rented.AsSpan(at));
            at += Applied.Write(rented.AsSpan(at));
            at += Features.Write(rented.AsSpan(at));
            return rented.AsSpan(0, at).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Reads a block; an empty one is a new customer.</summary>
    /// <exception cref="InvalidDataException">The block is cut short or of another version.</exception>
    public void Read(ReadOnlySpan<byte> source)
    {
        Clear();
        if (source.IsEmpty)
            return;

        if (source.Length < HeaderSize)
            throw new InvalidDataException("customer state: the block is cut short");

        if (source[0] is not (Version or VersionWithoutHistory or VersionWithoutScores))
            throw new InvalidDataException($"customer state: version {source[0]} is not {Version}");

        var version = source[0];
        WokenUntil = BinaryPrimitives.ReadInt64LittleEndian(source[1..]);
        source = source[HeaderSize..];
        if (version > VersionWithoutScores)
            source = source[Scores.Read(source)..];
        if (version > VersionWithoutHistory)
            source = source[History.Read(source)..];
        Features.Read(source[Applied.Read(source)..]);
    }
}
