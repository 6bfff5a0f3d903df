using System.Text.Json.Serialization;
using NodaTime;
using ServerlessCLM.Customers;
using ServerlessCLM.Scoring;

namespace ServerlessCLM.Messages.Replies;

/// <summary>A reply as read: one row of the customer's partition.</summary>
/// <param name="Id">Of the outcome that brought it.</param>
/// <param name="At">When the customer wrote it.</param>
/// <param name="MessageId">The message replied to, where that is known.</param>
/// <param name="Reading">What it says.</param>
/// <param name="NeedsPerson">Whether nothing was recognised, and a person must read it.</param>
public sealed record ReplyRow(string Id, DateTimeOffset At, string? MessageId, ReplyReading Reading, bool NeedsPerson);

/// <summary>
/// Reads replies, each once, and raises what they say as signals, so that journeys adapt: <c>reply_hardship</c>, <c>reply_promise</c> and so on;
/// <c>reply_unclear</c> where a person must read it. What an opt-out withdraws is withdrawn where the outcome is taken.
/// </summary>
public sealed class ReplyDesk(CustomerStore store, Outbox outbox)
{
    public const string UnclearSignal = "reply_unclear";

    /// <summary>Name of the signal of an intent.</summary>
    public static string SignalOf(ReplyIntent intent) => intent switch
    {
        ReplyIntent.OptOut => "reply_opt_out",
        _ => $"reply_{intent.ToString().ToLowerInvariant()}",
    };

    /// <returns>The reply as read; null where the customer is erased or the outcome has no text.</returns>
    public async Task<ReplyRow?> ReadAsync(CustomerId customer, OutcomeRow outcome, string? language, CancellationToken cancellation)
    {
        if (outcome is not { Outcome: "reply", Text: { } text })
            return null;

        var row = CustomerRows.Dated(CustomerRows.ReplyPrefix, outcome.At.ToUnixTimeMilliseconds(), outcome.Id);
        var commit = await store.UpdateAsync<ReplyRow?>(customer, session =>
        {
            if (session.Erased is not null)
                return null;
            if (session.Get(row, RepliesJson.Default.ReplyRow) is { } known)
                return known;

            var profile = session.Get(CustomerRows.Profile, CustomersJson.Default.Profile) ?? Profile.Empty;
            var zone = (string?)profile.Members["timeZone"] is { } name ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) : null;
            var day = NodaTime.Instant.FromDateTimeOffset(outcome.At).InZone(zone ?? DateTimeZone.Utc).Date.ToDateOnly();
            var reading = ReplyReading.Of(text, language ?? (string?)profile.Members["language"], day);
            var read = new ReplyRow(outcome.Id, outcome.At, outcome.DecisionId, reading, reading.IsUnclear);
            session.Put(row, read, RepliesJson.Default.ReplyRow);
            foreach (var signal in reading.IsUnclear ? [UnclearSignal] : reading.Intents.Select(SignalOf))
                SignalEffects.Raise(session, new LifecycleRow($"{outcome.Id}|{signal}", signal, outcome.At, null));
            return read;
        }, cancellation, row, CustomerRows.Profile);
        if (commit.Outbox is { } effects)
            await outbox.DispatchAsync([effects], cancellation);
        return commit.Result;
    }
}

/// <summary>How replies are written.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(ReplyRow))]
public sealed partial class RepliesJson : JsonSerializerContext;
