using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using NodaTime;
using NodaTime.Text;

namespace ServerlessCLM.Journeys;

/// <summary>Reads journeys that the schema has accepted.</summary>
public static class JourneyJson
{
    /// <summary>By reflection, because generated code would give absent members the default of their type instead of the one that records give them.</summary>
    internal static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters =
        {
            new DayOfWeekConverter(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new LengthConverter(),
            new JourneyNodeConverter(), new InstantConverter(),
        },
    };

    /// <exception cref="JsonException">The document is not as the schema says.</exception>
    public static JourneyDocument Read(JsonObject document) => document.Deserialize<JourneyDocument>(Options)!;

    /// <summary>A duration of weeks, or of days, hours, minutes and seconds; before it a minus, where it leads back.</summary>
    /// <exception cref="JsonException">It is none, or has months or years.</exception>
    internal static TimeSpan Length(string text)
    {
        var isNegative = text.StartsWith('-');
        var parsed = PeriodPattern.NormalizingIso.Parse(isNegative ? text[1..] : text);
        return parsed.Success && parsed.Value is { Months: 0, Years: 0 } period
            ? (isNegative ? -period.ToDuration() : period.ToDuration()).ToTimeSpan()
            : throw new JsonException("must be a duration of weeks, days, hours, minutes and seconds");
    }

    /// <summary>Documents are kept as they were written; nothing writes them anew.</summary>
    internal static NotSupportedException ReadOnly() => new("journeys are read from documents, never written");

    private sealed class LengthConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Length(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => throw ReadOnly();
    }

    /// <summary>Days of the week in lower case.</summary>
    private sealed class DayOfWeekConverter : JsonConverter<DayOfWeek>
    {
        public override DayOfWeek Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Enum.TryParse<DayOfWeek>(reader.GetString(), ignoreCase: true, out var day) ? day : throw new JsonException("must be a day of the week");

        public override void Write(Utf8JsonWriter writer, DayOfWeek value, JsonSerializerOptions options) => throw ReadOnly();
    }

    private sealed class JourneyNodeConverter : JsonConverter<JourneyNode>
    {
        /// <summary>Kinds by the member that tells them; an offer has a message as well, so it comes first.</summary>
        private static readonly (string Member, Type Type)[] Kinds =
        [
            ("offer", typeof(OfferNode)), ("message", typeof(MessageNode)), ("decide", typeof(DecideNode)), ("waitFor", typeof(WaitForNode)), ("wait", typeof(WaitNode)),
            ("branch", typeof(BranchNode)), ("split", typeof(SplitNode)), ("webhook", typeof(WebhookNode)), ("task", typeof(TaskNode)),
            ("paymentPlan", typeof(PaymentPlanNode)), ("journey", typeof(SubJourneyNode)), ("loop", typeof(LoopNode)), ("end", typeof(EndNode)),
            ("exit", typeof(ExitNode)), ("goal", typeof(GoalNode)),
        ];

        public override bool CanConvert(Type typeToConvert) => typeToConvert == typeof(JourneyNode);

        public override JourneyNode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var members = JsonElement.ParseValue(ref reader);
            foreach (var (member, type) in Kinds)
            {
                if (members.TryGetProperty(member, out _))
                    return (JourneyNode)members.Deserialize(type, options)!;
            }

            throw new JsonException($"must have one of {string.Join(", ", Kinds.Select(kind => kind.Member))}");
        }

        public override void Write(Utf8JsonWriter writer, JourneyNode value, JsonSerializerOptions options) => throw ReadOnly();
    }
}

/// <summary>One name, or a list of them.</summary>
internal sealed class NamesConverter : JsonConverter<IReadOnlyList<string>>
{
    public override IReadOnlyList<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return [reader.GetString()!];

        var names = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            names.Add(reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException("must be a list of names"));
        return names;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options) => throw JourneyJson.ReadOnly();
}

/// <summary>A number, or an expression for one.</summary>
internal sealed class NumberOrExpressionConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number ? reader.GetInt32().ToString(CultureInfo.InvariantCulture) : reader.GetString()!;

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => throw JourneyJson.ReadOnly();
}

/// <summary>A wait: a length of time, or an object that says until when.</summary>
internal sealed class WaitRuleConverter : JsonConverter<WaitRule>
{
    private static readonly LocalTimePattern TimeOfDay = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    public override WaitRule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return new WaitRule(For: JourneyJson.Length(reader.GetString()!));

        var members = JsonElement.ParseValue(ref reader);
        var offset = members.TryGetProperty("offset", out var given) ? JourneyJson.Length(given.GetString()!) : default;
        return members.TryGetProperty("at", out var at) ? new WaitRule(At: at.GetDateTimeOffset())
            : members.TryGetProperty("date", out var date) ? new WaitRule(Date: date.GetString()!, Offset: offset)
            : members.TryGetProperty("time", out var time) ? new WaitRule(Time: TimeOfDay.Parse(time.GetString()!).Value, Days: Days(members))
            : throw new JsonException("must have one of time, date, at");
    }

    public override void Write(Utf8JsonWriter writer, WaitRule value, JsonSerializerOptions options) => throw JourneyJson.ReadOnly();

    private static IReadOnlyList<IsoDayOfWeek>? Days(JsonElement members) => members.TryGetProperty("days", out var days)
        ? [.. days.EnumerateArray().Select(day => Enum.Parse<IsoDayOfWeek>(day.GetString()!, ignoreCase: true))]
        : null;
}
