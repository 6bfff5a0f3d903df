using System.Globalization;
using System.Net;
using System.Text;

namespace ServerlessCLM.Cli.Train;

/// <summary>A point or bar of a chart, in shares of the axes.</summary>
internal readonly record struct Mark(double X, double Y, string Label);

/// <summary>Charts as inline SVG. Colours come from the page's style, so that they follow light and dark.</summary>
internal static class Chart
{
    private const int Side = 300, Left = 58, Bottom = 40, Top = 12, Right = 12;

    /// <summary>A curve over 0…1 on both axes, with the diagonal for comparison.</summary>
    /// <param name="title">Read out by screen readers.</param>
    /// <param name="lines">The curve.</param>
    /// <param name="points">Dots with a tooltip.</param>
    public static string Square(string title, string x, string y, IEnumerable<(double X, double Y)> lines, IEnumerable<Mark> points)
    {
        var svg = Open(title, Left + Side + Right, Top + Side + Bottom);
        foreach (var tick in (ReadOnlySpan<double>)[0, 0.25, 0.5, 0.75, 1])
        {
            Line(svg, "grid", Across(tick), Down(0), Across(tick), Down(1));
            Line(svg, "grid", Across(0), Down(tick), Across(1), Down(tick));
            Text(svg, Across(tick), Down(0) + 16, "middle", $"{tick:0.##}");
            Text(svg, Left - 6, Down(tick) + 4, "end", $"{tick:0.##}");
        }

        Line(svg, "chance", Across(0), Down(0), Across(1), Down(1));
        svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"curve\" points=\"{string.Join(' ', lines.Select(point => $"{Across(point.X):0.#},{Down(point.Y):0.#}"))}\"/>");
        foreach (var point in points)
            svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"dot\" cx=\"{Across(point.X):0.#}\" cy=\"{Down(point.Y):0.#}\" r=\"4\"><title>{Encode(point.Label)}</title></circle>");
        Text(svg, Left + (Side / 2.0), Top + Side + 34, "middle", x);
        svg.Append(CultureInfo.InvariantCulture, $"<text transform=\"translate(12 {Top + (Side / 2)}) rotate(-90)\" text-anchor=\"middle\">{Encode(y)}</text>");
        return svg.Append("</svg>").ToString();

        static double Across(double share) => Left + (share * Side);

        static double Down(double share) => Top + ((1 - share) * Side);
    }

    /// <summary>Horizontal bars, one a row, with their values.</summary>
    /// <param name="marker">A value to mark across the bars, with its name; null for none.</param>
    public static string Bars(string title, IReadOnlyList<(string Name, double Value, string Text, bool Stands)> bars, (double Value, string Name)? marker = null)
    {
        const int width = 620, names = 210, texts = 120, height = 22;
        var most = Math.Max(bars.Select(bar => bar.Value).Append(marker?.Value ?? 0).Max(), 1e-12);
        var svg = Open(title, width, (bars.Count * height) + 24);
        if (marker is var (at, called))
        {
            var x = names + (at / most * (width - names - texts));
            Line(svg, "chance", x, 0, x, bars.Count * height);
            Text(svg, x, (bars.Count * height) + 16, "middle", called);
        }

        for (var row = 0; row < bars.Count; row++)
        {
            var (name, value, text, stands) = bars[row];
            var y = row * height;
            var length = Math.Max(1, value / most * (width - names - texts));
            var shown = name.Length > 30 ? name[..29] + "…" : name;
            svg.Append(CultureInfo.InvariantCulture, $"<g><title>{Encode($"{name}: {text}")}</title>");
            Text(svg, names - 8, y + 15, "end", shown);
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"{(stands ? "bar stands" : "bar")}\" x=\"{names}\" y=\"{y + 3}\" width=\"{length:0.#}\" height=\"{height - 6}\" rx=\"2\"/>");
            Text(svg, names + length + 6, y + 15, "start", text);
            svg.Append("</g>");
        }

        return svg.Append("</svg>").ToString();
    }

    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static StringBuilder Open(string title, int width, int height) => new StringBuilder()
        .Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" role=\"img\" aria-label=\"{Encode(title)}\">");

    private static void Line(StringBuilder svg, string kind, double x1, double y1, double x2, double y2) =>
        svg.Append(CultureInfo.InvariantCulture, $"<line class=\"{kind}\" x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\"/>");

    private static void Text(StringBuilder svg, double x, double y, string anchor, string text) =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\">{Encode(text)}</text>");
}
