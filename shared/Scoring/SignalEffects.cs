using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCLM.Customers;
using ServerlessCLM.Models;

namespace ServerlessCLM.Scoring;

/// <summary>Puts signals into a customer's commit: a row with the customer, and an event for whoever acts on it.</summary>
public static class SignalEffects
{
    public const string EventType = "clm.signal.v1";

    /// <summary>Characters of an event's details that its signal carries; lists and objects stay with the event.</summary>
    public const int MaxDetails = 900;

    public static void Raise(CustomerSession session, in Signal signal)
    {
        var name = SignalCatalogue.NameOf(signal.Kind);
        var cause = string.Create(CultureInfo.InvariantCulture, $"{session.Customer}\n{name}\n{signal.Cause:x16}");
        Raise(session, new SignalRow(IdOf(cause), name, DateTimeOffset.FromUnixTimeMilliseconds(signal.At),
            Finite(signal.Observed), Finite(signal.Reference), signal.Group?.ToString().ToLowerInvariant()));
    }

    /// <summary>A model's score has crossed its cut.</summary>
    public static void Raise(CustomerSession session, LiveModel model, long at, ulong cause, double score, Span<float> row)
    {
        var alert = model.Document.Alert!;
        var id = IdOf(string.Create(CultureInfo.InvariantCulture, $"{session.Customer}\n{alert.Signal}\n{cause:x16}"));
        Raise(session, new SignalRow(id, alert.Signal, DateTimeOffset.FromUnixTimeMilliseconds(at), Math.Round(score, 6), Math.Round(alert.Cut, 6),
            Model: PredictionLog.NameOf(model.Document), Reasons: ScoreReasons.Names(model.Scorer!, row)));
    }

    /// <summary>A signal that the bank itself sent, such as a delivered card.</summary>
    public static void Raise(CustomerSession session, LifecycleRow happened, string? debt = null, decimal? amount = null) =>
        Raise(session, new SignalRow(IdOf($"{session.Customer}\n{happened.Name}\n{happened.Id}"), happened.Name, happened.At, Debt: debt, Amount: amount, Details: Short(happened.Details)));

    /// <summary>Something became true of a debt.</summary>
    public static void Raise(CustomerSession session, string debt, in DebtSignal signal) =>
        Raise(session, new SignalRow(IdOf($"{session.Customer}\n{signal.Name}\n{debt}\n{signal.Cause}"), signal.Name, signal.At,
            Finite(signal.Observed), Finite(signal.Reference), Debt: debt, Amount: signal.Amount));

    /// <summary>What conditions can look at, as much of it as leaves room for others in a commit's outbox.</summary>
    private static JsonObject? Short(JsonObject? details)
    {
        var (members, size) = (new JsonObject(), 0);
        foreach (var (name, value) in details ?? [])
        {
            var written = value?.ToJsonString().Length ?? 4;
            if (value is JsonObject or JsonArray || (size += name.Length + written + 4) > MaxDetails)
                continue;
            members[name] = value?.DeepClone();
        }

        return members.Count == 0 ? null : members;
    }

    private static void Raise(CustomerSession session, SignalRow row)
    {
        session.Put(CustomerRows.Dated(CustomerRows.SignalPrefix, row.At.ToUnixTimeMilliseconds(), row.Id), row, CustomersJson.Default.SignalRow);
        var body = new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = row.Id,
            ["source"] = "/clm/signals",
            ["type"] = EventType,
            ["subject"] = session.Customer.Value,
            ["time"] = Instant.Text(row.At),
            ["datacontenttype"] = "application/json",
            ["data"] = JsonSerializer.SerializeToNode(row, CustomersJson.Default.SignalRow),
        };
        session.Emit(new Effect(row.Id, EventStreams.SignalsHub, body.ToJsonString()));
    }

    /// <summary>128 bits of the cause: the same cause is the same signal, wherever and however often it is found.</summary>
    private static string IdOf(string cause) =>
        string.Create(CultureInfo.InvariantCulture, $"{Digest64.Of(cause):x16}{Digest64.Of(cause, 1):x16}");

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
