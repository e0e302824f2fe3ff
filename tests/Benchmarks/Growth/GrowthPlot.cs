using System.Globalization;
using System.Text;

namespace WorkflowEngine.Benchmarks.Growth;

/// <summary>Figures over size as a picture: size by powers of ten, each figure against its own largest value, so that what is flat is a level line.</summary>
internal static class GrowthPlot
{
    private const int Width = 640;
    private const int Height = 260;
    private const int Left = 60;
    private const int Top = 40;
    private static readonly string[] Colours = ["#1f77b4", "#d62728", "#2ca02c", "#ff7f0e", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22"];

    public static string Of(string title, string sizes, IReadOnlyList<Figures> all)
    {
        var names = all[0].Values.Select(v => v.Name).ToList();
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns='http://www.w3.org/2000/svg' width='{Left + Width + 330}' height='{Top + Height + 60}' font-family='sans-serif' font-size='12'>\n<rect width='100%' height='100%' fill='white'/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x='{Left}' y='22' font-size='14'>{title}</text>\n<rect x='{Left}' y='{Top}' width='{Width}' height='{Height}' fill='none' stroke='#ccc'/>\n<text x='{Left - 6}' y='{Top + 10}' text-anchor='end'>most</text><text x='{Left - 6}' y='{Top + Height}' text-anchor='end'>0</text>\n");
        foreach (var figures in all)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x='{X(figures.Size, all):0}' y='{Top + Height + 16}' text-anchor='middle'>{figures.Size:N0}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x='{Left + (Width / 2)}' y='{Top + Height + 36}' text-anchor='middle'>{sizes}</text>\n");
        for (var i = 0; i < names.Count; i++)
        {
            var values = all.Select(f => (f.Size, f.Values[i].Value)).ToList();
            var most = Math.Max(1e-9, values.Max(v => v.Value));
            var colour = Colours[i % Colours.Length];
            svg.Append(CultureInfo.InvariantCulture, $"<polyline fill='none' stroke='{colour}' stroke-width='2' points='{string.Join(' ', values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{X(v.Size, all):0.0},{Top + Height - (v.Value / most * Height):0.0}")))}'/>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<text x='{Left + Width + 12}' y='{Top + 14 + (i * 20)}' fill='{colour}'>{names[i]}: {values[0].Value:0.##} to {values[^1].Value:0.##}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static double X(int size, IReadOnlyList<Figures> all)
    {
        var (least, most) = (Math.Log10(all[0].Size), Math.Log10(all[^1].Size));
        return Left + (most > least ? (Math.Log10(size) - least) / (most - least) * Width : 0);
    }
}
