using System.Runtime.CompilerServices;

namespace ServerlessCLM.Transactions;

/// <summary>The event types of the contract.</summary>
public enum EventType : byte { Transaction, Outcome, Profile, Lifecycle }

/// <summary>What every event carries, whatever its type: who it is about, when, and where its data stand.</summary>
/// <remarks>Id and source are spans of the source bytes as they were written, escapes included.</remarks>
public struct CloudEventEnvelope
{
    /// <summary>Digest of the CloudEvents pair: source, a zero byte, id, without escapes.</summary>
    public ulong EventDigest;

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    public long Time;

    /// <summary>Minutes east of UTC, from the time's offset.</summary>
    public short OffsetMinutes;

    public EventType Type;

    public TextSpan Id;

    public TextSpan Source;

    /// <summary>The customer id, never escaped.</summary>
    public TextSpan Subject;

    /// <summary>The JSON object under <c>data</c>, braces included.</summary>
    public TextSpan Data;

    /// <summary>Largest event accepted: what one Event Hubs event may hold.</summary>
    public const int MaximumBytes = 1_048_576;

    /// <summary>Longest text accepted in a field, in UTF-8 bytes.</summary>
    public const int MaximumTextBytes = 512;

    /// <summary>The type's name in the contract, such as <c>clm.outcome.v1</c>.</summary>
    public static string NameOf(EventType type) => type switch
    {
        EventType.Transaction => "clm.transaction.v1",
        EventType.Outcome => "clm.outcome.v1",
        EventType.Profile => "clm.profile.v1",
        EventType.Lifecycle => "clm.lifecycle.v1",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not an event type"),
    };

    /// <summary>Reads the envelope of one event of any known type; <c>data</c> must be an object and is checked as JSON only.</summary>
    /// <param name="now">Milliseconds since 1970-01-01 UTC; an event may lie at most 24 hours after it.</param>
    [SkipLocalsInit]
    public static bool TryRead(ReadOnlySpan<byte> utf8, long now, out CloudEventEnvelope envelope, out Rejection rejection)
    {
        Span<byte> scratch = stackalloc byte[EventReader.ScratchBytes];
        var reader = new EventReader(utf8, scratch, now);
        envelope = default;
        Payment unused = default;
        if (reader.TryReadEvent(ref envelope, ref unused, intoPayment: false))
        {
            rejection = default;
            return true;
        }

        envelope = default;
        rejection = reader.Diagnose(anyType: true);
        return false;
    }
}
