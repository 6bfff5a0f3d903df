using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;
using ServerlessCLM.Conditions;
using ServerlessCLM.Customers;
using ServerlessCLM.Governance;

namespace ServerlessCLM.Decisions;

/// <summary>
/// What is kept of a decision: everything it was a function of, and what came of every action. Words, ranks and the changes that would let a
/// loser win follow from it and are made when it is read.
/// </summary>
/// <remarks>
/// JSON whose actions are rows of figures in the strategy's order, compressed by Brotli: of 1,000 actions about 20 KB. The first byte is the
/// format, the next four the length of the JSON, little-endian.
/// </remarks>
public sealed record DecisionRecord
{
    /// <summary>Of the JSON; a later version of the product that writes it otherwise has another.</summary>
    private const byte Format = 1;

    private const int HeaderSize = 1 + sizeof(int), Quality = 1, Window = 18;

    private static readonly ObjectPool<ArrayBufferWriter<byte>> Buffers = new DefaultObjectPool<ArrayBufferWriter<byte>>(new BufferPolicy());

    public required string Id { get; init; }

    public required CustomerId Customer { get; init; }

    /// <summary>What the decision was made for: an idempotency key, a journey's step.</summary>
    public required string Cause { get; init; }

    public required DecisionRequest Request { get; init; }

    public required string Strategy { get; init; }

    public required int Version { get; init; }

    /// <summary>Of the strategy's content.</summary>
    public required string StrategyDigest { get; init; }

    public required StrategyLearning Learning { get; init; }

    public required IReadOnlyList<PolicyReference> Policies { get; init; }

    public required DecisionGroups Groups { get; init; }

    public required CustomerSnapshot Inputs { get; init; }

    public required IReadOnlyList<ContactVerdict> Contacts { get; init; }

    /// <summary>In the strategy's order.</summary>
    public required ReadOnlyMemory<ActionOutcome> Actions { get; init; }

    public required Choice Choice { get; init; }

    /// <summary>SHA-256 of the inputs' JSON, in hexadecimal.</summary>
    public string InputsDigest { get; private init; } = "";

    /// <summary>SHA-256 of the record's JSON, in hexadecimal; the audit chain repeats it.</summary>
    public string Digest { get; private init; } = "";

    /// <summary>Id and version, as <c>card-retail@3</c>.</summary>
    public string StrategyName => $"{Strategy}@{Version}";

    /// <summary>The record of what has been decided.</summary>
    public static DecisionRecord Of(CustomerId customer, string cause, DecisionOutcome outcome) => new()
    {
        Id = outcome.Case.Id, Customer = customer, Cause = cause, Request = outcome.Case.Request,
        Strategy = outcome.Case.Strategy.Strategy.Source.Id, Version = outcome.Case.Strategy.Strategy.Source.Version,
        StrategyDigest = outcome.Case.Strategy.Digest, Learning = outcome.Case.Strategy.Learning, Policies = outcome.Case.Policies.References,
        Groups = outcome.Case.Groups, Inputs = outcome.Case.Customer, Contacts = outcome.Contacts.Verdicts, Actions = outcome.Actions.ToArray(), Choice = outcome.Choice,
    };

    /// <summary>Places of the chosen action and of those that are worth more than nothing, largest priority first; of equals the first in the strategy.</summary>
    public IReadOnlyList<int> Ranking(int most = int.MaxValue)
    {
        var places = new List<int>();
        for (var place = 0; place < Actions.Length; place++)
        {
            if (Actions.Span[place] is not { Verdict: ActionVerdict.Ranked, Priority: > 0 and var priority } || place == Choice.Action)
                continue;

            var at = places.Count;
            while (at > 0 && Actions.Span[places[at - 1]].Priority < priority)
                at--;
            if (at == most)
                continue;

            if (places.Count == most)
                places.RemoveAt(most - 1);
            places.Insert(at, place);
        }

        if (Choice.Action >= 0)
            places.Insert(0, Choice.Action);
        return places.Count > most ? places[..most] : places;
    }

    /// <summary>What the contact gate said of a kind of contact; null where no action needed it.</summary>
    public ContactVerdict? ContactOf(string channel, string purpose, string? journey)
    {
        ContactVerdict? alike = null;
        foreach (var contact in Contacts)
        {
            if (contact.Channel != channel || contact.Purpose != purpose)
                continue;
            if (contact.Journey == journey)
                return contact;
            if (contact.Journey == ContactVerdict.AnyOther && journey is not null)
                alike = contact;
        }

        return alike;
    }

    /// <summary>The record with its digests, and its JSON.</summary>
    public (DecisionRecord Record, ReadOnlyMemory<byte> Json) ToJson() => Written(static (record, json) => (record, (ReadOnlyMemory<byte>)json.WrittenSpan.ToArray()));

    /// <summary>The record with its digests, and the row that it is kept as.</summary>
    public (DecisionRecord Record, byte[] Row) Seal() => Written(static (record, json) => (record, Compressed(json.WrittenSpan)));

    private T Written<T>(Func<DecisionRecord, ArrayBufferWriter<byte>, T> use)
    {
        // Of 1,000 actions the JSON is a large object, which must not be made anew with every decision.
        var buffer = Buffers.Get();
        try
        {
            using var writer = new Utf8JsonWriter(buffer);
            Inputs.Write(writer);
            writer.Flush();
            var inputs = buffer.WrittenSpan.ToArray();
            var inputsDigest = Convert.ToHexStringLower(SHA256.HashData(inputs));
            buffer.ResetWrittenCount();
            writer.Reset();
            Write(writer, inputs, inputsDigest);
            writer.Flush();
            return use(this with { InputsDigest = inputsDigest, Digest = Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan)) }, buffer);
        }
        finally
        {
            Buffers.Return(buffer);
        }
    }

    private static byte[] Compressed(ReadOnlySpan<byte> json)
    {
        var room = ArrayPool<byte>.Shared.Rent(HeaderSize + BrotliEncoder.GetMaxCompressedLength(json.Length));
        try
        {
            room[0] = Format;
            BinaryPrimitives.WriteInt32LittleEndian(room.AsSpan(1), json.Length);
            return BrotliEncoder.TryCompress(json, room.AsSpan(HeaderSize), out var size, Quality, Window)
                ? room[..(HeaderSize + size)]
                : throw new InvalidOperationException($"a record of {json.Length} bytes does not compress into {room.Length}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    /// <summary>Reads a row.</summary>
    /// <exception cref="InvalidDataException">The row is cut short or of another format.</exception>
    public static DecisionRecord Read(ReadOnlySpan<byte> row)
    {
        if (row.Length < HeaderSize || row[0] != Format)
            throw new InvalidDataException($"decision record: not one of format {Format}");

        var json = new byte[BinaryPrimitives.ReadInt32LittleEndian(row[1..])];
        return BrotliDecoder.TryDecompress(row[HeaderSize..], json, out var size) && size == json.Length
            ? Parse(json)
            : throw new InvalidDataException("decision record: the row is cut short");
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static DecisionRecord Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement) with { Digest = Convert.ToHexStringLower(SHA256.HashData(json.Span)) };
    }

    private void Write(Utf8JsonWriter writer, byte[] inputs, string inputsDigest)
    {
        writer.WriteStartObject();
        writer.WriteString("id", Id);
        writer.WriteString("customer", Customer.Value);
        writer.WriteString("cause", Cause);
        writer.WritePropertyName("request");
        Request.Write(writer);
        writer.WriteString("strategy", Strategy);
        writer.WriteNumber("version", Version);
        writer.WriteString("digest", StrategyDigest);
        writer.WritePropertyName("learning");
        Learning.Write(writer);
        writer.WriteStartArray("policies");
        foreach (var policy in Policies)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(policy.Id);
            writer.WriteNumberValue(policy.Version);
            writer.WriteStringValue(policy.Digest);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WritePropertyName("groups");
        Groups.Write(writer);
        writer.WriteString("inputsDigest", inputsDigest);
        writer.WritePropertyName("inputs");
        writer.WriteRawValue(inputs, skipInputValidation: true);
        RecordJson.Write(writer, Contacts);
        RecordJson.Write(writer, Actions.Span);
        writer.WriteStartArray("choice");
        writer.WriteNumberValue(Choice.Action);
        writer.WriteNumberValue(Choice.Probability);
        writer.WriteBooleanValue(Choice.Explored);
        writer.WriteNumberValue(Choice.Best);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static DecisionRecord Read(JsonElement root) => new()
    {
        Id = root.GetProperty("id").GetString()!,
        Customer = CustomerId.Parse(root.GetProperty("customer").GetString()!),
        Cause = root.GetProperty("cause").GetString()!,
        Request = DecisionRequest.Read(System.Text.Json.Nodes.JsonObject.Create(root.GetProperty("request"))!).Request!,
        Strategy = root.GetProperty("strategy").GetString()!,
        Version = root.GetProperty("version").GetInt32(),
        StrategyDigest = root.GetProperty("digest").GetString()!,
        Learning = StrategyLearning.Read(root.GetProperty("learning")),
        Policies = [.. root.GetProperty("policies").EnumerateArray().Select(policy => new PolicyReference(policy[0].GetString()!, policy[1].GetInt32(), policy[2].GetString()!))],
        Groups = root.GetProperty("groups").Deserialize(DecisionsJson.Default.DecisionGroups)!,
        InputsDigest = root.GetProperty("inputsDigest").GetString()!,
        Inputs = CustomerSnapshot.Read(root.GetProperty("inputs")),
        Contacts = RecordJson.ReadContacts(root.GetProperty("contacts")),
        Actions = RecordJson.ReadActions(root.GetProperty("actions")),
        Choice = root.GetProperty("choice") is var choice
            ? new Choice(choice[0].GetInt32(), choice[1].GetDouble(), choice[2].GetBoolean(), choice[3].GetInt32()) : default,
    };

    private sealed class BufferPolicy : PooledObjectPolicy<ArrayBufferWriter<byte>>
    {
        private const int First = 64 * 1024, Largest = 4 * 1024 * 1024;

        public override ArrayBufferWriter<byte> Create() => new(First);

        public override bool Return(ArrayBufferWriter<byte> obj)
        {
            obj.ResetWrittenCount();
            return obj.Capacity <= Largest;
        }
    }
}
