using System.Text;

namespace WorkflowEngine.Simulators.Salesforce.Soql;

internal static class SoqlLexer
{
    public static List<SoqlToken> Read(string query)
    {
        List<SoqlToken> tokens = [];
        var i = 0;
        while (i < query.Length)
        {
            var c = query[i];
            if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (c == '\'')
            {
                var start = i++;
                while (i < query.Length && query[i] != '\'')
                {
                    i += query[i] == '\\' ? 2 : 1;
                }

                if (i >= query.Length)
                {
                    throw SoqlFault.Malformed(query, start, "unexpected token: '<EOF>'");
                }

                tokens.Add(new SoqlToken(TokenKind.Text, query[(start + 1)..i], start));
                i++;
            }
            else if (char.IsAsciiLetter(c) || c == '_')
            {
                var start = i;
                while (i < query.Length && (char.IsAsciiLetterOrDigit(query[i]) || query[i] is '_' or '.' || (query[i] == ':' && i + 1 < query.Length && char.IsAsciiDigit(query[i + 1]))))
                {
                    i++;
                }

                tokens.Add(new SoqlToken(TokenKind.Name, query[start..i], start));
            }
            else if (char.IsAsciiDigit(c) || (c is '-' or '+' or '.' && i + 1 < query.Length && (char.IsAsciiDigit(query[i + 1]) || query[i + 1] == '.')))
            {
                var start = i++;
                while (i < query.Length && (char.IsAsciiLetterOrDigit(query[i]) || query[i] is '.' or ':' or '-' or '+'))
                {
                    i++;
                }

                tokens.Add(new SoqlToken(TokenKind.Literal, query[start..i], start));
            }
            else
            {
                var two = i + 1 < query.Length ? query.Substring(i, 2) : "";
                var symbol = two is "<=" or ">=" or "!=" or "<>" ? two : c is '=' or '<' or '>' or '(' or ')' or ',' ? c.ToString() : null;
                if (symbol is null)
                {
                    throw SoqlFault.Malformed(query, i, $"unexpected token: '{c}'");
                }

                tokens.Add(new SoqlToken(TokenKind.Symbol, symbol, i));
                i += symbol.Length;
            }
        }

        tokens.Add(new SoqlToken(TokenKind.End, "<EOF>", query.Length));
        return tokens;
    }

    /// <summary>Resolves the escapes of a text. In a LIKE pattern <c>\%</c> and <c>\_</c> stay escaped for the matcher.</summary>
    public static string Unescape(string query, SoqlToken token, bool pattern)
    {
        if (!token.Raw.Contains('\\', StringComparison.Ordinal))
        {
            return token.Raw;
        }

        var text = new StringBuilder();
        for (var i = 0; i < token.Raw.Length; i++)
        {
            if (token.Raw[i] != '\\')
            {
                text.Append(token.Raw[i]);
                continue;
            }

            var c = i + 1 < token.Raw.Length ? token.Raw[++i] : '\0';
            switch (c)
            {
                case 'n' or 'N': text.Append('\n'); break;
                case 'r' or 'R': text.Append('\r'); break;
                case 't' or 'T': text.Append('\t'); break;
                case 'b' or 'B': text.Append('\b'); break;
                case 'f' or 'F': text.Append('\f'); break;
                case '"' or '\'': text.Append(c); break;
                case '\\': text.Append(pattern ? "\\\\" : "\\"); break;
                case '%' or '_' when pattern: text.Append('\\').Append(c); break;
                case 'u' when i + 4 < token.Raw.Length && ushort.TryParse(token.Raw.AsSpan(i + 1, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var unit):
                    text.Append((char)unit);
                    i += 4;
                    break;
                default: throw SoqlFault.Malformed(query, token.At, $"Illegal character sequence '\\{c}' in string.");
            }
        }

        return text.ToString();
    }
}
