using System.Globalization;
using System.Text;

namespace WorkflowEngine.EndToEnd.Tests.Load;

/// <summary>The run as a picture: records done over time beside the even line, and calls an hour by who made them beside the limit's share.</summary>
internal static class BudgetPlot
{
    private const int Width = 720;
    private const int Height = 220;
    private const int Left = 70;

    public static string Of(BudgetRun run, IReadOnlyList<BudgetSample> samples, double idealMinutes)
    {
        var last = samples[^1].Minutes;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns='http://www.w3.org/2000/svg' width='{Width + Left + 30}' height='{(Height * 2) + 130}' font-family='sans-serif' font-size='12'>\n<rect width='100%' height='100%' fill='white'/>\n");
        Frame(svg, 30, $"Backfill: records done (of {run.Rows:N0}); dashed: the even line of rows / (budget - live - foreign - reserve)", last, run.Rows);
        Line(svg, 30, "#1f77b4", "", samples.Select(s => (s.Minutes, (double)s.Rows)), last, run.Rows);
        Line(svg, 30, "#888", "stroke-dasharray='5 4'", [(0, 0), (Math.Min(last, idealMinutes), run.Rows * Math.Min(1, last / idealMinutes))], last, run.Rows);
        var perHour = run.PerDay / 24.0;
        Frame(svg, Height + 90, "Calls an hour: live (green), others (grey), backfill (blue), all (black); red: the limit's share, orange: without the reserve", last, perHour * 1.1);
        foreach (var (colour, of) in new (string, Func<BudgetSample, long>)[] { ("#2ca02c", s => s.Live), ("#999", s => s.Foreign), ("#1f77b4", s => s.Backfill), ("#000", s => s.Live + s.Foreign + s.Backfill) })
        {
            // Over a tenth of the run: what one minute shows is chance.
            var step = Math.Max(1, samples.Count / 20);
            Line(svg, Height + 90, colour, "", samples.Skip(step).Select((s, i) => (s.Minutes, (of(s) - of(samples[i])) / Math.Max(0.01, s.Minutes - samples[i].Minutes) * 60)), last, perHour * 1.1);
        }

        Line(svg, Height + 90, "#d62728", "", [(0, perHour), (last, perHour)], last, perHour * 1.1);
        Line(svg, Height + 90, "#ff7f0e", "", [(0, perHour * (1 - run.Reserve)), (last, perHour * (1 - run.Reserve))], last, perHour * 1.1);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Frame(StringBuilder svg, int top, string title, double minutes, double most) => svg.Append(
        CultureInfo.InvariantCulture,
        $"<text x='{Left}' y='{top - 8}'>{title}</text>\n<rect x='{Left}' y='{top}' width='{Width}' height='{Height}' fill='none' stroke='#ccc'/>\n<text x='{Left - 6}' y='{top + 10}' text-anchor='end'>{most:N0}</text><text x='{Left - 6}' y='{top + Height}' text-anchor='end'>0</text><text x='{Left + Width}' y='{top + Height + 16}' text-anchor='end'>{minutes:0} min</text>\n");

    private static void Line(StringBuilder svg, int top, string colour, string style, IEnumerable<(double X, double Y)> points, double minutes, double most)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<polyline fill='none' stroke='{colour}' stroke-width='1.5' {style} points='");
        foreach (var (x, y) in points) svg.Append(CultureInfo.InvariantCulture, $"{Left + (x / minutes * Width):0.0},{top + Height - (Math.Clamp(y / most, 0, 1) * Height):0.0} ");
        svg.Append("'/>\n");
    }
}
