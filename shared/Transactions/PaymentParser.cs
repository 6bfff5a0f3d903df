using System.Runtime.CompilerServices;

namespace ServerlessCLM.Transactions;

/// <summary>Reads payment events (CloudEvents 1.0 JSON, type <c>clm.transaction.v1</c>) straight from UTF-8.</summary>
/// <remarks>
/// One forward pass that checks the whole JSON grammar and allocates nothing. Members may come in any order; attributes and
/// data members that the contract does not know are ignored; those it knows may appear once. The contract is in
/// docs/data-contracts.md.
/// </remarks>
public static class PaymentParser
{
    /// <summary>Reads one event.</summary>
    /// <param name="utf8">The event; <see cref="Payment.Subject"/> and <see cref="Payment.Id"/> point into it.</param>
    /// <param name="now">Milliseconds since 1970-01-01 UTC; an event may lie at most 24 hours after it.</param>
    /// <param name="payment">The payment, or the default value.</param>
    /// <param name="rejection">
    /// Why it was not taken: broken JSON before an unknown type, an unknown type before a bad field, and the first bad field.
    /// </param>
    [SkipLocalsInit]
    public static bool TryParse(ReadOnlySpan<byte> utf8, long now, out Payment payment, out Rejection rejection)
    {
        Span<byte> scratch = stackalloc byte[EventReader.ScratchBytes];
        var reader = new EventReader(utf8, scratch, now);
        CloudEventEnvelope envelope = default;
        payment = default;
        if (!reader.TryReadEvent(ref envelope, ref payment, intoPayment: true))
        {
            payment = default;
            rejection = reader.Diagnose(anyType: false);
            return false;
        }

        payment.EventDigest = envelope.EventDigest;
        payment.Time = envelope.Time;
        payment.OffsetMinutes = envelope.OffsetMinutes;
        payment.Subject = envelope.Subject;
        payment.Id = envelope.Id;
        payment.Group = MerchantCategories.GroupOf(payment.MerchantCategory, payment.Kind);
        rejection = default;
        return true;
    }
}
