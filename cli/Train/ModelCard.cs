using System.Text;
using ServerlessCLM.Models;

namespace ServerlessCLM.Cli.Train;

/// <summary>A model's card as one HTML page that needs nothing from the network.</summary>
/// <param name="Document">The model.</param>
/// <param name="Probabilities">Of each row, calibrated, by a model trained and calibrated without it.</param>
/// <param name="Events">One a row.</param>
/// <param name="Importance">Mean contribution to the log odds by column, largest first.</param>
/// <param name="Drift">Population stability by column.</param>
/// <param name="DriftBetween">Which rows were compared, in words.</param>
internal sealed record ModelCard(
    ModelDocument Document, double[] Probabilities, bool[] Events, IReadOnlyList<(string Name, double Value)> Importance,
    IReadOnlyList<(string Name, StabilityIndex Index)> Drift, string DriftBetween)
{
    private const int Shown = 15;

    private const string Style = """
        :root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--page:#fff;--rule:#d9dee5;--mark:#1f6fb2;--warn:#b3541e}
        @media(prefers-color-scheme:dark){:root{--ink:#e4e8ee;--soft:#9aa5b4;--page:#14181e;--rule:#333b46;--mark:#6db3f0;--warn:#f0975a}}
        body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page);max-width:72rem;margin:2rem auto;padding:0 1rem}
        h1{margin-bottom:0}h2{margin:2.5rem 0 .5rem;font-size:1.15rem}p{max-width:44rem;margin:.3rem 0}.soft,text{color:var(--soft);fill:var(--soft)}text{paint-order:stroke;stroke:var(--page);stroke-width:3px}
        .pair{display:flex;flex-wrap:wrap;gap:0 3rem}svg{max-width:100%;height:auto;font-size:12px}
        table{border-collapse:collapse}td,th{padding:.2rem 1.2rem .2rem 0;text-align:left;border-bottom:1px solid var(--rule)}td+td,th+th{text-align:right}
        .grid{stroke:var(--rule)}.chance{stroke:var(--soft);stroke-dasharray:4 4}.curve{fill:none;stroke:var(--mark);stroke-width:2.5}
        .dot,.bar{fill:var(--mark)}.stands{fill:var(--warn)}
        """;

    public string ToHtml()
    {
        var ranked = new RankedOutcomes(Probabilities, Events);
        var page = new StringBuilder($"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Text(Document.Id)}: model card</title><style>\n{Style}\n</style></head><body>\n");
        page.Append($"<h1>{Text(Document.Id)}</h1><p class=\"soft\">version {Document.Version}, {Text(Document.Kind)}</p><p>{Text(Document.Purpose)}</p>\n");
        page.Append($"<p>Predicts: {Text(Document.Label)}</p><p>Trained on {Text(Document.Training.Source)}: {Document.Training.Rows:N0} rows, {Document.Training.Positives:N0} of them with the event.</p>\n");
        Metrics(page);
        Curves(page, ranked);
        var rate = ranked.Events / (double)ranked.Count;
        page.Append("<h2>Lift</h2><p class=\"soft\">Rate of the event in each tenth of the rows by score, over the rate of all.</p>");
        page.Append(Chart.Bars("Lift by decile", [.. Discrimination.Lift(ranked).Select(decile =>
            ($"decile {decile.Decile}", decile.Lift, $"{decile.Lift:0.00}× ({decile.Rate:P1})", false))], (1, $"rate of all, {rate:P1}"))).Append('\n');
        page.Append("<h2>Importance</h2><p class=\"soft\">Mean size of a column's contribution to the log odds.</p>");
        page.Append(Chart.Bars("Importance of the columns", [.. Importance.Take(Shown).Select(column => (column.Name, column.Value, $"{column.Value:0.000}", false))]));
        page.Append(Rest(Importance.Count)).Append('\n');
        DriftOf(page);
        page.Append("<h2>Limits</h2><ul>").AppendJoin("", Document.Limits.Select(limit => $"<li>{Text(limit)}</li>")).Append("</ul>\n</body></html>\n");
        return page.ToString();
    }

    private void Metrics(StringBuilder page)
    {
        page.Append("<h2>Figures</h2><p class=\"soft\">By cross-validation: every row was scored by a model trained and calibrated without it.</p><table><tr><th>figure</th><th>value</th><th>95% interval</th></tr>");
        foreach (var (name, figure) in Document.Metrics)
        {
            var interval = figure is { Low: { } low, High: { } high } ? $"{low:0.0000} to {high:0.0000}" : "";
            page.Append($"<tr><td>{Text(name.Replace('_', ' '))}</td><td>{figure.Value:0.0000}</td><td>{interval}</td></tr>");
        }

        page.Append("</table>\n");
    }

    private void Curves(StringBuilder page, RankedOutcomes ranked)
    {
        var calibration = ProbabilityError.CalibrationCurve(Probabilities, Events);
        page.Append("<div class=\"pair\"><section><h2>ROC</h2>");
        page.Append(Chart.Square("ROC curve", "share of the others called", "share of the events called",
            Discrimination.Roc(ranked).Select(point => (point.FalsePositiveRate, point.TruePositiveRate)), []));
        page.Append("</section><section><h2>Calibration</h2>");
        page.Append(Chart.Square("Calibration curve", "predicted probability", "observed rate", calibration.Select(bin => (bin.Predicted, bin.Observed)),
            calibration.Select(bin => new Mark(bin.Predicted, bin.Observed, $"{bin.Rows:N0} rows: {bin.Predicted:P1} predicted, {bin.Observed:P1} observed ({bin.Low:P1} to {bin.High:P1})"))));
        page.Append("</section></div>\n");
    }

    private void DriftOf(StringBuilder page)
    {
        var drifted = Drift.Count(column => column.Index.Drifted);
        page.Append($"<h2>Drift</h2><p class=\"soft\">Population stability index of {Text(DriftBetween)}. {drifted} of {Drift.Count} columns drifted more than chance explains at 1%.</p>");
        page.Append(Chart.Bars("Drift of the columns", [.. Drift.OrderByDescending(column => column.Index.Value).Take(Shown)
            .Select(column => (column.Name, column.Index.Value, $"{column.Index.Value:0.0000}{(column.Index.Drifted ? " drifted" : "")}", column.Index.Drifted))]));
        page.Append(Rest(Drift.Count)).Append('\n');
    }

    private static string Rest(int all) => all > Shown ? $"<p class=\"soft\">and {all - Shown} more below these</p>" : "";

    private static string Text(string text) => Chart.Encode(text);
}
