namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>
/// Reads the short notation of members: <c>customerId!:id>customers, priority:text(Low|High)=Low, total:money?, tags:[id], batch:{id:id, name:text?}?</c>.
/// <c>!</c> is required, <c>?</c> may be null, <c>></c> names the kind an id leads to, <c>=</c> is the default.
/// </summary>
internal sealed class Shape
{
    private readonly string _text;
    private int _at;

    private Shape(string text) => _text = text;

    public static IReadOnlyList<Member> Of(string text)
    {
        var shape = new Shape(text);
        var members = shape.Members();
        return shape._at == text.Length ? members : throw shape.Wrong();
    }

    private List<Member> Members()
    {
        List<Member> members = [];
        do
        {
            Blank();
            var name = Word();
            var required = Take('!');
            Expect(':');
            members.Add(Type(name) with { Required = required });
            Blank();
        }
        while (Take(','));
        return members;
    }

    private Member Type(string name)
    {
        Member member;
        if (Take('['))
        {
            member = new Member(name, MemberKind.List) { Item = Type(name) };
            Expect(']');
        }
        else if (Take('{'))
        {
            member = new Member(name, MemberKind.Object) { Members = Members() };
            Expect('}');
        }
        else
        {
            member = Word() switch
            {
                "id" => new Member(name, MemberKind.Id) { Of = Take('>') ? Word() : null },
                "int" => new Member(name, MemberKind.Integer),
                "money" => new Member(name, MemberKind.Money),
                "decimal" => new Member(name, MemberKind.Decimal),
                "real" => new Member(name, MemberKind.Real),
                "text" => new Member(name, MemberKind.Text) { Choices = Take('(') ? Choices() : [] },
                "flag" => new Member(name, MemberKind.Flag),
                "time" => new Member(name, MemberKind.Time),
                "custom" => new Member(name, MemberKind.Custom),
                "named" => new Member(name, MemberKind.Named),
                "external" => new Member(name, MemberKind.External),
                _ => throw Wrong(),
            };
        }

        return member with { Null = Take('?'), Default = Take('=') ? Word() : null };
    }

    private List<string> Choices()
    {
        List<string> choices = [];
        do
        {
            choices.Add(Word());
        }
        while (Take('|'));
        Expect(')');
        return choices;
    }

    private string Word()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '.' or '#' or '-'))
        {
            _at++;
        }

        return _at > start ? _text[start.._at] : throw Wrong();
    }

    private void Blank()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private bool Take(char sign)
    {
        if (_at >= _text.Length || _text[_at] != sign)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Expect(char sign)
    {
        if (!Take(sign))
        {
            throw Wrong();
        }
    }

    private InvalidOperationException Wrong() => new($"The notation of members is wrong at {_at}: {_text[..Math.Min(_at + 20, _text.Length)]}");
}
