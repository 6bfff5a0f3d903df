using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Simulation;

/// <summary>Something that happens to a simulated customer. The events of one customer have ascending, distinct times.</summary>
/// <param name="Time">When, with the offset of the place.</param>
/// <param name="Customer">The customer's id.</param>
public abstract record SimulatedEvent(DateTimeOffset Time, string Customer);

/// <summary>A payment, to be sent with <see cref="CloudEventWriter"/>.</summary>
public sealed record SimulatedPayment(PaymentRecord Payment) : SimulatedEvent(Payment.Time, Payment.Customer);

/// <summary>What the bank tells about a customer beside payments: an event of type clm.profile.v1, clm.lifecycle.v1 or clm.outcome.v1.</summary>
/// <param name="Time">When.</param>
/// <param name="Customer">Whose.</param>
/// <param name="Source">CloudEvents source; with the id it identifies the event.</param>
/// <param name="Id">CloudEvents id.</param>
/// <param name="Type">clm.profile.v1, clm.lifecycle.v1 or clm.outcome.v1.</param>
/// <param name="Data">A merge patch of the profile; the lifecycle event's name and details; or the outcome.</param>
public sealed record SimulatedFact(DateTimeOffset Time, string Customer, string Source, string Id, string Type, JsonObject Data)
    : SimulatedEvent(Time, Customer)
{
    public const string Profile = "clm.profile.v1", Lifecycle = "clm.lifecycle.v1", Outcome = "clm.outcome.v1";

    private static readonly JsonWriterOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The fact as one CloudEvents 1.0 JSON object.</summary>
    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(output, options))
        {
            json.WriteStartObject();
            json.WriteString("specversion"u8, "1.0"u8);
            json.WriteString("id"u8, Id);
            json.WriteString("source"u8, Source);
            json.WriteString("type"u8, Type);
            json.WriteString("subject"u8, Customer);
            json.WriteString("time"u8, Time);
            json.WritePropertyName("data"u8);
            Data.WriteTo(json);
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}
