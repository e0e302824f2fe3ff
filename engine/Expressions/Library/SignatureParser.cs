using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Expressions.Library;

/// <summary>
/// Reads a signature as <c>(list: list&lt;T&gt;?, where?: (T) => boolean) -> T?</c>. Our own data, so a mistake in it is a bug and throws.
/// </summary>
internal sealed class SignatureParser(string text)
{
    private int at;

    public static (IReadOnlyList<LibraryParameter> Parameters, SignatureType Result) Parse(string signature)
    {
        var parser = new SignatureParser(signature);
        var parameters = new List<LibraryParameter>();
        if (parser.Take("("))
        {
            while (!parser.Take(")"))
            {
                parameters.Add(parser.Parameter());
                parser.Take(",");
            }

            parser.Expect("->");
        }

        var result = parser.Type();
        return parser.at == signature.Length ? (parameters, result) : throw parser.Wrong("end");
    }

    public static SignatureType ParseType(string type) => new SignatureParser(type).Type();

    private LibraryParameter Parameter()
    {
        var rest = Take("...");
        var name = Word();
        var optional = Take("?");
        Expect(":");
        var start = at;
        var type = Type();
        return new LibraryParameter(name, text[start..at].Trim(), optional || rest) { Parsed = type, IsRest = rest };
    }

    private SignatureType Type()
    {
        var types = new List<SignatureType> { Postfix() };
        while (Take("|"))
        {
            types.Add(Postfix());
        }

        if (types.Count == 1)
        {
            return types[0];
        }

        var nullable = types.Any(t => t is SignatureType.Nullable);
        var one = new SignatureType.OneOf([.. types.Select(t => t is SignatureType.Nullable n ? n.Of : t)]);
        return nullable ? new SignatureType.Nullable(one) : one;
    }

    private SignatureType Postfix()
    {
        var comparable = Take("~");
        var type = Simple();
        if (Take("!"))
        {
            type = new SignatureType.NonNull(type);
        }

        if (Take("?"))
        {
            type = new SignatureType.Nullable(type);
        }

        return comparable ? new SignatureType.Comparable(type) : type;
    }

    private SignatureType Simple()
    {
        if (Take("("))
        {
            return Function();
        }

        if (Take("{"))
        {
            return Object();
        }

        var word = Word();
        if (word == "list")
        {
            Expect("<");
            var item = Type();
            Expect(">");
            return new SignatureType.ListOf(item, Take("+"));
        }

        return word switch
        {
            "any" => new SignatureType.Plain(ExprType.Any),
            "text" => new SignatureType.Plain(ExprType.Text),
            "integer" => new SignatureType.Plain(ExprType.Integer),
            "number" => new SignatureType.Plain(ExprType.Number),
            "boolean" => new SignatureType.Plain(ExprType.Boolean),
            "decimal" => new SignatureType.Plain(ExprType.Decimal),
            "date" => new SignatureType.Plain(ExprType.Date),
            "instant" => new SignatureType.Plain(ExprType.Instant),
            "duration" => new SignatureType.Plain(ExprType.Duration),
            { Length: 1 } => new SignatureType.Variable(word),
            _ => throw Wrong("a type"),
        };
    }

    private SignatureType.Function Function()
    {
        var parameters = new List<SignatureType>();
        while (!Take(")"))
        {
            parameters.Add(Type());
            Take(",");
        }

        Expect("=>");
        return new SignatureType.Function(parameters, Type());
    }

    private SignatureType.ObjectOf Object()
    {
        var fields = new List<(string, SignatureType)>();
        while (!Take("}"))
        {
            var name = Word();
            Expect(":");
            fields.Add((name, Type()));
            Take(",");
        }

        return new SignatureType.ObjectOf(fields);
    }

    private string Word()
    {
        Space();
        var start = at;
        while (at < text.Length && char.IsLetterOrDigit(text[at]))
        {
            at++;
        }

        return at > start ? text[start..at] : throw Wrong("a word");
    }

    private bool Take(string symbol)
    {
        Space();
        if (string.CompareOrdinal(text, at, symbol, 0, symbol.Length) != 0)
        {
            return false;
        }

        at += symbol.Length;
        Space();
        return true;
    }

    private void Expect(string symbol)
    {
        if (!Take(symbol))
        {
            throw Wrong(symbol);
        }
    }

    private void Space()
    {
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }
    }

    private FormatException Wrong(string expected) => new($"The library signature '{text}' needs {expected} at {at}.");
}
