using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCLM.Models;

/// <summary>A model's card: its document without the model itself, and its history. Nothing on it is written anywhere else.</summary>
public static class ModelCardPage
{
    private const string Style = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        + "table{border-collapse:collapse}td,th{border-bottom:1px solid #ccc;padding:.3rem .8rem .3rem 0;text-align:left;vertical-align:top}";

    public static JsonObject ToJson(ModelDocument document, ModelLedger ledger)
    {
        var card = JsonSerializer.SerializeToNode(document, ModelsJson.Default.ModelDocument)!.AsObject();
        card.Remove("model");
        card["live"] = ledger.Champion == document.Version;
        card["history"] = Entries(ledger);
        return card;
    }

    public static JsonArray Entries(ModelLedger ledger) =>
        JsonSerializer.SerializeToNode(ledger, RegistryJson.Default.ModelLedger)!["entries"]!.DeepClone().AsArray();

    /// <summary>As a page that needs nothing else and runs no script.</summary>
    public static string Of(ModelDocument document, ModelLedger ledger)
    {
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
            .Append(Text(document.ToString())).Append("</title><style>").Append(Style).Append("</style></head><body>");
        page.Append("<h1>").Append(Text(document.Id)).Append(", version ").Append(document.Version)
            .Append(ledger.Champion == document.Version ? " (live)" : "").Append("</h1><p>").Append(Text(document.Purpose)).Append("</p>");
        Table(page, "What it predicts",
        [
            ("Label", document.Label), ("Horizon", document.HorizonDays is { } days ? $"{days} days" : "none"), ("Kind", document.Kind),
            ("Speaks up", document.Alert is { } alert ? $"as {alert.Signal} from {Number(alert.Cut)} on, until below {Number(alert.Release)}" : "only when asked"),
        ]);
        var training = document.Training;
        Table(page, "What it learned from",
        [
            ("Data", training.Source), ("Rows", Count(training.Rows)), ("Came true", training.Positives is { } positives ? Count(positives) : "an amount"),
            ("From", training.From is { } from ? Instant.Text(from) : ""), ("Until", training.Until is { } until ? Instant.Text(until) : ""),
            ("Made by", training.Command ?? ""), .. (training.LeftOut ?? new Dictionary<string, int>()).Select(rule => ($"Left out: {rule.Key}", Count(rule.Value))),
        ]);
        Table(page, "How good it is", document.Metrics.Select(figure => (figure.Key, Number(figure.Value))));
        Table(page, "Gates", (document.Gates ?? ledger.Entries.LastOrDefault(entry => entry.Action == LedgerAction.Promoted && entry.Version == document.Version)?.Gates ?? [])
            .Select(gate => ($"{(gate.Passed ? "passed" : "failed")}: {gate.Name}", gate.Words)));
        Table(page, "Where it must not be used", document.Limits.Select((limit, place) => (Count(place + 1), limit)));
        Table(page, "Inputs", document.Features.Select(feature => (feature.Name, feature.Direction switch
        {
            Direction.Rises => "more of it, a higher score", Direction.Falls => "more of it, a lower score", _ => "no direction claimed",
        })));
        Table(page, "History", ledger.Entries.Select(entry => (Instant.Text(entry.At),
            $"{entry.Action} {entry.Version}{(entry.By is null ? "" : $" by {entry.By}")}{(entry.Reason is null ? "" : $": {entry.Reason}")}")));
        return page.Append("</body></html>").ToString();
    }

    private static void Table(StringBuilder page, string title, IEnumerable<(string Name, string Value)> rows)
    {
        page.Append("<h2>").Append(Text(title)).Append("</h2><table>");
        foreach (var (name, value) in rows.Where(row => row.Value.Length > 0))
            page.Append("<tr><th scope=\"row\">").Append(Text(name)).Append("</th><td>").Append(Text(value)).Append("</td></tr>");
        page.Append("</table>");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Count(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Number(Figure figure) => figure is { Low: { } low, High: { } high }
        ? $"{Number(figure.Value)} ({Number(low)} to {Number(high)})"
        : Number(figure.Value);
}
