using System.Text.Json;

namespace ServerlessCLM.Transactions;

/// <summary>Cuts a request into its events without reading them.</summary>
public static class EventBatch
{
    /// <summary>Events of one request at the most: more than payments of any sense fit the largest body.</summary>
    public const int MaxEvents = 50_000;

    /// <summary>The events of a JSON object (one) or array (many), as slices of the body.</summary>
    /// <exception cref="JsonException">The body is not JSON, or neither an object nor an array.</exception>
    /// <exception cref="TooManyEventsException">There are more than <see cref="MaxEvents"/>.</exception>
    public static List<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span);
        reader.Read();
        var events = new List<ReadOnlyMemory<byte>>();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (events.Count == MaxEvents)
                    throw new TooManyEventsException();
                events.Add(Value(ref reader, body));
            }
        }
        else if (reader.TokenType == JsonTokenType.StartObject)
            events.Add(Value(ref reader, body));
        else
            throw new JsonException("the body must be one event as a JSON object, or an array of events");

        if (reader.Read())
            throw new JsonException("the body must end with the event or array");

        return events;
    }

    private static ReadOnlyMemory<byte> Value(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return body[start..(int)reader.BytesConsumed];
    }
}

/// <summary>A request has more events than it may have.</summary>
public sealed class TooManyEventsException() : Exception($"has more than {EventBatch.MaxEvents} events; send it in parts");
