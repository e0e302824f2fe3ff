using System.Net;
using System.Text;

namespace WorkflowEngine.Expressions.Library;

/// <summary>Plain text of HTML in one pass; a stray <c>&lt;</c> stays what it is.</summary>
internal static class Html
{
    private static readonly HashSet<string> Breaks = ["br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote"];

    public static string Strip(string html)
    {
        var text = new StringBuilder(html.Length);
        var at = 0;
        while (at < html.Length)
        {
            if (html[at] != '<' || at + 1 >= html.Length || !(char.IsAsciiLetter(html[at + 1]) || html[at + 1] is '/' or '!'))
            {
                text.Append(html[at++]);
                continue;
            }

            var end = html.AsSpan(at).StartsWith("<!--") ? html.IndexOf("-->", at, StringComparison.Ordinal) + 2 : html.IndexOf('>', at);
            if (end <= at + 1)
            {
                text.Append(html[at++]);
                continue;
            }

            var name = Name(html, at);
            if (Breaks.Contains(name))
            {
                text.Append('\n');
            }

            at = name is "script" or "style" && html[at + 1] != '/' ? Behind(html, end, name) : end + 1;
        }

        return Tidy(WebUtility.HtmlDecode(text.ToString()));
    }

    public static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
            .Replace("\"", "&quot;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal);

    private static string Name(string html, int at)
    {
        var start = html[at + 1] == '/' ? at + 2 : at + 1;
        var end = start;
        while (end < html.Length && end - start < 16 && char.IsAsciiLetterOrDigit(html[end]))
        {
            end++;
        }

        return html[start..end].ToLowerInvariant();
    }

    private static int Behind(string html, int from, string name)
    {
        var close = html.IndexOf("</" + name, from, StringComparison.OrdinalIgnoreCase);
        var end = close < 0 ? -1 : html.IndexOf('>', close);
        return end < 0 ? html.Length : end + 1;
    }

    /// <summary>Spaces run together, lines trimmed, at most one empty line between two.</summary>
    private static string Tidy(string text)
    {
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n').Select(l => TextFunctions.OneLine(l.Replace('\u00a0', ' ')));
        var tidy = new StringBuilder(text.Length);
        var empty = 0;
        foreach (var line in lines)
        {
            if (line.Length == 0)
            {
                empty++;
                continue;
            }

            if (tidy.Length > 0)
            {
                tidy.Append(empty > 1 ? "\n\n" : "\n");
            }

            tidy.Append(line);
            empty = 0;
        }

        return tidy.ToString();
    }
}
