using System.Net;
using System.Text;

namespace WorkflowEngine.Simulators.Http;

/// <summary>The plain page at <c>/</c>: what the simulated system holds, for the eyes of a person.</summary>
internal static class RecordsPage
{
    private const string Style = """
        :root { color-scheme: light dark; --line: #d0d7de; --head: #f6f8fa; --soft: #57606a; }
        @media (prefers-color-scheme: dark) { :root { --line: #30363d; --head: #161b22; --soft: #8b949e; } }
        body { font: 15px/1.45 system-ui, sans-serif; margin: 1.5rem; }
        h1 { font-size: 1.3rem; margin: 0 0 .2rem; } h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
        p { color: var(--soft); margin: .2rem 0; }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; }
        th, td { border: 1px solid var(--line); padding: .25rem .5rem; text-align: left; white-space: nowrap; max-width: 24rem; overflow: hidden; text-overflow: ellipsis; }
        th { background: var(--head); position: sticky; top: 0; } nav a { margin-right: .8rem; }
        """;

    public static string Render(Simulator simulator)
    {
        var tables = simulator.Tables();
        var page = new StringBuilder(16_384);
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>")
            .Append(Encode(simulator.Title)).Append("</title><style>").Append(Style).Append("</style></head><body><h1>")
            .Append(Encode(simulator.Title)).Append("</h1><p>A simulator: no account, no network. ")
            .Append(simulator.Statistics.Total).Append(" calls so far. <a href=\"/_stats\">Statistics</a> · <a href=\"/_calls\">Calls</a> · <a href=\"/_faults\">Faults</a> · <a href=\"/_records\">Records as JSON</a></p><nav>");
        foreach (var table in tables)
        {
            page.Append("<a href=\"#").Append(Encode(table.Title)).Append("\">").Append(Encode(table.Title)).Append("</a>");
        }

        page.Append("</nav>");
        foreach (var table in tables)
        {
            page.Append("<h2 id=\"").Append(Encode(table.Title)).Append("\">").Append(Encode(table.Title)).Append(" (").Append(table.Total).Append(")</h2>");
            if (table.Rows.Count == 0)
            {
                page.Append("<p>Nothing yet.</p>");
                continue;
            }

            if (table.Rows.Count < table.Total)
            {
                page.Append("<p>The ").Append(table.Rows.Count).Append(" changed last.</p>");
            }

            page.Append("<div class=\"scroll\"><table><thead><tr>");
            foreach (var column in table.Columns)
            {
                page.Append("<th scope=\"col\">").Append(Encode(column)).Append("</th>");
            }

            page.Append("</tr></thead><tbody>");
            foreach (var row in table.Rows)
            {
                page.Append("<tr>");
                foreach (var cell in row)
                {
                    page.Append("<td>").Append(Encode(cell ?? "")).Append("</td>");
                }

                page.Append("</tr>");
            }

            page.Append("</tbody></table></div>");
        }

        return page.Append("</body></html>").ToString();
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
