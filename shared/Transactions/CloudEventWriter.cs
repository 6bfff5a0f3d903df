using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ServerlessCLM.Transactions;

/// <summary>Writes payments as CloudEvents 1.0 JSON, the form that <see cref="PaymentParser"/> reads.</summary>
public static class CloudEventWriter
{
    private static readonly JsonWriterOptions options = new()
    {
        // The events are JSON documents of their own, never part of a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static Utf8JsonWriter? reused;

    /// <summary>Appends one event to the buffer. Absent members are left out.</summary>
    public static void Write(in PaymentRecord payment, IBufferWriter<byte> output)
    {
        var json = reused ??= new Utf8JsonWriter(output, options);
        json.Reset(output);
        json.WriteStartObject();
        json.WriteString("specversion"u8, "1.0"u8);
        json.WriteString("id"u8, payment.Id);
        json.WriteString("source"u8, payment.Source);
        json.WriteString("type"u8, "clm.transaction.v1"u8);
        json.WriteString("subject"u8, payment.Customer);
        if (payment.Time.Offset == TimeSpan.Zero)
            json.WriteString("time"u8, payment.Time.UtcDateTime);
        else
            json.WriteString("time"u8, payment.Time);
        json.WriteStartObject("data"u8);
        WriteData(payment, json);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
    }

    /// <summary>One event as an array of its own.</summary>
    public static byte[] ToBytes(in PaymentRecord payment)
    {
        var output = new ArrayBufferWriter<byte>(384);
        Write(payment, output);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteData(PaymentRecord payment, Utf8JsonWriter json)
    {
        json.WriteString("accountId"u8, payment.AccountId);
        json.WriteNumber("amount"u8, payment.Amount);
        json.WriteString("currency"u8, payment.Currency);
        json.WriteString("kind"u8, NameOf(payment.Kind));
        json.WriteString("status"u8, NameOf(payment.Status));
        WriteText(json, "reason"u8, payment.Reason);
        WriteText(json, "mcc"u8, payment.Mcc);
        WriteText(json, "merchant"u8, payment.Merchant);
        WriteText(json, "country"u8, payment.Country);
        if (payment.BalanceAfter is { } balance)
            json.WriteNumber("balanceAfter"u8, balance);
        if (payment.CreditLimit is { } limit)
            json.WriteNumber("creditLimit"u8, limit);
        if (payment.DueDate is { } due)
            json.WriteString("dueDate"u8, due.ToString("O", CultureInfo.InvariantCulture));
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }

    /// <summary>The kind's word in the contract.</summary>
    public static string NameOf(PaymentKind kind) => kind switch
    {
        PaymentKind.Card => "card",
        PaymentKind.Transfer => "transfer",
        PaymentKind.DirectDebit => "directDebit",
        PaymentKind.StandingOrder => "standingOrder",
        PaymentKind.Salary => "salary",
        PaymentKind.Cash => "cash",
        PaymentKind.Fee => "fee",
        PaymentKind.Interest => "interest",
        PaymentKind.LoanPayment => "loanPayment",
        PaymentKind.Refund => "refund",
        PaymentKind.Other => "other",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a payment kind"),
    };

    /// <summary>The status's word in the contract.</summary>
    public static string NameOf(PaymentStatus status) => status switch
    {
        PaymentStatus.Booked => "booked",
        PaymentStatus.Pending => "pending",
        PaymentStatus.Declined => "declined",
        PaymentStatus.Returned => "returned",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "not a payment status"),
    };
}
